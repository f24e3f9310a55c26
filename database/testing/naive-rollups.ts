// What every count must be, asked of the stream in the plainest way: the oracle of the rollups' tests.

/** The stream as it would be had every link been known when the events arrived, from copies that no rollup touches. */
export const NAIVE_EVENT = `
  CREATE TABLE original_event (LIKE admin_center.event INCLUDING DEFAULTS);
  CREATE VIEW naive_event AS
  SELECT o.at, (o.at AT TIME ZONE 'UTC')::date AS day, coalesce(l.user_id, o.person_id) AS person_id, o.type, o.name, o.feature, o.tier, o.country, o.region, o.platform,
    o.device, o.os, o.browser, o.app_version, o.message_id, o.known OR l.user_id IS NOT NULL AS known,
    CASE WHEN l.user_id IS NULL THEN o.qualifies ELSE o.type = 'track' AND o.name <> 'Heartbeat' END AS qualifies
  FROM original_event o LEFT JOIN admin_center.person_link l ON l.anonymous_id = o.person_id;
  CREATE VIEW naive_active AS SELECT * FROM naive_event WHERE known AND qualifies;
  CREATE VIEW naive_value AS
  SELECT DISTINCT e.person_id, e.day, v.dimension || '=' || v.value AS value
  FROM naive_active e
  CROSS JOIN LATERAL (VALUES ('all', 'all'), ('tier', tier), ('country', country), ('region', region), ('platform', platform), ('device', device), ('os', os), ('browser', browser),
    ('client', os || '|' || browser), ('version', app_version), ('feature', feature), ('feature_tier', feature || '|' || tier)) v(dimension, value)
  WHERE v.value IS NOT NULL;
  CREATE VIEW naive_interval AS
  SELECT DISTINCT e.person_id, i."interval", date_trunc(i."interval", e.at AT TIME ZONE 'UTC')::date AS starts_on, date_trunc(i."interval", f.at AT TIME ZONE 'UTC')::date AS cohort
  FROM naive_active e JOIN (SELECT person_id, min(at) AS at FROM naive_active GROUP BY 1) f USING (person_id)
  CROSS JOIN (VALUES ('day'), ('week'), ('month')) i("interval");
  CREATE VIEW naive_return AS
  SELECT person_id, 'calendar' AS basis, "interval", cohort, CASE "interval" WHEN 'day' THEN starts_on - cohort WHEN 'week' THEN (starts_on - cohort) / 7
    ELSE (extract(year FROM age(starts_on, cohort)) * 12 + extract(month FROM age(starts_on, cohort)))::integer END AS n
  FROM naive_interval
  UNION
  SELECT e.person_id, 'own', i."interval", date_trunc(i."interval", f.at AT TIME ZONE 'UTC')::date, floor(extract(epoch FROM e.at - f.at) / 86400 / i.days)::integer
  FROM naive_active e JOIN (SELECT person_id, min(at) AS at FROM naive_active GROUP BY 1) f USING (person_id)
  CROSS JOIN (VALUES ('day', 1), ('week', 7), ('month', 30)) i("interval", days)`;

/** Of each table: what it says and what the stream says. Both give the same columns in the same order. */
export const COMPARED: Readonly<Record<string, readonly [kept: string, naive: string]>> = {
  person: ['SELECT person_id, first_at, last_at FROM admin_center.person', 'SELECT person_id, min(at), max(at) FROM naive_active GROUP BY 1'],
  active_day: [
    `SELECT person_id, day, first_at, last_at, ARRAY(SELECT d.dimension || '=' || d.value FROM unnest("values") v JOIN admin_center.dimension_value d ON d.id = v ORDER BY 1) FROM admin_center.active_day`,
    'SELECT person_id, day, min(at), max(at), ARRAY(SELECT value FROM naive_value v WHERE v.person_id = e.person_id AND v.day = e.day ORDER BY 1) FROM naive_active e GROUP BY 1, 2',
  ],
  active_users_day: [
    `SELECT d.dimension || '=' || d.value, day, users FROM admin_center.active_users_day a JOIN admin_center.dimension_value d ON d.id = a.value WHERE users <> 0`,
    'SELECT value, day, count(*)::integer FROM naive_value GROUP BY 1, 2',
  ],
  active_users_change: [
    `SELECT * FROM (SELECT d.dimension || '=' || d.value, a.days, g.day::date, sum(a.change) FILTER (WHERE a.day <= g.day)::integer AS users
     FROM admin_center.active_users_change a JOIN admin_center.dimension_value d ON d.id = a.value
     CROSS JOIN (SELECT generate_series(min(day)::timestamp, max(day) + interval '31 days', interval '1 day') AS day FROM naive_value) g GROUP BY 1, 2, 3) s WHERE users <> 0`,
    `SELECT v.value, w.days, g.day::date, count(DISTINCT v.person_id)::integer
     FROM naive_value v CROSS JOIN (VALUES (7), (30)) w(days) CROSS JOIN LATERAL generate_series(v.day::timestamp, v.day + (w.days - 1) * interval '1 day', interval '1 day') g(day) GROUP BY 1, 2, 3`,
  ],
  lifecycle_count: [
    'SELECT "interval", starts_on, state, users FROM admin_center.lifecycle_count WHERE users <> 0',
    `SELECT i."interval", starts_on, CASE WHEN starts_on = cohort THEN 'new' WHEN EXISTS (SELECT FROM naive_interval b WHERE b.person_id = i.person_id AND b."interval" = i."interval"
       AND b.starts_on + ('1 ' || b."interval")::interval = i.starts_on) THEN 'returning' ELSE 'resurrected' END, count(*)::integer FROM naive_interval i GROUP BY 1, 2, 3`,
  ],
  retention_count: [
    'SELECT basis, "interval", cohort, n, active, last FROM admin_center.retention_count WHERE active <> 0 OR last <> 0',
    `SELECT basis, "interval", cohort, n, count(*)::integer, (count(*) FILTER (WHERE NOT EXISTS (SELECT FROM naive_return l WHERE l.person_id = r.person_id AND l.basis = r.basis AND l."interval" = r."interval" AND l.n > r.n)))::integer
     FROM naive_return r GROUP BY 1, 2, 3, 4`,
  ],
  frequency_count: [
    "SELECT week, measure, quantity, users FROM admin_center.frequency_count WHERE users <> 0 AND measure = 'active_days'",
    `SELECT week, 'active_days', days::integer, count(*)::integer FROM (SELECT person_id, date_trunc('week', day::timestamp)::date AS week, count(DISTINCT day) AS days FROM naive_active GROUP BY 1, 2) w GROUP BY 1, 2, 3`,
  ],
  event_count: [
    'SELECT day, type, name, feature, tier, events::integer FROM admin_center.event_count WHERE events <> 0',
    "SELECT day, type, name, coalesce(feature, ''), tier, count(*)::integer FROM naive_event GROUP BY 1, 2, 3, 4, 5",
  ],
};
