// Flags as lists and pages show them, put together from what is stored, planned, counted and ramped.
import { FLAG_LIFECYCLES, type FlagDetail, type FlagSummary } from '@admin-center/contracts/flags';
import { sql } from 'kysely';
import { z } from 'zod';
import { cursorOf, pageOf } from '../../platform/cursor.ts';
import type { Queryable } from '../../platform/database.ts';
import { dependentsOf } from './check.ts';
import { readRampStatus } from './guardrails/status.ts';
import { readPlans } from './planned-store.ts';
import { readFlag, readFlags, type StoredFlag } from './store.ts';
import { readUsage } from './usage.ts';
import { actorOf } from './versions.ts';

type Lifecycle = (typeof FLAG_LIFECYCLES)[number];

interface LifeRow {
  readonly key: string;
  readonly lifecycle: Lifecycle;
  readonly stale: 'not_evaluated' | 'one_variant' | null;
  readonly last_evaluated_at: Date | null;
  readonly recent_evaluations: number;
  readonly ramp_state: FlagSummary['ramp'];
}

async function readLives(database: Queryable, key: string | null): Promise<Map<string, LifeRow>> {
  const { rows } = await sql<LifeRow>`
    SELECT l.key, l.lifecycle, l.stale, l.last_evaluated_at, l.recent_evaluations, r.state AS ramp_state
    FROM admin_center.flag_life l LEFT JOIN admin_center.flag_ramp r ON r.flag = l.key
    WHERE ${key}::text IS NULL OR l.key = ${key}
  `.execute(database);
  return new Map(rows.map((row) => [row.key, row]));
}

const base = (flag: StoredFlag, life: LifeRow) => ({
  key: flag.key, name: flag.definition.name, description: flag.definition.description, type: flag.definition.type, state: flag.state, lifecycle: life.lifecycle,
  public: flag.definition.public, permanent: flag.definition.permanent, version: flag.version, percentage: flag.definition.rollout?.percentage ?? null,
  lastEvaluatedAt: life.last_evaluated_at?.toISOString() ?? null, createdAt: flag.createdAt.toISOString(), updatedAt: flag.updatedAt.toISOString(),
});

const STALE_REASONS = { not_evaluated: 'It was not evaluated for 14 days.', one_variant: 'It has served one variant alone for 30 days.' } as const;

/** @throws AppError 404 */
export async function readDetail(database: Queryable, key: string): Promise<FlagDetail> {
  const flag = await readFlag(database, key);
  const lives = await readLives(database, key);
  const life = lives.get(key) as LifeRow;
  const { rows: [author] } = await sql<{ subject: string; email: string | null }>`
    SELECT v.actor_subject AS subject, a.email FROM admin_center.flag_version v LEFT JOIN admin_center.account a ON a.user_id = v.actor_id
    WHERE v.flag = ${key} AND v.version = ${flag.version}
  `.execute(database);
  return {
    ...base(flag, life),
    salt: flag.salt,
    definition: flag.definition,
    ramp: await readRampStatus(database, key, flag.definition),
    experiment: flag.experimentState === null ? null : { state: flag.experimentState, startedAt: flag.experimentStartedAt?.toISOString() ?? null, stoppedAt: flag.experimentStoppedAt?.toISOString() ?? null },
    usage: await readUsage(database, key),
    planned: await readPlans(database, key),
    dependents: dependentsOf(key, await readFlags(database)),
    updatedBy: actorOf(author?.subject ?? 'system:unknown', author?.email ?? null),
    staleReason: life.stale === null ? null : STALE_REASONS[life.stale],
  };
}

export interface FlagFilter {
  readonly q?: string | undefined;
  readonly lifecycle?: Lifecycle | undefined;
  readonly experiments: boolean;
  readonly keys?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

interface FlagList {
  items: FlagSummary[];
  nextCursor: string | null;
  lifecycles: Record<Lifecycle, number>;
}

const cursor = cursorOf('flags:key', z.string().max(63));

/** Flags are a few hundred, so they are filtered here. Archived ones are shown when they are asked for. */
export async function listFlags(database: Queryable, filter: FlagFilter): Promise<FlagList> {
  const [flags, lives] = [await readFlags(database), await readLives(database, null)];
  const words = filter.q?.toLowerCase().split(/\s+/).filter((word) => word !== '') ?? [];
  const keys = filter.keys?.split(',').map((key) => key.trim()).filter((key) => key !== '') ?? [];
  const found = flags.filter(({ key, definition: { name, description, experiment } }) => {
    const text = `${key} ${name} ${description}`.toLowerCase();
    return words.every((word) => text.includes(word)) && (!filter.experiments || experiment !== null) && (keys.length === 0 || keys.includes(key));
  });
  const stageOf = ({ key }: StoredFlag): Lifecycle => (lives.get(key) as LifeRow).lifecycle;
  const lifecycles = Object.fromEntries(FLAG_LIFECYCLES.map((stage) => [stage, found.filter((flag) => stageOf(flag) === stage).length])) as Record<Lifecycle, number>;
  const after = filter.cursor === undefined ? '' : cursor.decode(filter.cursor);
  const rest = found.filter((flag) => (filter.lifecycle === undefined ? stageOf(flag) !== 'archived' : stageOf(flag) === filter.lifecycle) && flag.key > after);
  const page = pageOf(rest.slice(0, filter.limit + 1), filter.limit, (last) => cursor.encode(last.key));
  return { items: page.items.map((flag) => summaryOf(flag, lives.get(flag.key) as LifeRow)), nextCursor: page.nextCursor, lifecycles };
}

const summaryOf = (flag: StoredFlag, life: LifeRow): FlagSummary => ({
  ...base(flag, life),
  variants: flag.definition.variants.map(({ key }) => key),
  ramp: life.ramp_state ?? (flag.definition.ramp === null ? null : 'idle'),
  experiment: flag.experimentState,
  evaluations24h: life.recent_evaluations,
});
