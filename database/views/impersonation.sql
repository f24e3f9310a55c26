-- What impersonation tells Prometheus: how many sessions there are in each state, and how old the oldest active one is.
-- No column of these views names a person.
CREATE VIEW admin_center.impersonation_state AS
SELECT state, count(*) AS sessions
FROM admin_center.impersonation_session
GROUP BY state;

-- The same as what comes and goes: a session is in one state at a time.
CREATE VIEW admin_center.impersonation_edge AS
SELECT edge.state, edge.at, edge.delta
FROM admin_center.impersonation_session s
CROSS JOIN LATERAL (VALUES
  ('requested', s.requested_at, 1), ('requested', coalesce(s.started_at, s.ended_at), -1),
  ('active', s.started_at, 1), ('active', CASE WHEN s.started_at IS NOT NULL THEN s.ended_at END, -1),
  (s.state, s.ended_at, 1)
) AS edge (state, at, delta)
WHERE edge.at IS NOT NULL;

-- admincenter_impersonation_sessions over a grid.
CREATE FUNCTION admin_center.impersonation_steps(grid timestamptz[])
RETURNS TABLE (fact text, state text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  SELECT 'sessions', edge.state, admin_center.grid_step(edge.at, grid), sum(edge.delta)
  FROM admin_center.impersonation_edge edge
  WHERE edge.at <= grid[cardinality(grid)]
  GROUP BY 2, 3 HAVING sum(edge.delta) <> 0
$$;

-- A session that should be over and is not grows old here: its row says active until somebody ends it.
CREATE VIEW admin_center.impersonation_oldest AS
SELECT coalesce(greatest(0, date_part('epoch', now() - min(started_at))), 0) AS age_seconds
FROM admin_center.impersonation_session
WHERE state = 'active';

GRANT SELECT ON admin_center.impersonation_state, admin_center.impersonation_edge, admin_center.impersonation_oldest TO admin_center_exporter;
