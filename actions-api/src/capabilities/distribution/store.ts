// SQL of distribution. Without a filter everything comes from counts; with one, from the active days of users.
import { LEAST_USERS } from '@admin-center/contracts/distribution';
import { DIMENSIONS, type Dimension, NO_COUNTRY } from '@admin-center/contracts/distribution-places';
import { type RawBuilder, sql } from 'kysely';
import type { Queryable } from '../../platform/database.ts';
import { type Days, daysIn } from './days.ts';

export interface Cell {
  readonly dimension: Dimension;
  readonly value: string;
}

/** Neither names a place, so they are numbers whatever their size. */
const NAMELESS: readonly string[] = ['other', ...NO_COUNTRY];

/** What everybody has one of, out of a handful, names nobody. */
const NAMES_NOBODY: ReadonlySet<Dimension> = new Set(['platform', 'device', 'os', 'browser', 'feature']);

/** Whether a cell is shown by itself. Within a filter any small one is kept back: what is common names somebody among few. */
export const isTold = ({ dimension, value }: Cell, users: number, filtered: boolean): boolean =>
  users >= LEAST_USERS || (!filtered && (NAMES_NOBODY.has(dimension) || NAMELESS.includes(value)));

export interface CellCount extends Cell {
  readonly users: number;
}

export function cellOf(text: string): Cell {
  const split = text.indexOf(':');
  return { dimension: text.slice(0, split) as Dimension, value: text.slice(split + 1) };
}

const withinWindow = ({ day, window }: Days): RawBuilder<unknown> => sql`a.day > ${day}::date - ${daysIn(window)}::integer AND a.day <= ${day}::date`;
const idOf = ({ dimension, value }: { readonly dimension: string; readonly value: string }): RawBuilder<unknown> =>
  sql`(SELECT id FROM admin_center.dimension_value WHERE dimension = ${dimension} AND value = ${value})`;

/**
 * Active users of values as of a day. Costs months and values, not users or events.
 * @param values of dimension_value `v`
 */
function countsOf({ day, window }: Days, values: RawBuilder<unknown>): RawBuilder<CellCount> {
  if (window === '1d') {
    return sql`SELECT v.dimension, v.value, a.users FROM admin_center.dimension_value v JOIN admin_center.active_users_day a ON a.value = v.id AND a.day = ${day}::date WHERE a.users > 0 AND ${values}`;
  }
  return sql`
    SELECT v.dimension, v.value, sum(s.change)::integer AS users
    FROM admin_center.dimension_value v
    CROSS JOIN LATERAL (
      SELECT m.change FROM admin_center.active_users_month m WHERE m.value = v.id AND m.days = ${daysIn(window)} AND m.month < date_trunc('month', ${day}::timestamp)::date
      UNION ALL
      SELECT c.change FROM admin_center.active_users_change c WHERE c.value = v.id AND c.days = ${daysIn(window)} AND c.day >= date_trunc('month', ${day}::timestamp)::date AND c.day <= ${day}::date
    ) s
    WHERE ${values}
    GROUP BY 1, 2 HAVING sum(s.change) > 0`;
}

export async function readCells(database: Queryable, days: Days): Promise<CellCount[]> {
  const { rows } = await countsOf(days, sql`v.dimension = ANY (${DIMENSIONS}::text[])`).execute(database);
  return rows;
}

export async function readTotal(database: Queryable, days: Days): Promise<number> {
  const { rows } = await countsOf(days, sql`v.dimension = 'all'`).execute(database);
  return rows[0]?.users ?? 0;
}

export async function readRegions(database: Queryable, days: Days, country: string): Promise<CellCount[]> {
  const { rows } = await countsOf(days, sql`v.dimension = 'region' AND v.value LIKE ${`${country}-%`}`).execute(database);
  return rows;
}

export async function readCell(database: Queryable, days: Days, cell: Cell): Promise<number> {
  const { rows } = await countsOf(days, sql`v.dimension = ${cell.dimension} AND v.value = ${cell.value}`).execute(database);
  return rows[0]?.users ?? 0;
}

