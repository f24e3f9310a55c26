// How often flags are evaluated: what hosts report and what OFREP served, by day, variant and reason.
import { FLAG_LABEL_CAP, type FlagDetail, UNKNOWN_FLAG } from '@admin-center/contracts/flags';
import { FLAG_REASONS } from '@admin-center/contracts/flags-definition';
import { sql } from 'kysely';
import type { Queryable, Tx } from '../../platform/database.ts';

/** So many evaluations of a flag that served one variant for one reason. */
export interface EvaluationCount {
  readonly flag: string;
  /** Null for an error. */
  readonly variant: string | null;
  readonly reason: string;
  readonly count: number;
}

const NO_VARIANT = 'none';
/** Flags that have series of their own are the oldest so many, beside `unknown` and `other`. */
const COUNTED_FLAGS = FLAG_LABEL_CAP - 2;

/**
 * Adds to the usage of flags and to their counters, in the transaction of the caller. Nothing that is not a flag, one of its variants
 * or a reason makes a row or a series of its own.
 */
export async function recordEvaluations(tx: Tx, rows: readonly EvaluationCount[]): Promise<void> {
  if (rows.length === 0) {
    return;
  }
  const known = await readVariants(tx, [...new Set(rows.map(({ flag }) => flag))]);
  const totals = new Map<string, EvaluationCount & { readonly variant: string; readonly counted: boolean }>();
  for (const row of rows) {
    const flag = known.get(row.flag);
    const isError = !(FLAG_REASONS as readonly string[]).includes(row.reason) || row.reason === 'ERROR';
    const kept = {
      flag: flag === undefined ? UNKNOWN_FLAG : row.flag,
      variant: !isError && row.variant !== null && flag?.variants.has(row.variant) === true ? row.variant : NO_VARIANT,
      reason: isError ? 'ERROR' : row.reason,
      counted: flag?.counted ?? true,
    };
    const name = `${kept.flag} ${kept.variant} ${kept.reason}`;
    totals.set(name, { ...kept, count: row.count + (totals.get(name)?.count ?? 0) });
  }
  // Always in the same order, so that two writers that add to the same rows do not lock each other out.
  for (const [, { flag, variant, reason, count, counted }] of [...totals].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    await sql`
      INSERT INTO admin_center.flag_usage AS u (flag, day, variant, reason, evaluations, first_at, last_at)
      VALUES (${flag}, (now() AT TIME ZONE 'UTC')::date, ${variant}, ${reason}, ${count}, now(), now())
      ON CONFLICT (flag, day, variant, reason) DO UPDATE
      SET evaluations = u.evaluations + excluded.evaluations, first_at = least(u.first_at, excluded.first_at), last_at = greatest(u.last_at, excluded.last_at)
    `.execute(tx);
    const labels = JSON.stringify({ flag: counted ? flag : 'other', variant, reason: reason.toLowerCase() });
    await sql`SELECT admin_center.tally_add('admincenter_flag_evaluations_total', ${labels}::jsonb, ${count}::bigint)`.execute(tx);
  }
}

interface Known {
  readonly variants: ReadonlySet<string>;
  readonly counted: boolean;
}

async function readVariants(tx: Tx, keys: readonly string[]): Promise<Map<string, Known>> {
  const { rows } = await sql<{ key: string; variants: readonly string[]; counted: boolean }>`
    SELECT f.key, ARRAY(SELECT v ->> 'key' FROM jsonb_array_elements(f.definition -> 'variants') v) AS variants, f.place <= ${COUNTED_FLAGS} AS counted
    FROM (SELECT key, definition, row_number() OVER (ORDER BY created_at, key) AS place FROM admin_center.flag) f
    WHERE f.key = ANY (${keys}::text[])
  `.execute(tx);
  return new Map(rows.map(({ key, variants, counted }) => [key, { variants: new Set(variants), counted }]));
}

export async function readUsage(database: Queryable, key: string): Promise<FlagDetail['usage']> {
  const { rows } = await sql<{ day: string; variant: string; reason: (typeof FLAG_REASONS)[number]; evaluations: number; first_at: Date; last_at: Date }>`
    SELECT day::text AS day, variant, reason, evaluations, first_at, last_at
    FROM admin_center.flag_usage WHERE flag = ${key} AND day > (now() AT TIME ZONE 'UTC')::date - 30 ORDER BY day, variant, reason
  `.execute(database);
  const { rows: [ever] } = await sql<{ first_at: Date | null; last_at: Date | null }>`
    SELECT min(first_at) AS first_at, max(last_at) AS last_at FROM admin_center.flag_usage WHERE flag = ${key}
  `.execute(database);
  const variants = new Map<string, { evaluations: number; lastEvaluatedAt: string }>();
  for (const { variant, evaluations, last_at } of rows) {
    const known = variants.get(variant);
    const at = last_at.toISOString();
    variants.set(variant, { evaluations: evaluations + (known?.evaluations ?? 0), lastEvaluatedAt: known === undefined || at > known.lastEvaluatedAt ? at : known.lastEvaluatedAt });
  }
  return {
    firstEvaluatedAt: ever?.first_at?.toISOString() ?? null,
    lastEvaluatedAt: ever?.last_at?.toISOString() ?? null,
    variants: [...variants].map(([variant, counts]) => ({ variant, ...counts })),
    days: rows.map(({ day, variant, reason, evaluations }) => ({ day, variant, reason, evaluations })),
  };
}
