-- Active users of a day, and changes of the users active within 7 and 30 days.

-- A day covers itself and the n - 1 after it, as far as the value's next day: +1 on it, -1 where that ends. So a new day
-- between two others takes the end of the one before back, to where the new one begins. Days added by the same batch count
-- as being there when they come before, which are written by now, not when they come after, as `afters` has it.
CREATE FUNCTION admin_center.add_active_users() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  kinds bigint;
BEGIN
  PERFORM admin_center.ensure_batch_table('new_value', 'value integer, day date, before date, after date, users integer');
  INSERT INTO new_value
  WITH seen AS (
    SELECT c.person_id, v.value, c.day, c.prev_day, v.after, v.value = ANY(b."values") AS lately, c.old_values IS NULL OR v.value <> ALL(c.old_values) AS is_new,
      lag(c.day) OVER (PARTITION BY c.person_id, v.value ORDER BY c.day) AS before
    FROM changed_day c
    LEFT JOIN LATERAL (SELECT a."values" FROM admin_center.active_day a WHERE a.person_id = c.person_id AND a.day = c.prev_day AND c.prev_day > c.day - 30 OFFSET 0) b ON true
    CROSS JOIN LATERAL unnest(c."values", c.afters) v(value, after)
  ),
  found AS MATERIALIZED (
    SELECT value, day, after, CASE
      WHEN before >= prev_day OR prev_day IS NULL THEN before
      WHEN lately THEN prev_day
      ELSE coalesce((
        SELECT a.day FROM admin_center.active_day a
        WHERE a.person_id = s.person_id AND a.day < s.prev_day AND a.day > greatest(s.day - 30, s.before) AND s.value = ANY(a."values")
        ORDER BY a.day DESC LIMIT 1), before) END AS before
    FROM seen s
    WHERE is_new
  )
  SELECT value, day, CASE WHEN before > day - 30 THEN before END, after, count(*) FROM found GROUP BY 1, 2, 3, 4;
  GET DIAGNOSTICS kinds = ROW_COUNT;
  PERFORM admin_center.analyze_batch_table('new_value', kinds);

  INSERT INTO admin_center.active_users_day AS a (value, day, users)
  SELECT value, day, sum(users) FROM new_value GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (value, day) DO UPDATE SET users = a.users + excluded.users;

  INSERT INTO admin_center.active_users_change AS a (value, days, day, change)
  WITH length(days) AS (VALUES (7::smallint), (30::smallint)),
  active AS MATERIALIZED (SELECT value, day, after, sum(users)::integer AS users FROM new_value GROUP BY 1, 2, 3),
  joined AS MATERIALIZED (SELECT n.*, days, n.before + days AS ended FROM new_value n CROSS JOIN length WHERE n.before + days > n.day)
  SELECT value, days, day, sum(change)
  FROM (
    SELECT value, days, day, users AS change FROM active CROSS JOIN length
    UNION ALL
    SELECT value, days, least(day + days, after), -users FROM active CROSS JOIN length
    UNION ALL
    SELECT value, days, day, -users FROM joined
    UNION ALL
    SELECT value, days, least(ended, after), users FROM joined
  ) k
  GROUP BY 1, 2, 3 HAVING sum(change) <> 0 ORDER BY 1, 2, 3
  ON CONFLICT (value, days, day) DO UPDATE SET change = a.change + excluded.change;
END $$;

CREATE FUNCTION admin_center.take_out_active_users(persons uuid[]) RETURNS void
LANGUAGE sql AS $$
  WITH gone AS (
    SELECT v.value, a.day, lead(a.day) OVER (PARTITION BY a.person_id, v.value ORDER BY a.day) AS after
    FROM admin_center.active_day a CROSS JOIN LATERAL unnest(a."values") v(value)
    WHERE a.person_id = ANY(persons)
  ), day AS (
    UPDATE admin_center.active_users_day u SET users = u.users - g.users
    FROM (SELECT value, day, count(*) AS users FROM gone GROUP BY 1, 2) g
    WHERE u.value = g.value AND u.day = g.day
  )
  -- Where one came and another left there may be no row: nothing had changed.
  INSERT INTO admin_center.active_users_change AS u (value, days, day, change)
  SELECT g.value, w.days, k.day, -sum(k.change)
  FROM gone g CROSS JOIN (VALUES (7::smallint), (30::smallint)) w(days)
  CROSS JOIN LATERAL (VALUES (g.day, 1), (least(g.day + w.days, g.after), -1)) k(day, change)
  GROUP BY 1, 2, 3 HAVING sum(k.change) <> 0 ORDER BY 1, 2, 3
  ON CONFLICT (value, days, day) DO UPDATE SET change = u.change + excluded.change
$$;
