-- Sessions (D3): events of a user no more than 30 minutes apart, cut at 24 hours.
--
-- New events can begin a session, lengthen one or join several. Sessions that lie within 30 minutes of one another are an
-- island; only islands that new events touch are made anew, from their sessions or, where they must be cut, from the stream.

CREATE FUNCTION admin_center.roll_up_sessions() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM rolled_event WHERE known AND qualifies) THEN
    RETURN;
  END IF;
  PERFORM admin_center.find_touched_sessions();
  PERFORM admin_center.make_new_sessions();
  PERFORM admin_center.find_moved_starts();
  PERFORM admin_center.add_platform_changes(-1);
  PERFORM admin_center.remove_joined_sessions();
  INSERT INTO admin_center.usage_session AS s (person_id, started_at, ended_at, events, platform)
  SELECT person_id, started_at, ended_at, events, platform FROM new_session ORDER BY 1, 2
  ON CONFLICT (person_id, started_at) DO UPDATE SET ended_at = excluded.ended_at, events = excluded.events, platform = excluded.platform;
  PERFORM admin_center.analyze_grown_tables();
  PERFORM admin_center.add_platform_changes(1);
  PERFORM admin_center.add_session_lengths();
  PERFORM admin_center.add_sessions_a_week();
END $$;

-- Sessions that others took in.
CREATE FUNCTION admin_center.remove_joined_sessions() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  gone record;
BEGIN
  FOR gone IN SELECT person_id, started_at FROM touched_session EXCEPT SELECT person_id, started_at FROM new_session LOOP
    DELETE FROM admin_center.usage_session s WHERE s.person_id = gone.person_id AND s.started_at = gone.started_at;
  END LOOP;
END $$;

-- batch_run: the new events by themselves. touched_session: sessions as they are that these belong to; of users whose days
-- all end before, there are none. Of several events at the first instant the platform is the lowest.
CREATE FUNCTION admin_center.find_touched_sessions() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  runs bigint;
BEGIN
  PERFORM admin_center.ensure_batch_table('batch_run', 'person_id uuid, started_at timestamptz, ended_at timestamptz, events bigint, platform text');
  PERFORM admin_center.ensure_batch_table('touched_session', 'person_id uuid, started_at timestamptz, ended_at timestamptz, events integer, platform text');
  INSERT INTO batch_run
  SELECT person_id, min(at), max(at), count(*), min(platform) FILTER (WHERE begins)
  FROM (
    SELECT person_id, at, platform, begins, count(*) FILTER (WHERE begins) OVER (PARTITION BY person_id ORDER BY at, platform ROWS UNBOUNDED PRECEDING) AS run
    FROM (
      SELECT person_id, at, platform, lag(at) OVER (PARTITION BY person_id ORDER BY at, platform) >= at - interval '30 minutes' IS NOT TRUE AS begins
      FROM rolled_event WHERE known AND qualifies
    ) e
  ) e
  GROUP BY person_id, run;
  GET DIAGNOSTICS runs = ROW_COUNT;
  PERFORM admin_center.analyze_batch_table('batch_run', runs);
  INSERT INTO touched_session
  SELECT DISTINCT s.*
  FROM batch_run r
  LEFT JOIN changed_person c ON c.person_id = r.person_id
  CROSS JOIN LATERAL admin_center.sessions_beside(r.person_id, r.started_at, r.ended_at) s
  WHERE c.person_id IS NULL OR c.old_last_at >= r.started_at - interval '30 minutes';
  GET DIAGNOSTICS runs = ROW_COUNT;
  PERFORM admin_center.analyze_batch_table('touched_session', runs);
  -- Sessions that were cut lie side by side.
  WHILE runs > 0 LOOP
    INSERT INTO touched_session
    SELECT DISTINCT s.*
    FROM touched_session t
    CROSS JOIN LATERAL admin_center.sessions_beside(t.person_id, t.started_at, t.ended_at) s
    WHERE NOT EXISTS (SELECT FROM touched_session o WHERE o.person_id = s.person_id AND o.started_at = s.started_at);
    GET DIAGNOSTICS runs = ROW_COUNT;
  END LOOP;
