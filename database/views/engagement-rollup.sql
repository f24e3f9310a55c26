-- How far the counts are behind the stream of events.

-- A function and not the view itself: who reads it has no right to the stream, and Citus looks through views.
CREATE FUNCTION admin_center.event_rollup_lag_seconds() RETURNS double precision
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, admin_center, pg_temp AS $$
DECLARE
  high CONSTANT xid8 := (SELECT r.xid FROM admin_center.event_rollup r);
BEGIN
  RETURN coalesce((SELECT greatest(0, extract(epoch FROM now() - w.received_at)) FROM (SELECT e.received_at FROM admin_center.event e WHERE e.xid >= high ORDER BY e.xid LIMIT 1) w), 0);
END $$;

-- Seconds since the first event that is not counted yet was received; 0 when all are.
CREATE VIEW admin_center.event_rollup_lag AS
SELECT admin_center.event_rollup_lag_seconds() AS seconds;

GRANT EXECUTE ON FUNCTION admin_center.event_rollup_lag_seconds TO admin_center_exporter;
GRANT SELECT ON admin_center.event_rollup_lag TO admin_center_exporter;
