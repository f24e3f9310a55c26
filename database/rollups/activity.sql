-- Active days of users, and what is counted from them: active users, lifecycle (D5), retention (D4), active days a week.
--
-- Everything is found out against the days as they were; then the days are written, and what is new is added to the counts.
-- Users whose first event moves to an earlier instant belong to another cohort: their history is taken out and put in again.

CREATE FUNCTION admin_center.roll_up_activity() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM rolled_event WHERE known AND qualifies) THEN
    RETURN;
  END IF;
  PERFORM admin_center.find_changed_days();
  PERFORM admin_center.find_new_intervals();
  PERFORM admin_center.add_history(-1);
  PERFORM admin_center.write_active_days();
  PERFORM admin_center.analyze_grown_tables();
  PERFORM admin_center.add_history(1);
  PERFORM admin_center.add_active_users();
  PERFORM admin_center.add_new_intervals();
  PERFORM admin_center.add_active_days_a_week();
END $$;

-- changed_day: days of users that something is new about, as they will be and as they were, with the days before and after
-- them as they were: `prev_`, `next_` and, for each value, the next day within 30 that has it, `afters`. Where a day comes
-- after all that is known of its user, nothing needs looking up.
-- changed_person: the same of the users. `whole`: the first event is new or earlier; such histories are counted whole.
CREATE FUNCTION admin_center.find_changed_days() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  days    bigint;
  persons bigint;
BEGIN
  PERFORM admin_center.ensure_batch_table('changed_day',
    'person_id uuid, day date, first_at timestamptz, last_at timestamptz, "values" integer[], old_first_at timestamptz, old_last_at timestamptz, old_values integer[],'
    'prev_day date, prev_last_at timestamptz, next_day date, next_first_at timestamptz, afters date[]');
  PERFORM admin_center.ensure_batch_table('changed_person', 'person_id uuid, first_at timestamptz, last_at timestamptz, old_first_at timestamptz, old_last_at timestamptz, whole boolean');
  PERFORM admin_center.find_batch_contexts();
  INSERT INTO changed_day
  SELECT c.person_id, c.day, c.first_at, c.last_at, c."values", c.old_first_at, c.old_last_at, c.old_values,
    CASE WHEN c.day > c.old_day THEN c.old_day ELSE prev.day END, CASE WHEN c.day > c.old_day THEN c.old_at ELSE prev.last_at END, next.day, next.first_at,
    CASE WHEN next.day < c.day + 30 THEN ARRAY(
      SELECT (
        SELECT min(a.day) FROM admin_center.active_day a WHERE a.person_id = c.person_id AND a.day > c.day AND a.day < c.day + 30 AND v.value = ANY(a."values")
      ) FROM unnest(c."values") WITH ORDINALITY v(value, place) ORDER BY v.place
    ) END
  FROM (
    SELECT b.person_id, b.day, least(b.first_at, d.first_at) AS first_at, greatest(b.last_at, d.last_at) AS last_at,
      CASE WHEN d."values" @> b."values" THEN d."values" ELSE ARRAY(SELECT DISTINCT v FROM unnest(d."values" || b."values") v ORDER BY v) END AS "values",
      d.first_at AS old_first_at, d.last_at AS old_last_at, d."values" AS old_values, p.last_at AS old_at, p.day AS old_day
    FROM (
      SELECT u.person_id, u.day, min(u.first_at) AS first_at, max(u.last_at) AS last_at, array_agg(v) AS "values"
      FROM (
        SELECT e.person_id, e.day, e.first_at, e.last_at, c."values"
        FROM batch_day e JOIN batch_context c USING (digest, tier, country, region, platform, device, os, browser, app_version)
        UNION ALL
        SELECT e.person_id, e.day, NULL, NULL, f."values"
        FROM (SELECT DISTINCT person_id, day, feature, tier FROM rolled_event WHERE known AND qualifies AND feature <> '') e
        JOIN batch_feature f USING (feature, tier)
      ) u
      CROSS JOIN LATERAL unnest(u."values") v
      GROUP BY 1, 2
    ) b
    LEFT JOIN LATERAL (SELECT p.last_at, (p.last_at AT TIME ZONE 'UTC')::date AS day FROM admin_center.person p WHERE p.person_id = b.person_id OFFSET 0) p ON true
    LEFT JOIN LATERAL (SELECT a.* FROM admin_center.active_day a WHERE a.person_id = b.person_id AND a.day = b.day AND b.day <= p.day OFFSET 0) d ON true
    WHERE d.person_id IS NULL OR b.first_at < d.first_at OR b.last_at > d.last_at OR NOT d."values" @> b."values"
    OFFSET 0
  ) c
  LEFT JOIN LATERAL (
    SELECT a.day, a.last_at FROM admin_center.active_day a WHERE a.person_id = c.person_id AND a.day < c.day AND c.day <= c.old_day ORDER BY a.day DESC LIMIT 1
  ) prev ON true
  LEFT JOIN LATERAL (
    SELECT a.day, a.first_at FROM admin_center.active_day a WHERE a.person_id = c.person_id AND a.day > c.day AND c.day < c.old_day ORDER BY a.day LIMIT 1
  ) next ON true;
  GET DIAGNOSTICS days = ROW_COUNT;
  PERFORM admin_center.analyze_batch_table('changed_day', days);

  INSERT INTO changed_person
  SELECT c.person_id, least(c.first_at, p.first_at), greatest(c.last_at, p.last_at), p.first_at, p.last_at, p.person_id IS NULL OR c.first_at < p.first_at
  FROM (SELECT person_id, min(first_at) AS first_at, max(last_at) AS last_at FROM changed_day GROUP BY 1) c
  LEFT JOIN LATERAL (SELECT p.* FROM admin_center.person p WHERE p.person_id = c.person_id OFFSET 0) p ON true;
  GET DIAGNOSTICS persons = ROW_COUNT;
  PERFORM admin_center.analyze_batch_table('changed_person', persons);