END $$;

-- The offset keeps it a look-up in the index for each of the few asked, whatever the planner makes of their number.
CREATE FUNCTION admin_center.sessions_beside(person uuid, since timestamptz, until timestamptz) RETURNS SETOF admin_center.usage_session
LANGUAGE sql STABLE AS $$
  SELECT s.* FROM admin_center.usage_session s
  WHERE s.person_id = person AND s.started_at >= since - interval '24 hours 30 minutes' AND s.started_at <= until + interval '30 minutes' AND s.ended_at >= since - interval '30 minutes'
  OFFSET 0
$$;

-- new_session: what the islands consist of from now on. The platform is the one of the first event.
CREATE FUNCTION admin_center.make_new_sessions() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  islands bigint;
BEGIN
  PERFORM admin_center.ensure_batch_table('island', 'person_id uuid, started_at timestamptz, ended_at timestamptz, events bigint, platform text');
  PERFORM admin_center.ensure_batch_table('new_session', 'person_id uuid, started_at timestamptz, ended_at timestamptz, events integer, platform text');
  INSERT INTO island
  SELECT person_id, min(started_at), max(ended_at), sum(events), min(platform) FILTER (WHERE begins)
  FROM (
    SELECT p.*, count(*) FILTER (WHERE begins) OVER (PARTITION BY person_id ORDER BY started_at, platform ROWS UNBOUNDED PRECEDING) AS island
    FROM (
      SELECT p.*, max(ended_at) OVER (PARTITION BY person_id ORDER BY started_at, platform ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) >= started_at - interval '30 minutes' IS NOT TRUE AS begins
      FROM (SELECT * FROM batch_run r WHERE EXISTS (SELECT FROM touched_session t WHERE t.person_id = r.person_id) UNION ALL SELECT * FROM touched_session) p
    ) p
  ) p
  GROUP BY person_id, island
  UNION ALL
  SELECT * FROM batch_run r WHERE NOT EXISTS (SELECT FROM touched_session t WHERE t.person_id = r.person_id);
  GET DIAGNOSTICS islands = ROW_COUNT;
  PERFORM admin_center.analyze_batch_table('island', islands);
  INSERT INTO new_session
  SELECT person_id, started_at, ended_at, events, platform FROM island WHERE ended_at - started_at <= interval '24 hours'
  UNION ALL
  SELECT i.person_id, c.* FROM island i CROSS JOIN LATERAL admin_center.cut_island(i.person_id, i.started_at, i.ended_at) c WHERE i.ended_at - i.started_at > interval '24 hours';
  PERFORM admin_center.analyze_batch_table('new_session', islands);
END $$;

-- The first session lasts until the last event within 24 hours, the next begins with the event after it, and so on.
CREATE FUNCTION admin_center.cut_island(person uuid, "from" timestamptz, until timestamptz)
RETURNS TABLE (started_at timestamptz, ended_at timestamptz, events integer, platform text)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
  high xid8 := (SELECT r.xid FROM admin_center.event_rollup r);
BEGIN
  RETURN QUERY
  WITH RECURSIVE counted AS MATERIALIZED (
    SELECT e.at, e.platform FROM admin_center.event e
    WHERE e.person_id = person AND e.at >= "from" AND e.at <= until AND e.known AND e.qualifies AND e.xid < high
  ), beginning(at) AS (
    SELECT "from"
    UNION ALL
    SELECT (SELECT min(c.at) FROM counted c WHERE c.at > b.at + interval '24 hours') FROM beginning b WHERE b.at IS NOT NULL
  )
  SELECT b.at, max(c.at), count(*)::integer, (array_agg(c.platform ORDER BY c.at, c.platform))[1]
  FROM beginning b JOIN counted c ON c.at >= b.at AND c.at <= b.at + interval '24 hours'
  GROUP BY b.at;
END $$;
