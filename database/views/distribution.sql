-- Distribution: active users by country, platform and client as steps on a grid (core.sql). No column of these views names
-- a person. Windows are complete UTC days, so a number changes at midnight only and the past is the same as the present was.

CREATE VIEW admin_center.distribution_day AS
SELECT v.dimension, v.value, d.day, d.users
FROM admin_center.active_users_day AS d JOIN admin_center.dimension_value AS v ON v.id = d.value
WHERE v.dimension IN ('country', 'platform', 'client');

CREATE VIEW admin_center.distribution_change AS
SELECT v.dimension, v.value, c.days, c.day, c.change
FROM admin_center.active_users_change AS c JOIN admin_center.dimension_value AS v ON v.id = c.value
WHERE v.dimension IN ('country', 'platform', 'client');

CREATE VIEW admin_center.distribution_month AS
SELECT v.dimension, v.value, m.days, m.month, m.change
FROM admin_center.active_users_month AS m JOIN admin_center.dimension_value AS v ON v.id = m.value
WHERE v.dimension IN ('country', 'platform', 'client');

-- What the metrics of distribution.ts are made of. A day counts from the midnight after it.
CREATE FUNCTION admin_center.distribution_steps(grid timestamptz[])
RETURNS TABLE (fact text, "window" text, country text, platform text, os text, browser text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH bounds AS MATERIALIZED (
    SELECT (grid[1] AT TIME ZONE 'UTC')::date - 1 AS first, (grid[cardinality(grid)] AT TIME ZONE 'UTC')::date - 1 AS last
  ),
  changed AS MATERIALIZED (
    SELECT dimension, value, 1 AS days, k.day, k.delta::bigint
    FROM admin_center.distribution_day AS d CROSS JOIN LATERAL (VALUES (d.day, d.users), (d.day + 1, -d.users)) AS k (day, delta)
    WHERE d.day BETWEEN (SELECT first FROM bounds) AND (SELECT last FROM bounds)
    UNION ALL
    SELECT dimension, value, days, (SELECT first FROM bounds), sum(change)::bigint
    FROM admin_center.distribution_month WHERE month < (SELECT date_trunc('month', first::timestamp)::date FROM bounds)
    GROUP BY dimension, value, days
    UNION ALL
    SELECT dimension, value, days, greatest(day, (SELECT first FROM bounds)), sum(change)::bigint
    FROM admin_center.distribution_change WHERE day BETWEEN (SELECT date_trunc('month', first::timestamp)::date FROM bounds) AND (SELECT last FROM bounds)
    GROUP BY dimension, value, days, greatest(day, (SELECT first FROM bounds))
  ),
  -- The values that have a series of their own are those with the most users within 30 days at the end of the grid.
  ranked AS MATERIALIZED (
    SELECT dimension, value, row_number() OVER (PARTITION BY dimension ORDER BY users DESC, value) AS place, users
    FROM (
      SELECT CASE part.ordinal WHEN 0 THEN dimension WHEN 1 THEN 'os' ELSE 'browser' END AS dimension,
        CASE part.ordinal WHEN 0 THEN value ELSE split_part(value, '|', part.ordinal) END AS value, sum(delta) AS users
      FROM changed JOIN (VALUES (0), (1), (2)) AS part (ordinal) ON (dimension = 'country' AND ordinal = 0) OR (dimension = 'client' AND ordinal > 0)
      WHERE days = 30 AND NOT (dimension = 'country' AND value IN ('unknown', 'hosting'))
      GROUP BY 1, 2
    ) AS counted
    WHERE users >= 5
  ),
  named AS (
    SELECT c.dimension AS fact, c.days || 'd' AS "window",
      CASE WHEN c.dimension = 'country' THEN CASE WHEN c.value IN ('unknown', 'hosting') OR own.place <= 30 THEN c.value ELSE 'other' END END AS country,
      CASE WHEN c.dimension = 'platform' THEN c.value END AS platform,
      CASE WHEN c.dimension = 'client' THEN CASE WHEN split_part(c.value, '|', 1) = 'unknown' OR os.place <= 12 THEN split_part(c.value, '|', 1) ELSE 'other' END END AS os,
      CASE WHEN c.dimension = 'client' THEN CASE WHEN split_part(c.value, '|', 2) = 'unknown' OR browser.place <= 12 THEN split_part(c.value, '|', 2) ELSE 'other' END END AS browser,
      admin_center.grid_step((c.day + 1)::timestamp AT TIME ZONE 'UTC', grid) AS step, c.delta
    FROM changed AS c
    LEFT JOIN ranked AS own ON c.dimension = 'country' AND own.dimension = 'country' AND own.value = c.value
    LEFT JOIN ranked AS os ON c.dimension = 'client' AND os.dimension = 'os' AND os.value = split_part(c.value, '|', 1)
    LEFT JOIN ranked AS browser ON c.dimension = 'client' AND browser.dimension = 'browser' AND browser.value = split_part(c.value, '|', 2)
  )
  SELECT fact, "window", country, platform, os, browser, step, sum(delta)::bigint
  FROM named
  WHERE step < cardinality(grid)
  GROUP BY 1, 2, 3, 4, 5, 6, 7
  HAVING sum(delta) <> 0
$$;

GRANT SELECT ON admin_center.distribution_day, admin_center.distribution_change, admin_center.distribution_month TO admin_center_exporter;
