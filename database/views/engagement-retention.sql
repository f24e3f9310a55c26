-- How long sessions last (D3) and who comes back (D4), of complete UTC days, as steps on a grid (core.sql). Only counts of
-- rollups are read.

CREATE VIEW admin_center.sessions_by_day AS
SELECT day, seconds, sessions FROM admin_center.session_count WHERE sessions > 0;

CREATE VIEW admin_center.retention_by_day AS
SELECT cohort, n, active, last FROM admin_center.retention_count WHERE basis = 'calendar' AND "interval" = 'day';

-- A session counts in the 7 days after the one it started on. `durations` are seconds, comma-separated; `delta` is added for
-- each of them.
CREATE FUNCTION admin_center.session_day_steps(grid timestamptz[])
RETURNS TABLE (fact text, durations text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  SELECT 'lasted', string_agg(seconds::text, ','), step, delta
  FROM (
    SELECT seconds, admin_center.grid_step(admin_center.day_end(edge.day), grid) AS step, sum(edge.delta) AS delta
    FROM admin_center.sessions_by_day AS counted
    CROSS JOIN LATERAL (VALUES (counted.day, counted.sessions), (counted.day + 7, -counted.sessions)) AS edge (day, delta)
    WHERE counted.day >= (SELECT (grid[1] AT TIME ZONE 'UTC')::date - 8)
    GROUP BY seconds, step
  ) AS placed
  WHERE step < cardinality(grid) AND delta <> 0
  GROUP BY step, delta
$$;

-- Bounded retention: the cohorts of 30 days, from the end of their n-th day on. `began` and `back` are users.
CREATE FUNCTION admin_center.retention_steps(grid timestamptz[])
RETURNS TABLE (fact text, day text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  SELECT fact, day, step, sum(delta)::bigint
  FROM (
    SELECT counted.fact, asked.n::text AS day, edge.sign * counted.users AS delta,
      admin_center.grid_step(admin_center.day_end(counted.cohort + asked.n + edge.shift), grid) AS step
    FROM (VALUES (1), (7), (30)) AS asked (n)
    JOIN LATERAL (
      SELECT CASE n WHEN 0 THEN 'began' ELSE 'back' END AS fact, cohort, active AS users
      FROM admin_center.retention_by_day
      -- Cohorts by themselves on one side, so that the key finds the few that count.
      WHERE cohort >= (SELECT (grid[1] AT TIME ZONE 'UTC')::date - 31) - asked.n AND cohort <= (SELECT (grid[cardinality(grid)] AT TIME ZONE 'UTC')::date) - asked.n
        AND n IN (0, asked.n)
    ) AS counted ON true
    CROSS JOIN (VALUES (1, 0), (-1, 30)) AS edge (sign, shift)
  ) AS placed
  WHERE step < cardinality(grid)
  GROUP BY fact, day, step
  HAVING sum(delta) <> 0
$$;

-- Unbounded retention has no past: who comes back later changes what was true of an earlier day.
CREATE VIEW admin_center.retention_unbounded AS
SELECT 'back_or_later' AS fact, asked.n::text AS day, 0 AS step, coalesce(sum(counted.last), 0)::bigint AS delta
FROM (VALUES (1), (7), (30)) AS asked (n)
LEFT JOIN admin_center.retention_by_day AS counted
  ON counted.n >= asked.n AND counted.cohort BETWEEN (now() AT TIME ZONE 'UTC')::date - 30 - asked.n AND (now() AT TIME ZONE 'UTC')::date - 1 - asked.n
GROUP BY asked.n;

GRANT SELECT ON admin_center.sessions_by_day, admin_center.retention_by_day, admin_center.retention_unbounded TO admin_center_exporter;
