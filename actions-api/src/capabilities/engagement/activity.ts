// Activity by calendar day: DAU, WAU, MAU and stickiness, whole or split. Counts of rollups only.
import type { Activity, ACTIVITY_SPLITS } from '@admin-center/contracts/engagement-answers';
import { sql } from 'kysely';
import type { Queryable } from '../../platform/database.ts';
import { addDays, dayOf, requireRange } from './days.ts';
import { definedBy } from './definitions.ts';

const MOST_SERIES = 12;
/** Fewer users than this could be recognised in a breakdown. */
export const FEWEST_USERS = 5;

type Split = (typeof ACTIVITY_SPLITS)[number];

interface Row {
  readonly value: string;
  readonly day: string;
  readonly dau: number;
  readonly wau: number;
  readonly mau: number;
  readonly daily: number;
}

export async function readActivity(database: Queryable, query: { readonly from: string; readonly to: string; readonly split: Split }, now: Date): Promise<Activity> {
  requireRange(query);
  const today = dayOf(now);
  const to = query.to < today ? query.to : today;
  const rows = query.from > to ? [] : await readRows(database, query.split, query.from, to);
  const series = new Map<string, Row[]>();
  for (const row of rows) {
    series.set(row.value, [...(series.get(row.value) ?? []), row]);
  }
  return {
    definition: await definedBy(database),
    split: query.split,
    series: [...series].map(([value, days]) => ({ value, days: days.map((row) => dayOfSeries(row, query.split, today)) })),
  };
}

/** Stickiness is of complete days (D2). Of a country it is not told: from one day to the next it gives away how many there were. */
function dayOfSeries({ day, dau, wau, mau, daily }: Row, split: Split, today: string): Activity['series'][number]['days'][number] {
  const told = (users: number): number | null => (split === 'country' && users > 0 && users < FEWEST_USERS ? null : users);
  const complete = day < today;
  return { day, complete, dau: told(dau), wau: told(wau), mau: told(mau), stickiness: !complete || mau === 0 || split === 'country' ? null : daily / 30 / mau };
}

async function readRows(database: Queryable, split: Split, from: string, to: string): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    WITH sized AS (
      SELECT v.id, v.value, coalesce((
        SELECT sum(change) FROM admin_center.active_users_change c WHERE c.value = v.id AND c.days = 30 AND c.day <= ${to}::date
      ), 0) AS users
      FROM admin_center.dimension_value v WHERE v.dimension = ${split}
    ),
    shown AS MATERIALIZED (
      SELECT id, value, users FROM sized
      WHERE ${split} = 'all' OR users >= ${FEWEST_USERS}
      ORDER BY users DESC, value LIMIT ${MOST_SERIES}
    ),
    -- From 30 days before, so that each day has its whole mean. What changed earlier is one sum.
    day AS MATERIALIZED (
      SELECT shown.id, shown.value, shown.users, at::date AS day,
        coalesce(d.users, 0) AS dau, coalesce(w.change, 0) AS week, coalesce(m.change, 0) AS month
      FROM shown
      CROSS JOIN generate_series(${from}::date - 30, ${to}::date, interval '1 day') AS at
      LEFT JOIN admin_center.active_users_day d ON d.value = shown.id AND d.day = at::date
      LEFT JOIN admin_center.active_users_change w ON w.value = shown.id AND w.days = 7 AND w.day = at::date
      LEFT JOIN admin_center.active_users_change m ON m.value = shown.id AND m.days = 30 AND m.day = at::date
    ),
    before AS MATERIALIZED (
      SELECT shown.id, coalesce(sum(change) FILTER (WHERE days = 7), 0) AS week, coalesce(sum(change) FILTER (WHERE days = 30), 0) AS month
      FROM shown LEFT JOIN admin_center.active_users_change c ON c.value = shown.id AND c.day < ${from}::date - 30
      GROUP BY shown.id
    ),
    summed AS (
      SELECT day.value, day.users, day.day, day.dau,
        before.week + sum(day.week) OVER life AS wau, before.month + sum(day.month) OVER life AS mau,
        sum(day.dau) OVER (PARTITION BY day.id ORDER BY day.day ROWS 29 PRECEDING) AS daily
      FROM day JOIN before ON before.id = day.id
      WINDOW life AS (PARTITION BY day.id ORDER BY day.day)
    )
    SELECT value, day::text AS day, dau, wau::integer AS wau, mau::integer AS mau, daily::integer AS daily
    FROM summed WHERE day >= ${from}::date
    ORDER BY users DESC, value, day
  `.execute(database);
  return rows;
}

/** The last day that is over. */
export const lastComplete = (now: Date): string => addDays(dayOf(now), -1);
