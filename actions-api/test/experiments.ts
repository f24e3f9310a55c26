// A running experiment for a test, with the sums its results are computed from.
import { randomUUID } from 'node:crypto';
import { flagDefinition, type FlagDefinitionInput } from '@admin-center/contracts/flags-definition';
import type pg from 'pg';
import type { TestApi } from './api.ts';

const DAY_MS = 86_400_000;

export interface MadeExperiment {
  readonly id: number;
  readonly flag: string;
  readonly startedAt: Date;
}

export interface ExperimentOptions {
  readonly plan?: Partial<NonNullable<FlagDefinitionInput['experiment']>>;
  readonly definition?: Partial<FlagDefinitionInput>;
  readonly startedDaysAgo?: number;
  readonly stoppedDaysAgo?: number;
}

export async function makeExperiment(pool: pg.Pool, { plan = {}, definition = {}, startedDaysAgo = 10, stoppedDaysAgo }: ExperimentOptions = {}): Promise<MadeExperiment> {
  const flag = `flag-${randomUUID().slice(0, 8)}`;
  const whole = flagDefinition.parse({
    name: 'Checkout layout', type: 'string', variants: [{ key: 'control', value: 'long' }, { key: 'short', value: 'short' }, { key: 'tiny', value: 'tiny' }], offVariant: 'control', defaultVariant: 'control', ...definition,
    experiment: { hypothesis: 'A shorter checkout makes more people finish it.', metric: 'event:Subscription Started', weights: [{ variant: 'control', weight: 1 }, { variant: 'short', weight: 1 }], plannedN: 1_000, ...plan },
  });
  const startedAt = new Date(Date.now() - startedDaysAgo * DAY_MS);
  const stoppedAt = stoppedDaysAgo === undefined ? null : new Date(Date.now() - stoppedDaysAgo * DAY_MS);
  await pool.query('INSERT INTO admin_center.flag (key, salt, state, definition, experiment_state, experiment_started_at, experiment_stopped_at) VALUES ($1, $1, \'on\', $2, $3, $4, $5)', [
    flag, JSON.stringify(whole), stoppedAt === null ? 'running' : 'stopped', startedAt, stoppedAt,
  ]);
  const { rows: [row] } = await pool.query<{ id: number }>('SELECT id FROM admin_center.experiment WHERE flag = $1', [flag]);
  return { id: row?.id as number, flag, startedAt };
}

export interface AddedDay {
  readonly users: number;
  readonly y?: number;
  readonly crossed?: number;
  /** Converted before as well: for CUPED. */
  readonly p?: number;
  readonly py?: number;
}

/** What a day after the start added to a variant, of an outcome that is 0 or 1. */
export async function addDay(pool: pg.Pool, { id, startedAt }: MadeExperiment, variant: string, day: number, { users, y = 0, crossed = 0, p = 0, py = 0 }: AddedDay): Promise<void> {
  await pool.query('INSERT INTO admin_center.experiment_day (experiment, variant, day, users, crossed, y, yy, p, pp, py) VALUES ($1, $2, $3, $4, $5, $6::integer, $6::integer, $7::integer, $7::integer, $8)', [
    id, variant, new Date(startedAt.getTime() + day * DAY_MS).toISOString().slice(0, 10), users, crossed, y, p, py,
  ]);
}

export async function expose(pool: pg.Pool, { id, startedAt }: MadeExperiment, variant: string, person: string, { known = true, tier = 'free', minutes = 1 } = {}): Promise<void> {
  await pool.query("INSERT INTO admin_center.exposure (person_id, experiment, variant, first_at, known, others, value_before, tier, country, platform) VALUES ($1, $2, $3, $4, $5, '{}', 0, $6, 'DE', 'web')", [
    person, id, variant, new Date(startedAt.getTime() + minutes * 60_000), known, tier,
  ]);
}

/** Requests to the endpoints of experiments that succeed. */
export const experimentSamples = {
  experiments: async () => ({}),
  experiment: async ({ db }: TestApi) => ({ params: { flag: (await makeExperiment(db.pool)).flag } }),
  experimentBreakdown: async ({ db }: TestApi) => ({ params: { flag: (await makeExperiment(db.pool)).flag }, query: { by: 'tier' } }),
  experimentUsers: async ({ db }: TestApi) => ({ params: { flag: (await makeExperiment(db.pool)).flag }, query: { variant: 'control' } }),
};
