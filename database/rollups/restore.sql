-- Counting anew: after a restore into another cluster, and whenever the owner asks for it.

-- Transaction ids are a cluster's own. Where another wrote part of the stream, ours are shifted to come after all of its.
-- Writers wait for the moment this takes, so no event can be on both sides. Counts begin anew and catch up batch by batch.
CREATE FUNCTION admin_center.adopt_cluster() RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  here    bigint := admin_center.cluster_identifier();
  state   admin_center.event_rollup;
  horizon xid8;
  written xid8;
  shift   bigint;
BEGIN
  SELECT * INTO state FROM admin_center.event_rollup;
  -- Where the identifier cannot be read, a watermark from the future still tells.
  IF state.system_identifier = here OR here IS NULL AND state.xid <= admin_center.stream_xid(pg_snapshot_xmin(pg_current_snapshot()), state.xid_offset) THEN
    RETURN false;
  END IF;
  LOCK TABLE admin_center.event, admin_center.person_link IN ACCESS EXCLUSIVE MODE;
  horizon := pg_snapshot_xmin(pg_current_snapshot());
  written := (SELECT max(xid) FROM (
    (SELECT e.xid FROM admin_center.event e ORDER BY e.xid DESC LIMIT 1) UNION ALL (SELECT l.xid FROM admin_center.person_link l ORDER BY l.xid DESC LIMIT 1)
  ) w);
  shift := greatest(0, coalesce(written, '0')::text::bigint + 1 - horizon::text::bigint);
  IF shift <> state.xid_offset THEN
    EXECUTE format('ALTER TABLE admin_center.event ALTER COLUMN xid SET DEFAULT (pg_current_xact_id()::text::bigint + %s)::text::xid8', shift);
    EXECUTE format('ALTER TABLE admin_center.person_link ALTER COLUMN xid SET DEFAULT (pg_current_xact_id()::text::bigint + %s)::text::xid8', shift);
  END IF;
  UPDATE admin_center.event_rollup SET system_identifier = here, xid_offset = shift;
  IF state.xid = '0' THEN
    RETURN false;
  END IF;
  PERFORM admin_center.empty_event_rollups();
  RETURN true;
END $$;

-- Null where neither PUBLIC nor the owner may read it, as some managed services have it.
CREATE FUNCTION admin_center.cluster_identifier() RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT system_identifier FROM pg_control_system());
EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_function THEN
  RETURN NULL;
END $$;

CREATE FUNCTION admin_center.empty_event_rollups() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE admin_center.person, admin_center.active_day, admin_center.usage_session,
    admin_center.active_users_day, admin_center.active_users_change, admin_center.lifecycle_count, admin_center.retention_count,
    admin_center.session_count, admin_center.frequency_count, admin_center.platform_change_count, admin_center.event_count;
  PERFORM admin_center.call_family('empty_funnels()');
  PERFORM admin_center.call_family('empty_exposures()');
  UPDATE admin_center.event_rollup SET xid = '0', events = 0, rebuilt_at = clock_timestamp();
END $$;

CREATE FUNCTION admin_center.rebuild_event_rollups() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, admin_center, pg_temp AS $$
DECLARE
  batch record;
BEGIN
  PERFORM FROM admin_center.event_rollup FOR UPDATE;
  PERFORM admin_center.empty_event_rollups();
  LOOP
    batch := admin_center.roll_up_events(200000);
    EXIT WHEN NOT batch.more;
  END LOOP;
  RETURN (SELECT r.events FROM admin_center.event_rollup r);
END $$;
COMMENT ON FUNCTION admin_center.rebuild_event_rollups IS 'Empties all counts and counts the stream again, in one transaction that readers wait for.';
