-- Intervals that users become active in by a batch, of users whose first event stays where it was.

-- new_interval: `starts_on` for calendar intervals, n and cohort for both bases. Nothing known lies between a changed day and
-- its neighbours, so these say whether the interval is new and whether the one before it or after it was there already.
CREATE FUNCTION admin_center.find_new_intervals() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  intervals bigint;
BEGIN
  PERFORM admin_center.ensure_batch_table('new_interval', 'person_id uuid, basis text, "interval" text, starts_on date, n integer, cohort date, follows boolean, leads boolean');
  INSERT INTO new_interval
  SELECT DISTINCT c.person_id, 'calendar', s.name, s.starts_on, admin_center.interval_number(s.name, s.cohort, s.starts_on), s.cohort,
    c.prev_day >= admin_center.interval_start(s.name, s.starts_on - 1), c.next_day < admin_center.interval_next(s.name, s.next)
  FROM changed_day c
  JOIN changed_person p ON p.person_id = c.person_id AND NOT p.whole
  CROSS JOIN LATERAL (
    SELECT i.name, admin_center.interval_start(i.name, c.day) AS starts_on, admin_center.interval_next(i.name, admin_center.interval_start(i.name, c.day)) AS next,
      admin_center.interval_start(i.name, (p.first_at AT TIME ZONE 'UTC')::date) AS cohort
    FROM (VALUES ('day'), ('week'), ('month')) i(name) OFFSET 0
  ) s
  WHERE c.old_first_at IS NULL AND c.prev_day < s.starts_on AND (c.next_day >= s.next OR c.next_day IS NULL);

  INSERT INTO new_interval
  SELECT DISTINCT c.person_id, 'own', i.name, NULL::date, t.n, admin_center.interval_start(i.name, (p.first_at AT TIME ZONE 'UTC')::date)
  FROM changed_day c
  JOIN changed_person p ON p.person_id = c.person_id AND NOT p.whole
  CROSS JOIN (VALUES ('day', 1), ('week', 7), ('month', 30)) i(name, days)
  CROSS JOIN LATERAL (
    SELECT k.n FROM unnest(ARRAY[c.first_at, c.last_at], ARRAY[c.prev_last_at, coalesce(c.old_last_at, c.prev_last_at)], ARRAY[coalesce(c.old_first_at, c.next_first_at), c.next_first_at]) a(at, before, after)
    CROSS JOIN LATERAL (SELECT admin_center.own_interval(p.first_at, a.at, i.days) AS n OFFSET 0) k
    WHERE k.n IS DISTINCT FROM admin_center.own_interval(p.first_at, a.before, i.days) AND k.n IS DISTINCT FROM admin_center.own_interval(p.first_at, a.after, i.days)
  ) t;
  GET DIAGNOSTICS intervals = ROW_COUNT;
  PERFORM admin_center.analyze_batch_table('new_interval', 2 * intervals);
END $$;

-- Who becomes active in an interval is back or returning in it, and returning in the next one.
CREATE FUNCTION admin_center.add_new_intervals() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO admin_center.lifecycle_count AS l ("interval", starts_on, state, users)
  SELECT k."interval", k.starts_on, k.state, sum(k.change)
  FROM (
    SELECT "interval", starts_on, CASE WHEN follows OR before = admin_center.interval_start("interval", starts_on - 1) THEN 'returning' ELSE 'resurrected' END AS state, 1 AS change
    FROM (SELECT *, lag(starts_on) OVER (PARTITION BY person_id, "interval" ORDER BY starts_on) AS before FROM new_interval WHERE basis = 'calendar') n
    UNION ALL
    SELECT n."interval", admin_center.interval_next(n."interval", n.starts_on), k.state, k.change
    FROM new_interval n
    CROSS JOIN (VALUES ('resurrected', -1), ('returning', 1)) k(state, change)
    WHERE n.basis = 'calendar' AND n.leads
  ) k
  GROUP BY 1, 2, 3 HAVING sum(k.change) <> 0 ORDER BY 1, 2, 3
  ON CONFLICT ("interval", starts_on, state) DO UPDATE SET users = l.users + excluded.users;

  INSERT INTO admin_center.retention_count AS r (basis, "interval", cohort, n, active, last)
  SELECT k.basis, k."interval", k.cohort, k.n, sum(k.active), sum(k.last)
  FROM (
    SELECT basis, "interval", cohort, n, 1 AS active, 0 AS last FROM new_interval
    UNION ALL
    SELECT t.basis, t."interval", t.cohort, m.n, 0, m.last
    FROM changed_person p
    CROSS JOIN LATERAL admin_center.retention_place(p.first_at, p.old_last_at, p.last_at) t
    CROSS JOIN LATERAL unnest(ARRAY[t.old_n, t.n], ARRAY[-1, 1]) m(n, last)
    WHERE NOT p.whole AND p.last_at > p.old_last_at AND t.n <> t.old_n
  ) k
  GROUP BY 1, 2, 3, 4 HAVING sum(k.active) <> 0 OR sum(k.last) <> 0 ORDER BY 1, 2, 3, 4
  ON CONFLICT (basis, "interval", cohort, n) DO UPDATE SET active = r.active + excluded.active, last = r.last + excluded.last;
END $$;

-- In which interval two instants lie, counted from the user's first.
CREATE FUNCTION admin_center.retention_place(first_at timestamptz, old_at timestamptz, at timestamptz)
RETURNS TABLE (basis text, "interval" text, cohort date, old_n integer, n integer)
LANGUAGE sql IMMUTABLE AS $$
  SELECT b.basis, i.name, k.cohort,
    CASE b.basis WHEN 'own' THEN admin_center.own_interval(first_at, old_at, i.days) ELSE admin_center.interval_number(i.name, k.cohort, (old_at AT TIME ZONE 'UTC')::date) END,
    CASE b.basis WHEN 'own' THEN admin_center.own_interval(first_at, at, i.days) ELSE admin_center.interval_number(i.name, k.cohort, (at AT TIME ZONE 'UTC')::date) END
  FROM (VALUES ('calendar'), ('own')) b(basis)
  CROSS JOIN (VALUES ('day', 1), ('week', 7), ('month', 30)) i(name, days)
  CROSS JOIN LATERAL (SELECT admin_center.interval_start(i.name, (first_at AT TIME ZONE 'UTC')::date) AS cohort OFFSET 0) k
$$;
