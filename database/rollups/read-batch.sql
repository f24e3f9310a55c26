-- The batch: events of transactions from `low` to below `high`, and earlier events of visitors who turned out to be users.

-- A plan for any batch is as good as one for this batch, and with dozens of partitions it takes longer to make than to run.
CREATE FUNCTION admin_center.read_event_batch(low xid8, high xid8) RETURNS bigint
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  arrived bigint;
  moved bigint;
BEGIN
  IF admin_center.is_on_citus() THEN
    SET LOCAL plan_cache_mode = force_custom_plan;
  END IF;
  PERFORM admin_center.ensure_batch_table('rolled_event',
    'at timestamptz, day date, person_id uuid, known boolean, type text, name text, feature text, qualifies boolean, tier text, country text,'
    'region text, platform text, device text, os text, browser text, app_version text, properties jsonb, message_id uuid, moved boolean, xid xid8');
  INSERT INTO rolled_event
  SELECT e.at, (e.at AT TIME ZONE 'UTC')::date, e.person_id, e.known, e.type, e.name, e.feature, e.qualifies, e.tier, e.country,
    e.region, e.platform, e.device, e.os, e.browser, e.app_version, e.properties, e.message_id, false, e.xid
  FROM admin_center.event e
  WHERE e.xid >= low AND e.xid < high;
  GET DIAGNOSTICS arrived = ROW_COUNT;
  moved := admin_center.move_linked_events(low, high);
  PERFORM admin_center.analyze_batch_table('rolled_event', arrived + moved);
  RETURN arrived;
END $$;
COMMENT ON FUNCTION admin_center.read_event_batch IS 'Fills rolled_event. `moved` marks events that were counted before, as a visitor''s. Returns how many are new.';

-- A link may be finished before or after the events of its visitor; whichever comes second moves them. Rows are taken out and
-- put in again: where the stream is distributed by person, a row cannot change whose it is.
CREATE FUNCTION admin_center.move_linked_events(low xid8, high xid8) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  visitors uuid[] := ARRAY(SELECT l.anonymous_id FROM admin_center.person_link l WHERE l.xid >= low AND l.xid < high ORDER BY 1);
  linked   uuid[] := visitors || ARRAY(
    SELECT r.person_id
    FROM (SELECT DISTINCT person_id FROM rolled_event WHERE NOT known) r
    CROSS JOIN LATERAL (SELECT FROM admin_center.person_link l WHERE l.anonymous_id = r.person_id AND l.xid < low OFFSET 0) l
  );
BEGIN
  IF cardinality(linked) = 0 THEN
    RETURN 0;
  END IF;
  PERFORM admin_center.ensure_batch_table('moved_event',
    'at timestamptz, received_at timestamptz, xid xid8, message_id uuid, person_id uuid, source text, type text, name text, feature text, tier text, country text,'
    'region text, platform text, device text, os text, browser text, app_version text, properties jsonb');
  IF cardinality(visitors) > 0 THEN
    PERFORM admin_center.call_family('take_out_funnels(uuid[])', visitors);
    PERFORM admin_center.call_family('take_out_exposures(uuid[])', visitors);
  END IF;
  WITH gone AS (
    DELETE FROM admin_center.event e USING admin_center.person_link l
    WHERE e.person_id = l.anonymous_id AND NOT e.known AND e.xid < high
      AND l.anonymous_id = ANY(linked)
    RETURNING e.*, l.user_id
  )
  INSERT INTO moved_event
  SELECT at, received_at, xid, message_id, user_id, source, type, name, feature, tier, country, region, platform, device, os, browser, app_version, properties FROM gone;

  INSERT INTO admin_center.event (at, received_at, xid, message_id, person_id, known, source, type, name, feature, qualifies, tier, country, region, platform, device, os, browser, app_version, properties)
  SELECT at, received_at, xid, message_id, person_id, true, source, type, name, feature, admin_center.event_qualifies(type, name, received_at),
    tier, country, region, platform, device, os, browser, app_version, properties
  FROM moved_event;
  DELETE FROM rolled_event r USING unnest(linked) gone(person_id) WHERE r.person_id = gone.person_id AND NOT r.known;
  INSERT INTO rolled_event
  SELECT at, (at AT TIME ZONE 'UTC')::date, person_id, true, type, name, feature, admin_center.event_qualifies(type, name, received_at), tier, country,
    region, platform, device, os, browser, app_version, properties, message_id, xid < low, xid
  FROM moved_event;
  RETURN (SELECT count(*) FROM moved_event WHERE xid < low);
END $$;

CREATE FUNCTION admin_center.event_qualifies(type text, name text, received_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT event_qualifies.type = 'track' AND coalesce((
    SELECT (d.mode = 'only') = (event_qualifies.name = ANY(d.events))
    FROM admin_center.qualifying_definition d
    WHERE d.since <= event_qualifies.received_at
    ORDER BY d.version DESC LIMIT 1), false)
$$;
COMMENT ON FUNCTION admin_center.event_qualifies IS 'Whether an event makes its user active (D1), by the definition in force when it arrived.';
