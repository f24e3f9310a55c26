// The numbers of the pages, asked of the stream and of the rollups. `$day` is the last day of the stream.

export interface Asked {
  readonly what: string;
  readonly naive: string;
  readonly kept: string;
}

const ACTIVE = 'admin_center.event WHERE known AND qualifies';
const from = (days: number): string => `at >= $day::date - ${days - 1} AND at < $day::date + 1`;
const value = (dimension: string): string => `JOIN admin_center.dimension_value d ON d.id = a.value AND d.dimension = '${dimension}'`;
const rolling = (days: number, dimension: string, columns: string): string =>
  `SELECT ${columns} FROM admin_center.active_users_change a ${value(dimension)} WHERE a.days = ${days} AND a.day <= $day::date`;

export const ASKED: readonly Asked[] = [
  {
    what: 'active users of a day',
    naive: `SELECT count(DISTINCT person_id) FROM ${ACTIVE} AND ${from(1)}`,
    kept: `SELECT users FROM admin_center.active_users_day a ${value('all')} WHERE a.day = $day::date`,
  },
  { what: 'active users of 7 days', naive: `SELECT count(DISTINCT person_id) FROM ${ACTIVE} AND ${from(7)}`, kept: rolling(7, 'all', 'sum(change)') },
  { what: 'active users of 30 days', naive: `SELECT count(DISTINCT person_id) FROM ${ACTIVE} AND ${from(30)}`, kept: rolling(30, 'all', 'sum(change)') },
  {
    what: 'active users of a day, 30 points',
    naive: `SELECT (at AT TIME ZONE 'UTC')::date AS day, count(DISTINCT person_id) FROM ${ACTIVE} AND ${from(30)} GROUP BY 1 ORDER BY 1`,
    kept: `SELECT a.day, users FROM admin_center.active_users_day a ${value('all')} WHERE a.day > $day::date - 30 AND a.day <= $day::date ORDER BY 1`,
  },
  {
    what: 'active users of 30 days, 30 points',
    naive: `SELECT g.day::date, (SELECT count(DISTINCT person_id) FROM ${ACTIVE} AND at >= g.day - interval '29 days' AND at < g.day + interval '1 day') FROM generate_series($day::date - interval '29 days', $day::date, '1 day') g(day) ORDER BY 1`,
    kept: `SELECT g.day::date, sum(a.change) FROM generate_series($day::date - interval '29 days', $day::date, '1 day') g(day)
      JOIN (admin_center.active_users_change a ${value('all')}) ON a.days = 30 AND a.day <= g.day GROUP BY 1 ORDER BY 1`,
  },
  {
    what: 'active users of 30 days by country',
    naive: `SELECT country, count(DISTINCT person_id) FROM ${ACTIVE} AND ${from(30)} GROUP BY 1 ORDER BY 1`,
    kept: `${rolling(30, 'country', 'd.value, sum(change)')} GROUP BY 1 HAVING sum(change) <> 0 ORDER BY 1`,
  },
  {
    what: 'active users of a day by platform',
    naive: `SELECT platform, count(DISTINCT person_id) FROM ${ACTIVE} AND ${from(1)} GROUP BY 1 ORDER BY 1`,
    kept: `SELECT d.value, users FROM admin_center.active_users_day a ${value('platform')} WHERE a.day = $day::date ORDER BY 1`,
  },
  {
    what: 'active users of 30 days by version',
    naive: `SELECT app_version, count(DISTINCT person_id) FROM ${ACTIVE} AND ${from(30)} GROUP BY 1 ORDER BY 1`,
    kept: `${rolling(30, 'version', 'd.value, sum(change)')} GROUP BY 1 HAVING sum(change) <> 0 ORDER BY 1`,
  },
  {
    what: 'users of each feature, 30 days',
    naive: `SELECT feature, count(DISTINCT person_id) FROM ${ACTIVE} AND feature IS NOT NULL AND ${from(30)} GROUP BY 1 ORDER BY 1`,
    kept: `${rolling(30, 'feature', 'd.value, sum(change)')} GROUP BY 1 HAVING sum(change) <> 0 ORDER BY 1`,
  },
  {
    what: 'events by name, 1 day',
    naive: `SELECT name, count(*) FROM admin_center.event WHERE ${from(1)} GROUP BY 1 ORDER BY 1`,
    kept: 'SELECT name, sum(events) FROM admin_center.event_count WHERE day = $day::date GROUP BY 1 ORDER BY 1',
  },
  {
    what: 'lifecycle by week, all weeks',
    naive: `WITH active AS (SELECT DISTINCT person_id, date_trunc('week', at AT TIME ZONE 'UTC')::date AS week FROM ${ACTIVE}),
      placed AS (SELECT week, week - lag(week) OVER (PARTITION BY person_id ORDER BY week) AS gap FROM active)
      SELECT week, CASE WHEN gap IS NULL THEN 'new' WHEN gap = 7 THEN 'returning' ELSE 'resurrected' END AS state, count(*) FROM placed GROUP BY 1, 2 ORDER BY 1, 2`,
    kept: `SELECT starts_on, state, users FROM admin_center.lifecycle_count WHERE "interval" = 'week' AND users <> 0 ORDER BY 1, 2`,
  },
  {
    what: 'retention by week, 26 cohorts',
    naive: `WITH active AS (SELECT DISTINCT person_id, date_trunc('week', at AT TIME ZONE 'UTC')::date AS week FROM ${ACTIVE}),
      placed AS (SELECT week, min(week) OVER (PARTITION BY person_id) AS cohort FROM active)
      SELECT cohort, (week - cohort) / 7 AS n, count(*) FROM placed GROUP BY 1, 2 ORDER BY 1, 2`,
    kept: `SELECT cohort, n, active FROM admin_center.retention_count WHERE basis = 'calendar' AND "interval" = 'week' AND active <> 0 ORDER BY 1, 2`,
  },
  {
    what: 'length of sessions, p50 and p90, 7 days',
    naive: `WITH marked AS (SELECT person_id, at, at - lag(at) OVER (PARTITION BY person_id ORDER BY at) <= interval '30 minutes' IS NOT TRUE AS begins FROM ${ACTIVE} AND ${from(8)}),
      numbered AS (SELECT person_id, at, count(*) FILTER (WHERE begins) OVER (PARTITION BY person_id ORDER BY at) AS session FROM marked),
      session AS (SELECT floor(extract(epoch FROM max(at) - min(at)))::integer AS seconds FROM numbered GROUP BY person_id, session HAVING min(at) >= $day::date - 6)
      SELECT percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY seconds) FROM session`,
    kept: `WITH upto AS (SELECT seconds, sum(sum(sessions)) OVER (ORDER BY seconds) AS sessions, sum(sum(sessions)) OVER () AS total FROM admin_center.session_count WHERE day > $day::date - 7 AND day <= $day::date GROUP BY 1)
      SELECT ARRAY[min(seconds) FILTER (WHERE sessions >= 0.5 * total), min(seconds) FILTER (WHERE sessions >= 0.9 * total)] FROM upto`,
  },
];
