-- What several capabilities' views share: the grid that numbers are computed on, and what the host adapter found.
-- A number "at an instant" is the sum of the intervals that cover it. Functions named *_steps take a grid, an ascending
-- array of instants, and turn intervals into the steps of that sum: `delta` is added at the point `step` (from 0) of the
-- grid and holds from there on. A live number is a grid of one instant, so live and history are one definition.

-- The first point of the grid at or after an instant; its length when there is none, null for never.
CREATE FUNCTION admin_center.grid_step(at timestamptz, grid timestamptz[]) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
RETURN width_bucket(at - interval '1 microsecond', grid);

CREATE VIEW admin_center.probe_found AS
SELECT name AS probe, found FROM admin_center.host_probe;

GRANT SELECT ON admin_center.probe_found TO admin_center_exporter;
