-- What several capabilities' views share: the grid that history is computed on, and what the host adapter found.
-- A number "at an instant" is the sum of the intervals that cover it. Functions named *_steps turn intervals into the
-- steps of that sum on a grid: `delta` is added at point `step` and holds from there on. A live number is a grid of one
-- point, so live and history are one definition.

-- Point of the grid from which on something that happened at `at` counts; never before the first point, null for never.
CREATE FUNCTION admin_center.grid_step(at timestamptz, grid_from timestamptz, grid_seconds integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN at IS NOT NULL THEN least(2147483647, greatest(0, ceil(date_part('epoch', at - grid_from) / grid_seconds)))::integer END;

-- Number of the last point of the grid.
CREATE FUNCTION admin_center.grid_last(grid_from timestamptz, grid_to timestamptz, grid_seconds integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN floor(date_part('epoch', grid_to - grid_from) / grid_seconds)::integer;

CREATE VIEW admin_center.probe_found AS
SELECT name AS probe, found FROM admin_center.host_probe;

GRANT SELECT ON admin_center.probe_found TO admin_center_exporter;