END $$;

CREATE FUNCTION admin_center.write_active_days() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO admin_center.active_day (person_id, day, first_at, last_at, "values")
  SELECT person_id, day, first_at, last_at, "values" FROM changed_day WHERE old_first_at IS NULL ORDER BY 1, 2;
  INSERT INTO admin_center.active_day (person_id, day, first_at, last_at, "values")
  SELECT person_id, day, first_at, last_at, "values" FROM changed_day WHERE old_first_at IS NOT NULL ORDER BY 1, 2
  ON CONFLICT (person_id, day) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at, "values" = excluded."values";
  INSERT INTO admin_center.person AS p (person_id, first_at, last_at)
  SELECT person_id, first_at, last_at FROM changed_person ORDER BY 1
  ON CONFLICT (person_id) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at
  WHERE (p.first_at, p.last_at) <> (excluded.first_at, excluded.last_at);
END $$;

-- Users by the number of days they were active on in a week.
CREATE FUNCTION admin_center.add_active_days_a_week() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO admin_center.frequency_count AS f (week, measure, quantity, users)
  SELECT n.week, 'active_days', k.quantity, sum(k.change)
  FROM (
    SELECT person_id, date_trunc('week', day::timestamp)::date AS week, count(*) AS days FROM changed_day WHERE old_first_at IS NULL GROUP BY 1, 2
  ) n
  CROSS JOIN LATERAL (SELECT count(*) AS days FROM admin_center.active_day a WHERE a.person_id = n.person_id AND a.day >= n.week AND a.day < n.week + 7) a
  CROSS JOIN LATERAL unnest(ARRAY[a.days, a.days - n.days], ARRAY[1, -1]) k(quantity, change)
  WHERE k.quantity > 0
  GROUP BY 1, 3 HAVING sum(k.change) <> 0 ORDER BY 1, 3
  ON CONFLICT (week, measure, quantity) DO UPDATE SET users = f.users + excluded.users;
END $$;
