-- What is counted of complete UTC days (D2 to D5), as steps on a grid (core.sql): a day counts from its end on. Only counts
-- of rollups are read, so the cost follows the number of days, not of users or events.

CREATE VIEW admin_center.users_by_day AS
SELECT value.dimension, value.value, count.day, count.users FROM admin_center.active_users_day AS count JOIN admin_center.dimension_value AS value ON value.id = count.value
WHERE value.dimension IN ('all', 'tier');

CREATE VIEW admin_center.users_change_by_day AS
SELECT value.dimension, value.value, count.days, count.day, count.change FROM admin_center.active_users_change AS count JOIN admin_center.dimension_value AS value ON value.id = count.value
WHERE value.dimension IN ('all', 'tier');

CREATE VIEW admin_center.lifecycle_by_interval AS
SELECT "interval", starts_on, state, users FROM admin_center.lifecycle_count;

-- The end of a UTC day.
CREATE FUNCTION admin_center.day_end(day date) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (day + 1)::timestamp AT TIME ZONE 'UTC';

-- `daily` is the sum of the daily users of 30 days and `monthly` their distinct users (D2), by tier or `all`; `weekly` the
-- distinct users of 7 days.
CREATE FUNCTION admin_center.active_day_steps(grid timestamptz[])
RETURNS TABLE (fact text, tier text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH edge AS (
    SELECT 'daily' AS fact, value AS tier, counts.day, counts.users AS delta
    FROM admin_center.users_by_day AS counted CROSS JOIN LATERAL (VALUES (counted.day, counted.users), (counted.day + 30, -counted.users)) AS counts (day, users)
    WHERE counted.day >= (SELECT (grid[1] AT TIME ZONE 'UTC')::date - 31)
    UNION ALL
    SELECT CASE days WHEN 7 THEN 'weekly' ELSE 'monthly' END, value, day, change FROM admin_center.users_change_by_day
  )
  SELECT fact, tier, step, sum(delta)::bigint
  FROM (
    -- What lies before the grid is told by its date, which is most of it when the present is asked for.
    SELECT fact, tier, delta, CASE WHEN day < (SELECT (grid[1] AT TIME ZONE 'UTC')::date) THEN 0 ELSE admin_center.grid_step(admin_center.day_end(day), grid) END AS step
    FROM edge
  ) AS placed
  WHERE step < cardinality(grid)
  GROUP BY fact, tier, step
  HAVING sum(delta) <> 0
$$;

-- D5: users of the latest complete day, week and month by state. Dormant: those of the one before less those who returned.
CREATE FUNCTION admin_center.lifecycle_steps(grid timestamptz[])
RETURNS TABLE (fact text, state text, "window" text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH counted AS (
    SELECT "interval", starts_on, (starts_on + one)::date AS next, (starts_on + 2 * one)::date AS after, state, users
    FROM admin_center.lifecycle_by_interval
    JOIN (VALUES ('day', interval '1 day'), ('week', interval '7 days'), ('month', interval '1 month')) AS length (name, one) ON name = "interval"
    WHERE (starts_on + 2 * one) >= (SELECT (grid[1] AT TIME ZONE 'UTC')::date - 31)
  ),
  edge AS (
    SELECT "interval", shown.state, shown.at, shown.delta
    FROM counted CROSS JOIN LATERAL (VALUES
      (state, next, users), (state, after, -users),
      ('dormant', after, users), ('dormant', CASE counted."interval" WHEN 'day' THEN after + 1 WHEN 'week' THEN after + 7 ELSE (after + interval '1 month')::date END, -users),
      (CASE WHEN state = 'returning' THEN 'dormant' END, next, -users), (CASE WHEN state = 'returning' THEN 'dormant' END, after, users)
    ) AS shown (state, at, delta)
    WHERE shown.state IS NOT NULL
  )
  SELECT 'lifecycle', state, "interval", step, sum(delta)::bigint
  FROM (SELECT "interval", state, delta, admin_center.grid_step(at::timestamp AT TIME ZONE 'UTC', grid) AS step FROM edge) AS placed
  WHERE step < cardinality(grid)
  GROUP BY state, "interval", step
  HAVING sum(delta) <> 0
$$;

GRANT SELECT ON admin_center.users_by_day, admin_center.users_change_by_day, admin_center.lifecycle_by_interval TO admin_center_exporter;
