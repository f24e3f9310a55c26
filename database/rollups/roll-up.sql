-- Counts what arrived since the last call, exactly once: the batch, all counts and the watermark are one transaction.
--
-- The watermark is a transaction id. Every transaction below the oldest running one has ended, so none of its rows can
-- appear later; ids and times do not have this property. A batch ends between two transactions, never inside one.

CREATE FUNCTION admin_center.roll_up_events(max_events integer DEFAULT 20000, OUT events bigint, OUT more boolean, OUT rebuilt boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, admin_center, pg_temp SET work_mem = '64MB' SET jit = off AS $$
DECLARE
  low     xid8;
  high    xid8;
  horizon xid8;
  cut     xid8;
BEGIN
  -- One at a time, whoever calls.
  PERFORM FROM admin_center.event_rollup FOR UPDATE;
  rebuilt := admin_center.adopt_cluster();
  SELECT r.xid, greatest(r.xid, admin_center.stream_xid(admin_center.stream_horizon(), r.xid_offset)) INTO low, horizon FROM admin_center.event_rollup r;
  SELECT e.xid INTO cut FROM admin_center.event e WHERE e.xid >= low AND e.xid < horizon ORDER BY e.xid OFFSET max_events LIMIT 1;
  high := CASE WHEN cut IS NULL THEN horizon ELSE least(admin_center.stream_xid(cut, 1), horizon) END;
  more := high < horizon;
  UPDATE admin_center.event_rollup SET xid = high WHERE xid <> high;

  events := admin_center.read_event_batch(low, high);
  IF EXISTS (SELECT FROM rolled_event) THEN
    PERFORM admin_center.roll_up_activity();
    PERFORM admin_center.roll_up_sessions();
    PERFORM admin_center.roll_up_counts();
    PERFORM admin_center.roll_up_feature_uses();
    PERFORM admin_center.call_family('roll_up_funnels()');
    PERFORM admin_center.call_family('roll_up_exposures()');
  END IF;
  PERFORM admin_center.analyze_grown_tables();
  UPDATE admin_center.event_rollup r SET events = r.events + roll_up_events.events, rolled_up_at = clock_timestamp();
END $$;
COMMENT ON FUNCTION admin_center.roll_up_events IS 'Counts about `max_events` new events. `more`: call again, others wait. `rebuilt`: this is another cluster than before, and counting began anew.';

-- While a history is counted the tables grow from nothing faster than autovacuum looks at them, and plans must follow: also
-- those of the same batch that read what was just written.
CREATE FUNCTION admin_center.analyze_grown_tables() RETURNS void
LANGUAGE plpgsql SET default_statistics_target = 30 AS $$
DECLARE
  grown regclass;
BEGIN
  FOR grown IN
    SELECT c.oid FROM pg_class c
    WHERE c.relnamespace = 'admin_center'::regnamespace AND c.relname IN ('person', 'active_day', 'usage_session', 'active_users_day', 'active_users_change',
        'lifecycle_count', 'retention_count', 'session_count', 'frequency_count', 'platform_change_count', 'event_count', 'first_touch')
      AND pg_relation_size(c.oid) > 4 * 8192 * greatest(c.relpages, 8)
  LOOP
    EXECUTE format('ANALYZE (SKIP_LOCKED) %s', grown);
  END LOOP;
END $$;

CREATE FUNCTION admin_center.stream_xid(id xid8, plus bigint) RETURNS xid8
LANGUAGE sql IMMUTABLE STRICT RETURN (id::text::bigint + plus)::text::xid8;

-- Families of other capabilities, where they are installed.
CREATE FUNCTION admin_center.call_family(signature text, persons uuid[] DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF to_regprocedure('admin_center.' || signature) IS NOT NULL THEN
    EXECUTE format('SELECT admin_center.%I(%s)', split_part(signature, '(', 1), CASE WHEN persons IS NULL THEN '' ELSE '$1' END) USING persons;
  END IF;
END $$;
