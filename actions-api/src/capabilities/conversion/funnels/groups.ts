// How far the persons of a funnel came, everybody and group by group, and what is not told of groups that are too small.
import { type FunnelGroup, OTHER_GROUPS, SMALL_GROUPS, SMALLEST_GROUP } from '@admin-center/contracts/conversion-funnels';
import { type RawBuilder, sql } from 'kysely';
import type { Queryable } from '../../../platform/database.ts';
import { groupOf } from './counts.ts';

/** Groups beyond these are told together. */
const LARGEST_GROUPS = 20;

interface Row {
  readonly everybody: boolean;
  readonly value: string | null;
  readonly step: number;
  readonly users: number;
  readonly pending: number;
  readonly dropped: number;
  readonly median: number | null;
}

/** @param persons rows as of personsOf */
export async function readGroups(database: Queryable, persons: RawBuilder<unknown>, steps: number, split: boolean): Promise<{ total: FunnelGroup; groups: FunnelGroup[] }> {
  const { rows } = await sql<Row>`
    WITH person AS MATERIALIZED (${persons})
    SELECT
      ${split ? sql`grouping(value) = 1` : sql`TRUE`} AS everybody, ${split ? sql`value` : sql`NULL`} AS value, step,
      count(*) FILTER (WHERE depth >= step) AS users,
      count(*) FILTER (WHERE depth = step AND step < ${steps} AND open) AS pending,
      count(*) FILTER (WHERE depth = step AND step < ${steps} AND NOT open) AS dropped,
      extract(epoch FROM percentile_disc(0.5) WITHIN GROUP (ORDER BY reached_at[step] - reached_at[step - 1]) FILTER (WHERE depth >= step AND step > 1))::double precision AS median
    FROM person CROSS JOIN generate_series(1, ${steps}::integer) AS step
    GROUP BY GROUPING SETS ((step) ${split ? sql`, (value, step)` : sql``})
    ORDER BY everybody DESC, value, step
  `.execute(database);
  const total = groupOfRows(null, rows.filter(({ everybody }) => everybody), steps);
  const values = [...new Set(rows.filter(({ everybody }) => !everybody).map(({ value }) => value))];
  const groups = values.map((value) => groupOfRows(value, rows.filter((row) => !row.everybody && row.value === value), steps)).toSorted((a, b) => b.entered - a.entered);
  return { total, groups: told(groups) };
}

function groupOfRows(value: string | null, rows: readonly Row[], steps: number): FunnelGroup {
  const found = Array.from({ length: steps }, (_, index) => rows.find(({ step }) => step === index + 1));
  return groupOf(value, found.map((row) => ({ users: row?.users ?? 0, pending: row?.pending ?? 0, dropped: row?.dropped ?? 0, medianSeconds: row?.median ?? null })));
}

/** Small groups are told as one, and as nothing where even that one is small. Medians of several groups do not add up. */
function told(groups: readonly FunnelGroup[]): FunnelGroup[] {
  const large = groups.filter(({ entered }) => entered >= SMALLEST_GROUP);
  const small = groups.filter(({ entered }) => entered < SMALLEST_GROUP);
  const together = (value: string, some: readonly FunnelGroup[]): FunnelGroup[] =>
    some.length === 0 ? [] : [groupOf(value, (some[0] as FunnelGroup).steps.map((_, index) => ({
      users: sumOf(some, index, 'users'), pending: sumOf(some, index, 'pending'), dropped: sumOf(some, index, 'dropped'), medianSeconds: null,
    })))];
  return [...large.slice(0, LARGEST_GROUPS), ...together(OTHER_GROUPS, large.slice(LARGEST_GROUPS)), ...together(SMALL_GROUPS, small).filter(({ entered }) => entered >= SMALLEST_GROUP)];
}

const sumOf = (groups: readonly FunnelGroup[], index: number, field: 'users' | 'pending' | 'dropped'): number => groups.reduce((sum, { steps }) => sum + (steps[index]?.[field] ?? 0), 0);
