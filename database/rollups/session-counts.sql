-- What is counted from sessions: their lengths, how many a user starts in a week, and changes of platform between them.

CREATE FUNCTION admin_center.add_session_lengths() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO admin_center.session_count AS c (day, seconds, sessions)
  SELECT (started_at AT TIME ZONE 'UTC')::date, floor(extract(epoch FROM ended_at - started_at))::integer, sum(change)
  FROM (SELECT started_at, ended_at, 1 AS change FROM new_session UNION ALL SELECT started_at, ended_at, -1 FROM touched_session) s
  GROUP BY 1, 2 HAVING sum(change) <> 0 ORDER BY 1, 2
  ON CONFLICT (day, seconds) DO UPDATE SET sessions = c.sessions + excluded.sessions;
  IF EXISTS (SELECT FROM touched_session) THEN
    DELETE FROM admin_center.session_count
    WHERE ctid = ANY(ARRAY(
      SELECT c.place
      FROM (SELECT DISTINCT (started_at AT TIME ZONE 'UTC')::date AS day, floor(extract(epoch FROM ended_at - started_at))::integer AS seconds FROM touched_session) t
      CROSS JOIN LATERAL (SELECT c.ctid AS place FROM admin_center.session_count c WHERE c.day = t.day AND c.seconds = t.seconds AND c.sessions = 0 OFFSET 0) c
    ));
  END IF;
END $$;

CREATE FUNCTION admin_center.add_sessions_a_week() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO admin_center.frequency_count AS f (week, measure, quantity, users)
  SELECT d.week, 'sessions', k.quantity, sum(k.change)
  FROM (
    SELECT person_id, date_trunc('week', started_at AT TIME ZONE 'UTC')::date AS week, sum(change) AS more
    FROM (SELECT person_id, started_at, 1 AS change FROM new_session UNION ALL SELECT person_id, started_at, -1 FROM touched_session) s
    GROUP BY 1, 2 HAVING sum(change) <> 0
  ) d
  CROSS JOIN LATERAL (
    SELECT count(*) AS sessions FROM admin_center.usage_session s
    WHERE s.person_id = d.person_id AND s.started_at >= d.week::timestamp AT TIME ZONE 'UTC' AND s.started_at < (d.week + 7)::timestamp AT TIME ZONE 'UTC'
  ) s
  CROSS JOIN LATERAL unnest(ARRAY[s.sessions, s.sessions - d.more], ARRAY[1, -1]) k(quantity, change)
  WHERE k.quantity > 0
  GROUP BY 1, 3 HAVING sum(k.change) <> 0 ORDER BY 1, 3
  ON CONFLICT (week, measure, quantity) DO UPDATE SET users = f.users + excluded.users;
END $$;

-- moved_start: sessions whose platform or predecessor changes, with their platform before the batch is written and after: all
-- of an island that does not just grow longer, and the one after it.
CREATE FUNCTION admin_center.find_moved_starts() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  starts bigint;
BEGIN
  PERFORM admin_center.ensure_batch_table('moved_start', 'person_id uuid, started_at timestamptz, before text, after text');
  INSERT INTO moved_start
  WITH side AS MATERIALIZED (
    SELECT s.*, lag(before IS DISTINCT FROM after) OVER (PARTITION BY person_id ORDER BY started_at) AS follows
    FROM (
      SELECT coalesce(n.person_id, t.person_id) AS person_id, coalesce(n.started_at, t.started_at) AS started_at, t.platform AS before, n.platform AS after
      FROM new_session n
      FULL JOIN touched_session t ON t.person_id = n.person_id AND t.started_at = n.started_at
    ) s
  )
  SELECT person_id, started_at, before, after FROM side WHERE before IS DISTINCT FROM after OR follows
  UNION
  SELECT d.person_id, f.started_at, f.platform, f.platform
  FROM side d
  LEFT JOIN changed_person c ON c.person_id = d.person_id
  CROSS JOIN LATERAL (
    SELECT s.started_at, s.platform FROM admin_center.usage_session s WHERE s.person_id = d.person_id AND s.started_at > d.started_at ORDER BY s.started_at LIMIT 1
  ) f
  WHERE d.before IS DISTINCT FROM d.after AND (c.person_id IS NULL OR c.old_last_at > d.started_at)
    AND NOT EXISTS (SELECT FROM touched_session t WHERE t.person_id = d.person_id AND t.started_at = f.started_at);
  GET DIAGNOSTICS starts = ROW_COUNT;
  PERFORM admin_center.analyze_batch_table('moved_start', starts);
END $$;

-- Before sessions are written with -1, afterwards with 1.
CREATE FUNCTION admin_center.add_platform_changes(sign integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO admin_center.platform_change_count AS c (day, from_platform, to_platform, sessions)
  SELECT (s.started_at AT TIME ZONE 'UTC')::date, b.platform, s.platform, sign * count(*)
  FROM (SELECT person_id, started_at, CASE WHEN sign > 0 THEN after ELSE before END AS platform FROM moved_start) s
  CROSS JOIN LATERAL (
    SELECT o.platform FROM admin_center.usage_session o
    WHERE o.person_id = s.person_id AND o.started_at < s.started_at AND o.started_at >= s.started_at - interval '168 hours' AND s.platform IS NOT NULL
    ORDER BY o.started_at DESC LIMIT 1
  ) b
  WHERE b.platform <> s.platform
  GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (day, from_platform, to_platform) DO UPDATE SET sessions = c.sessions + excluded.sessions;
END $$;

CREATE FUNCTION admin_center.take_out_sessions(persons uuid[]) RETURNS void
LANGUAGE sql AS $$
  UPDATE admin_center.session_count c SET sessions = c.sessions - g.sessions
  FROM (
    SELECT (started_at AT TIME ZONE 'UTC')::date AS day, floor(extract(epoch FROM ended_at - started_at))::integer AS seconds, count(*) AS sessions
    FROM admin_center.usage_session WHERE person_id = ANY(persons) GROUP BY 1, 2
  ) g
  WHERE c.day = g.day AND c.seconds = g.seconds;
  UPDATE admin_center.frequency_count f SET users = f.users - g.users
  FROM (
    SELECT week, sessions, count(*) AS users
    FROM (
      SELECT person_id, date_trunc('week', started_at AT TIME ZONE 'UTC')::date AS week, count(*) AS sessions
      FROM admin_center.usage_session WHERE person_id = ANY(persons) GROUP BY 1, 2
    ) w
    GROUP BY 1, 2
  ) g
  WHERE f.measure = 'sessions' AND f.week = g.week AND f.quantity = g.sessions;
  UPDATE admin_center.platform_change_count c SET sessions = c.sessions - g.sessions
  FROM (
    SELECT (started_at AT TIME ZONE 'UTC')::date AS day, before, platform, count(*) AS sessions
    FROM (
      SELECT started_at, platform, lag(platform) OVER own AS before, lag(started_at) OVER own AS before_at
      FROM admin_center.usage_session WHERE person_id = ANY(persons)
      WINDOW own AS (PARTITION BY person_id ORDER BY started_at)
    ) s
    WHERE before <> platform AND before_at >= started_at - interval '168 hours'
    GROUP BY 1, 2, 3
  ) g
  WHERE c.day = g.day AND c.from_platform = g.before AND c.to_platform = g.platform;
  DELETE FROM admin_center.usage_session WHERE person_id = ANY(persons);
$$;
