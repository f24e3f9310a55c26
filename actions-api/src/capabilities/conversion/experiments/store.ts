// Where results of experiments come from: the frozen plan, the sums by day, and what guardrails said. Nothing is written.
import type { EXPERIMENT_BREAKDOWNS } from '@admin-center/contracts/conversion-experiments';
import { flagExperimentPlan } from '@admin-center/contracts/flags-definition';
import { sql } from 'kysely';
import type { Queryable } from '../../../platform/database.ts';
import { notFound } from '../../../platform/errors.ts';
import type { Experiment } from './experiment.ts';
import type { DayRow } from './series.ts';

interface ExperimentRow {
  readonly id: number;
  readonly flag: string;
  readonly name: string;
  readonly run: number;
  readonly started_at: Date;
  readonly stopped_at: Date | null;
  readonly plan: unknown;
  readonly control: string;
  readonly variants: readonly string[];
  readonly metric_kind: Experiment['metricKind'];
  readonly metric_name: string | null;
}

const experimentOf = (row: ExperimentRow): Experiment => ({
  id: row.id, flag: row.flag, name: row.name, run: row.run, startedAt: row.started_at, stoppedAt: row.stopped_at,
  plan: flagExperimentPlan.parse(row.plan), control: row.control, variants: row.variants, metricKind: row.metric_kind, metricName: row.metric_name,
  // Host views give money in hundredths, whatever the currency.
  unit: row.metric_kind === 'revenue' ? 100 : 1,
});

const COLUMNS = sql`e.id, e.flag, coalesce(f.definition ->> 'name', e.flag) AS name, e.run, e.started_at, e.stopped_at, e.plan, e.control, e.variants, e.metric_kind, e.metric_name`;

/** The newest run of each flag, newest start first. */
export async function readExperiments(database: Queryable, { running = false } = {}): Promise<readonly Experiment[]> {
  const { rows } = await sql<ExperimentRow>`
    SELECT * FROM (SELECT DISTINCT ON (e.flag) ${COLUMNS} FROM admin_center.experiment e JOIN admin_center.flag f ON f.key = e.flag ORDER BY e.flag, e.run DESC) AS newest
    WHERE ${running ? sql`stopped_at IS NULL` : sql`TRUE`} ORDER BY started_at DESC, flag
  `.execute(database);
  return rows.map(experimentOf);
}

/** Every run of a flag's experiment, newest first. @throws AppError 404 */
export async function readRuns(database: Queryable, flag: string): Promise<readonly Experiment[]> {
  const { rows } = await sql<ExperimentRow>`SELECT ${COLUMNS} FROM admin_center.experiment e JOIN admin_center.flag f ON f.key = e.flag WHERE e.flag = ${flag} ORDER BY e.run DESC`.execute(database);
  if (rows.length === 0) {
    throw notFound('experiment that was started on this flag');
  }
  return rows.map(experimentOf);
}

/** @param run undefined: the newest @throws AppError 404 */
export async function readExperiment(database: Queryable, flag: string, run: number | undefined): Promise<Experiment> {
  const runs = await readRuns(database, flag);
  const found = run === undefined ? runs[0] : runs.find((each) => each.run === run);
  if (found === undefined) {
    throw notFound('run of this experiment');
  }
  return found;
}

/** By experiment, in the order of days. */
export async function readDays(database: Queryable, experiments: readonly number[]): Promise<ReadonlyMap<number, readonly DayRow[]>> {
  const { rows } = await sql<DayRow & { readonly experiment: number }>`
    SELECT experiment, variant, day::text AS day, users, crossed, y::double precision AS y, yy::double precision AS yy, p::double precision AS p, pp::double precision AS pp, py::double precision AS py
    FROM admin_center.experiment_day WHERE experiment = ANY (${experiments}::integer[]) ORDER BY day, variant
  `.execute(database);
  return Map.groupBy(rows, ({ experiment }) => experiment);
}

export interface GuardrailRow {
  readonly guardrail: string;
  readonly at: Date;
  readonly state: 'ok' | 'hold' | 'violation';
  readonly message: string;
  readonly during: boolean;
}

/** What each guardrail of the flag said last, since the experiment started and until it stopped, and before that. */
export async function readGuardrails(database: Queryable, { flag, startedAt, stoppedAt }: Experiment): Promise<readonly GuardrailRow[]> {
  const { rows } = await sql<GuardrailRow>`
    SELECT DISTINCT ON (guardrail, during) guardrail, at, state, message, during
    FROM (SELECT *, at >= ${startedAt}::timestamptz AS during FROM admin_center.guardrail_evaluation WHERE flag = ${flag} AND at < coalesce(${stoppedAt}::timestamptz, 'infinity')) AS said
    ORDER BY guardrail, during, id DESC
  `.execute(database);
  return rows;
}

export interface BreakdownRow {
  readonly value: string;
  readonly variant: string;
  readonly users: number;
  readonly mean: number;
}

/** On demand, from the persons themselves. */
export async function readBreakdown(database: Queryable, { id, unit }: Experiment, by: (typeof EXPERIMENT_BREAKDOWNS)[number]): Promise<readonly BreakdownRow[]> {
  const { rows } = await sql<BreakdownRow>`
    SELECT ${sql.ref(`e.${by}`)} AS value, e.variant, count(*)::integer AS users, coalesce(sum(o.value), 0)::double precision / count(*) / ${unit}::double precision AS mean
    FROM admin_center.exposure e
    LEFT JOIN (SELECT person_id, sum(value) AS value FROM admin_center.experiment_outcome WHERE experiment = ${id} GROUP BY person_id) AS o ON o.person_id = e.person_id
    WHERE e.experiment = ${id} GROUP BY 1, 2 ORDER BY sum(count(*)) OVER (PARTITION BY ${sql.ref(`e.${by}`)}) DESC, 1, 2
  `.execute(database);
  return rows;
}
