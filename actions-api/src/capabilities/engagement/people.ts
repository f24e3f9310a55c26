// The users behind the numbers: every bar and cell can be opened. Read from the same state the counts are sums of, so a
// list is as long as its number says.
import type { PersonRow } from '@admin-center/contracts/fields';
import { sql, type RawBuilder } from 'kysely';
import { z } from 'zod';
import { cursorOf, pageOf } from '../../platform/cursor.ts';
import type { Queryable } from '../../platform/database.ts';
import { AppError } from '../../platform/errors.ts';
import { FEWEST_USERS } from './activity.ts';
import { addDays, type Interval, shift } from './days.ts';
import { OWN_DAYS, type RetentionQuery } from './retention-query.ts';

export interface Paged {
  readonly cursor?: string | undefined;
  readonly limit: number;
}
export interface People {
  readonly items: PersonRow[];
  readonly nextCursor: string | null;
}

const personCursor = cursorOf('engagement:people', z.strictObject({ id: z.guid() }));

interface Row {
  readonly id: string;
  readonly email: string | null;
  readonly tier: PersonRow['tier'];
  readonly last_seen_at: Date | null;
}

export const toPerson = ({ id, email, tier, last_seen_at }: Row): PersonRow => ({ id, email, tier, lastSeenAt: last_seen_at?.toISOString() ?? null });

/** @param who gives `person_id`, each once */
export async function listPeople(database: Queryable, who: RawBuilder<unknown>, { cursor, limit }: Paged): Promise<People> {
  const after = cursor === undefined ? null : personCursor.decode(cursor).id;
  const { rows } = await sql<Row>`
    SELECT who.person_id AS id, d.email, coalesce(d.tier, 'free') AS tier, d.last_seen_at
    FROM (${who}) AS who LEFT JOIN admin_center.user_directory d ON d.user_id = who.person_id
    WHERE ${after === null ? sql`TRUE` : sql`who.person_id > ${after}`}
    ORDER BY who.person_id LIMIT ${limit + 1}
  `.execute(database);
  const { items, nextCursor } = pageOf(rows, limit, ({ id }) => personCursor.encode({ id }));
  return { items: items.map(toPerson), nextCursor };
}

const activeBetween = (from: string, to: string): RawBuilder<unknown> => sql`SELECT DISTINCT person_id FROM admin_center.active_day WHERE day BETWEEN ${from}::date AND ${to}::date`;

export async function activeUsers(database: Queryable, query: Paged & { readonly day: string; readonly days: number; readonly split: string; readonly value: string }): Promise<People> {
  const from = addDays(query.day, 1 - query.days);
  if (query.split === 'all') {
    return listPeople(database, activeBetween(from, query.day), query);
  }
  const who = sql`
    SELECT DISTINCT person_id FROM admin_center.active_day
    WHERE day BETWEEN ${from}::date AND ${query.day}::date
      AND "values" && ARRAY(SELECT id FROM admin_center.dimension_value WHERE dimension = ${query.split} AND value = ${query.value})`;
  if (query.split === 'country') {
    await requireEnough(database, who);
  }
  return listPeople(database, who, query);
}

/** A breakdown shows no group so small that its people could be told apart, and neither does the list behind it. */
async function requireEnough(database: Queryable, who: RawBuilder<unknown>): Promise<void> {
  const { rows } = await sql`SELECT FROM (${who}) AS who LIMIT ${FEWEST_USERS}`.execute(database);
  if (rows.length > 0 && rows.length < FEWEST_USERS) {
    throw new AppError('too_few_users', 403, `Fewer than ${FEWEST_USERS} users are behind this number, so it is not broken down.`);
  }
}

export function lifecycleUsers(database: Queryable, query: Paged & { readonly interval: Interval; readonly startsOn: string; readonly state: string }): Promise<People> {
  const { interval, startsOn, state } = query;
  const ends = (start: string) => addDays(shift(interval, start, 1), -1);
  const before = shift(interval, startsOn, -1);
  const here = activeBetween(startsOn, ends(startsOn));
  const previous = activeBetween(before, ends(before));
  const midnight = sql`${startsOn}::date::timestamp AT TIME ZONE 'UTC'`;
  const began = (earlier: boolean) => sql`SELECT person_id FROM admin_center.person WHERE ${earlier ? sql`first_at < ${midnight}` : sql`first_at >= ${midnight}`}`;
  const of: Record<string, RawBuilder<unknown>> = {
    new: sql`(${here}) INTERSECT (${began(false)})`,
    returning: sql`(${here}) INTERSECT (${previous})`,
    resurrected: sql`((${here}) INTERSECT (${began(true)})) EXCEPT (${previous})`,
    dormant: sql`(${previous}) EXCEPT (${here})`,
  };
  return listPeople(database, of[state] as RawBuilder<unknown>, query);
}

/** The members of a cohort who were active in its n-th interval, or in it or later; by the rollup's state. */
export function retentionUsers(database: Queryable, query: Paged & Omit<RetentionQuery, 'cohorts'> & { readonly cohort: string; readonly n: number }): Promise<People> {
  const { basis, interval, mode, cohort, n } = query;
  const utc = (day: string) => sql`${day}::date::timestamp AT TIME ZONE 'UTC'`;
  const members = sql`SELECT person_id, first_at FROM admin_center.person WHERE first_at >= ${utc(cohort)} AND first_at < ${utc(shift(interval, cohort, 1))}`;
  if (basis === 'calendar') {
    const until = mode === 'bounded' ? sql`AND a.day < ${shift(interval, cohort, n + 1)}::date` : sql``;
    return listPeople(database, sql`SELECT m.person_id FROM (${members}) AS m WHERE EXISTS (SELECT FROM admin_center.active_day a WHERE a.person_id = m.person_id AND a.day >= ${shift(interval, cohort, n)}::date ${until})`, query);
  }
  // No interval is shorter than a day, so the first and the last event of each day are enough.
  const step = sql`${OWN_DAYS[interval]}::integer * interval '24 hours'`;
  const within = (at: RawBuilder<unknown>) => sql`(${at} >= m.first_at + ${n}::integer * ${step} ${mode === 'bounded' ? sql`AND ${at} < m.first_at + (${n}::integer + 1) * ${step}` : sql``})`;
  return listPeople(database, sql`SELECT m.person_id FROM (${members}) AS m WHERE EXISTS (SELECT FROM admin_center.active_day a WHERE a.person_id = m.person_id AND (${within(sql`a.first_at`)} OR ${within(sql`a.last_at`)}))`, query);
}
