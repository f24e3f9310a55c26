-- Lifecycle and retention of whole histories: of users who are new, whose first event moves, or who are taken out.

-- Of the changed users that are counted whole. Before the days are written with -1, afterwards with 1.
CREATE FUNCTION admin_center.add_history(sign integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  persons uuid[] := ARRAY(SELECT person_id FROM changed_person WHERE whole AND (sign > 0 OR old_first_at IS NOT NULL));
BEGIN
  IF cardinality(persons) > 0 THEN
    PERFORM admin_center.count_history(persons, sign);
  END IF;
END $$;

-- An interval counts on the first of its days, one of a user's own also on a day it begins in the middle of.
CREATE FUNCTION admin_center.count_history(persons uuid[], sign integer) RETURNS void
LANGUAGE sql AS $$
  WITH lived AS MATERIALIZED (
    SELECT a.day, a.first_at, a.last_at, lag(a.day) OVER own AS prev_day, lag(a.last_at) OVER own AS prev_last_at,
      p.first_at AS begun_at, (p.first_at AT TIME ZONE 'UTC')::date AS begun_on, p.last_at AS ended_at, (p.last_at AT TIME ZONE 'UTC')::date AS ended_on
    FROM unnest(persons) AS given(person_id)
    CROSS JOIN LATERAL (SELECT p.* FROM admin_center.person p WHERE p.person_id = given.person_id OFFSET 0) p
    CROSS JOIN LATERAL (SELECT a.* FROM admin_center.active_day a WHERE a.person_id = given.person_id OFFSET 0) a
    WINDOW own AS (PARTITION BY a.person_id ORDER BY a.day)
  ),
  calendar AS MATERIALIZED (
    SELECT s.name, s.starts_on, s.before, admin_center.interval_start(s.name, l.begun_on) AS cohort, admin_center.interval_start(s.name, l.ended_on) AS last
    FROM lived l
    CROSS JOIN LATERAL (
      SELECT i.name, admin_center.interval_start(i.name, l.day) AS starts_on, admin_center.interval_start(i.name, l.prev_day) AS before
      FROM (VALUES ('day'), ('week'), ('month')) i(name) OFFSET 0
    ) s
    WHERE s.before IS DISTINCT FROM s.starts_on
  ),
  own AS MATERIALIZED (
    SELECT i.name, admin_center.interval_start(i.name, l.begun_on) AS cohort, admin_center.own_interval(l.begun_at, l.prev_last_at, i.days) AS before_n,
      admin_center.own_interval(l.begun_at, l.first_at, i.days) AS n, admin_center.own_interval(l.begun_at, l.last_at, i.days) AS later_n,
      admin_center.own_interval(l.begun_at, l.ended_at, i.days) AS last_n
    FROM lived l
    CROSS JOIN (VALUES ('day', 1), ('week', 7), ('month', 30)) i(name, days)
  ),
  alive AS (
    INSERT INTO admin_center.lifecycle_count AS l ("interval", starts_on, state, users)
    SELECT name, starts_on, CASE
      WHEN before IS NULL THEN 'new'
      WHEN admin_center.interval_next(name, before) = starts_on THEN 'returning'
      ELSE 'resurrected' END, sign * count(*)
    FROM calendar
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT ("interval", starts_on, state) DO UPDATE SET users = l.users + excluded.users
  )
  INSERT INTO admin_center.retention_count AS r (basis, "interval", cohort, n, active, last)
  SELECT basis, name, cohort, n, sign * count(*), sign * count(*) FILTER (WHERE last)
  FROM (
    SELECT 'calendar' AS basis, name, cohort, admin_center.interval_number(name, cohort, starts_on) AS n, starts_on = last AS last FROM calendar
    UNION ALL
    SELECT 'own', name, cohort, n, n = last_n FROM own WHERE n IS DISTINCT FROM before_n
    UNION ALL
    SELECT 'own', name, cohort, later_n, later_n = last_n FROM own WHERE later_n <> n
  ) place
  GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ON CONFLICT (basis, "interval", cohort, n) DO UPDATE SET active = r.active + excluded.active, last = r.last + excluded.last
$$;

CREATE FUNCTION admin_center.take_out_activity(persons uuid[]) RETURNS void
LANGUAGE sql AS $$
  SELECT admin_center.take_out_active_users(persons);
  SELECT admin_center.count_history(persons, -1);
  UPDATE admin_center.frequency_count f SET users = f.users - g.users
  FROM (
    SELECT week, days, count(*) AS users
    FROM (
      SELECT person_id, date_trunc('week', day::timestamp)::date AS week, count(*) AS days
      FROM admin_center.active_day WHERE person_id = ANY(persons) GROUP BY 1, 2
    ) w
    GROUP BY 1, 2
  ) g
  WHERE f.measure = 'active_days' AND f.week = g.week AND f.quantity = g.days;
  DELETE FROM admin_center.active_day WHERE person_id = ANY(persons);
  DELETE FROM admin_center.person WHERE person_id = ANY(persons);
$$;