/** Users of a cell by what else they were on the same days. Many are the same on all their days, and are taken apart once. */
export async function readCellsWithin(database: Queryable, days: Days, filter: Cell): Promise<{ readonly total: number; readonly cells: CellCount[] }> {
  const { rows } = await sql<CellCount>`
    WITH matched AS MATERIALIZED (
      SELECT DISTINCT a.person_id, a."values" FROM admin_center.active_day a WHERE ${withinWindow(days)} AND a."values" @> ARRAY[${idOf(filter)}]
    ), counted AS (
      SELECT pair.id, count(*)::integer AS users FROM (SELECT DISTINCT m.person_id, u.id FROM matched m CROSS JOIN LATERAL unnest(m."values") AS u (id)) AS pair GROUP BY 1
    )
    SELECT v.dimension, v.value, c.users FROM counted c JOIN admin_center.dimension_value v ON v.id = c.id
    WHERE v.dimension = ANY (${['all', ...DIMENSIONS]}::text[])
  `.execute(database);
  const total = rows.find(({ dimension }) => (dimension as string) === 'all')?.users ?? 0;
  // A region of another country is where the same user was on the same day; it says nothing of this one.
  const own = rows.filter(({ dimension, value }) => (dimension as string) !== 'all' && !(filter.dimension === 'country' && dimension === 'region' && !value.startsWith(`${filter.value}-`)));
  return { total, cells: own };
}

export async function countWithin(database: Queryable, days: Days, cells: readonly Cell[]): Promise<number> {
  const { rows } = await sql<{ users: number }>`
    SELECT count(DISTINCT a.person_id)::integer AS users FROM admin_center.active_day a WHERE ${withinWindow(days)} AND ${inAll(cells)}
  `.execute(database);
  return rows[0]?.users ?? 0;
}

export interface Person {
  readonly id: string;
  readonly email: string | null;
  readonly tier: 'free' | 'premium' | 'enterprise' | null;
  readonly last_seen_at: Date | null;
}

export async function readPersons(database: Queryable, days: Days, cells: readonly Cell[], after: string | null, limit: number): Promise<Person[]> {
  const { rows } = await sql<Person>`
    SELECT found.person_id AS id, d.email, d.tier, d.last_seen_at
    FROM (
      SELECT DISTINCT a.person_id FROM admin_center.active_day a
      WHERE ${withinWindow(days)} AND ${inAll(cells)} AND (${after}::uuid IS NULL OR a.person_id > ${after}::uuid)
      ORDER BY 1 LIMIT ${limit}
    ) AS found
    LEFT JOIN admin_center.user_directory d ON d.user_id = found.person_id
    ORDER BY 1
  `.execute(database);
  return rows;
}

/** A value that nobody ever had matches nobody. */
const inAll = (cells: readonly Cell[]): RawBuilder<unknown> => sql.join(cells.map((cell) => sql`a."values" @> ARRAY[${idOf(cell)}]`), sql` AND `);

interface SeriesQuery {
  readonly dimension: Dimension;
  readonly window: Days['window'];
  readonly from: string;
  readonly to: string;
  readonly limit: number;
}

/** By value and day, for the values with the most users on the last day. */
export async function readSeries(database: Queryable, { dimension, window, from, to, limit }: SeriesQuery) {
  const values = sql`v.dimension = ${dimension}`;
  const { rows: last } = await countsOf({ day: to, window }, values).execute(database);
  const top = last.filter(({ users }) => users >= LEAST_USERS).toSorted((one, other) => other.users - one.users || (one.value < other.value ? -1 : 1)).slice(0, limit);
  const { rows: first } = await countsOf({ day: from, window }, values).execute(database);
  const changes = await readChanges(database, { dimension, window, from, to, limit }, top.map(({ value }) => value));
  const days = Array.from({ length: (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1 }, (_, index) => new Date(Date.parse(from) + index * 86_400_000).toISOString().slice(0, 10));
  const series = top.map(({ value }) => {
    let level = first.find((row) => row.value === value)?.users ?? 0;
    return {
      value,
      users: days.map((day, index) => {
        const change = changes.get(`${value} ${day}`) ?? 0;
        // Of windows of one day the numbers themselves are kept, of longer ones what changes.
        level = index === 0 ? level : window === '1d' ? change : level + change;
        return level === 0 || isTold({ dimension, value }, level, false) ? level : null;
      }),
    };
  });
  return { days, series };
}

async function readChanges(database: Queryable, { dimension, window, from, to }: SeriesQuery, values: readonly string[]): Promise<Map<string, number>> {
  const counts = window === '1d' ? sql`SELECT value, day, users AS change FROM admin_center.active_users_day` : sql`SELECT value, day, change FROM admin_center.active_users_change WHERE days = ${daysIn(window)}`;
  const { rows } = await sql<{ value: string; day: string; change: number }>`
    SELECT v.value, c.day::text AS day, c.change FROM (${counts}) AS c JOIN admin_center.dimension_value v ON v.id = c.value
    WHERE v.dimension = ${dimension} AND v.value = ANY (${[...values]}::text[]) AND c.day > ${from}::date AND c.day <= ${to}::date
  `.execute(database);
  return new Map(rows.map(({ value, day, change }) => [`${value} ${day}`, change]));
}
