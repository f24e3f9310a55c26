-- How far the counts are behind the stream of events.

-- Seconds since the first event that is not counted yet was received; 0 when all are.
CREATE VIEW admin_center.event_rollup_lag AS
SELECT coalesce((
  SELECT greatest(0, extract(epoch FROM now() - w.received_at))
  FROM (SELECT e.received_at FROM admin_center.event e WHERE e.xid >= (SELECT r.xid FROM admin_center.event_rollup r) ORDER BY e.xid LIMIT 1) w
), 0)::double precision AS seconds;

GRANT SELECT ON admin_center.event_rollup_lag TO admin_center_exporter;
