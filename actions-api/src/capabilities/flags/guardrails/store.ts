// Where ramps and evaluations are kept.
import type { GuardrailResult } from '@admin-center/contracts/flags-ramp';
import { sql } from 'kysely';
import type { Queryable, Tx } from '../../../platform/database.ts';
import type { Finding, Ramp, Step } from './ramp.ts';

/** Of each guardrail. */
const KEPT = 200;

interface RampRow {
  readonly flag: string;
  readonly state: Ramp['state'];
  readonly variant: string;
  readonly steps: readonly Step[];
  readonly step: number;
  readonly approved_step: number;
  readonly step_started_at: Date;
  readonly held_ms: number;
  readonly percentage_before: number;
  readonly suspected: readonly string[];
  readonly evaluated_at: Date | null;
  readonly message: string | null;
  readonly breached_by: string | null;
}

const rampOf = (row: RampRow): Ramp => ({
  state: row.state, variant: row.variant, steps: row.steps, step: row.step, approvedStep: row.approved_step, stepStartedAt: row.step_started_at, heldMs: row.held_ms,
  percentageBefore: row.percentage_before, suspected: row.suspected, evaluatedAt: row.evaluated_at, message: row.message, breachedBy: row.breached_by,
});

export async function readRamp(database: Queryable, flag: string): Promise<Ramp | null> {
  const { rows } = await sql<RampRow>`SELECT * FROM admin_center.flag_ramp WHERE flag = ${flag}`.execute(database);
  return rows[0] === undefined ? null : rampOf(rows[0]);
}

/** Keys of the flags whose guardrails are to be evaluated: those that were not since `after`. */
export async function readGuarded(database: Queryable, after: Date): Promise<readonly string[]> {
  const { rows } = await sql<{ flag: string }>`
    SELECT flag FROM admin_center.flag_ramp
    WHERE state IN ('running', 'held', 'waiting', 'paused') AND (evaluated_at IS NULL OR evaluated_at <= ${after}) ORDER BY flag
  `.execute(database);
  return rows.map(({ flag }) => flag);
}

export async function writeRamp(tx: Tx, flag: string, ramp: Ramp): Promise<void> {
  await sql`
    INSERT INTO admin_center.flag_ramp (
      flag, state, variant, steps, step, approved_step, step_started_at, held_ms, percentage_before, suspected, evaluated_at, message, breached_by
    ) VALUES (
      ${flag}, ${ramp.state}, ${ramp.variant}, ${JSON.stringify(ramp.steps)}::jsonb, ${ramp.step}, ${ramp.approvedStep}, ${ramp.stepStartedAt}, ${Math.round(ramp.heldMs)},
      ${ramp.percentageBefore}, ${ramp.suspected}, ${ramp.evaluatedAt}, ${ramp.message}, ${ramp.breachedBy}
    )
    ON CONFLICT (flag) DO UPDATE SET
      state = excluded.state, variant = excluded.variant, steps = excluded.steps, step = excluded.step, approved_step = excluded.approved_step,
      step_started_at = excluded.step_started_at, held_ms = excluded.held_ms, percentage_before = excluded.percentage_before,
      suspected = excluded.suspected, evaluated_at = excluded.evaluated_at, message = excluded.message, breached_by = excluded.breached_by
  `.execute(tx);
}

export async function keepFindings(tx: Tx, flag: string, findings: readonly Finding[], at: Date): Promise<void> {
  for (const { guardrail, state, query, value, sample, why } of findings) {
    await sql`
      INSERT INTO admin_center.guardrail_evaluation (flag, guardrail, at, state, query, value, sample, message)
      VALUES (${flag}, ${guardrail}, ${at}, ${state}, ${query}, ${value}, ${sample}, ${why})
    `.execute(tx);
    await sql`
      DELETE FROM admin_center.guardrail_evaluation
      WHERE flag = ${flag} AND guardrail = ${guardrail} AND id <= (
        SELECT id FROM admin_center.guardrail_evaluation WHERE flag = ${flag} AND guardrail = ${guardrail} ORDER BY id DESC OFFSET ${KEPT} LIMIT 1
      )
    `.execute(tx);
  }
}

interface EvaluationRow {
  readonly guardrail: string;
  readonly at: Date;
  readonly state: GuardrailResult['state'];
  readonly query: string;
  readonly value: number | null;
  readonly sample: number | null;
  readonly message: string;
}

/** JSON has no infinity; the message tells it. */
const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);
const resultOf = ({ at, value, sample, ...row }: EvaluationRow): GuardrailResult => ({ ...row, value: finite(value), sample: finite(sample), at: at.toISOString() });

/** Newest first. @param guardrail null: of all */
export async function readHistory(database: Queryable, flag: string, guardrail: string | null, limit: number): Promise<GuardrailResult[]> {
  const { rows } = await sql<EvaluationRow>`
    SELECT guardrail, at, state, query, value, sample, message FROM admin_center.guardrail_evaluation
    WHERE flag = ${flag} AND (${guardrail}::text IS NULL OR guardrail = ${guardrail}) ORDER BY id DESC LIMIT ${limit}
  `.execute(database);
  return rows.map(resultOf);
}

/** The newest of each guardrail, by name. */
export async function readNewest(database: Queryable, flag: string): Promise<GuardrailResult[]> {
  const { rows } = await sql<EvaluationRow>`
    SELECT DISTINCT ON (guardrail) guardrail, at, state, query, value, sample, message FROM admin_center.guardrail_evaluation
    WHERE flag = ${flag} ORDER BY guardrail, id DESC
  `.execute(database);
  return rows.map(resultOf);
}
