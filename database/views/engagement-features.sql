-- Features of the catalogue for the exporter: their counters, and their users on complete UTC days as steps (core.sql).

CREATE VIEW admin_center.feature_use AS
SELECT feature.key AS feature, tier.tier, coalesce(tally.value, 0) AS uses
FROM (SELECT key FROM admin_center.feature UNION ALL SELECT 'other') AS feature
CROSS JOIN (VALUES ('free'), ('premium'), ('enterprise')) AS tier (tier)
LEFT JOIN admin_center.tally AS tally ON tally.metric = 'admincenter_feature_uses_total' AND tally.labels = jsonb_build_object('feature', feature.key, 'tier', tier.tier);

-- The change of each feature's users of 1, 7 and 30 days, day by day; with 0 for who is in the catalogue and not used.
-- `used_on`: of a single day, whose coming and going are two changes.
CREATE VIEW admin_center.feature_users_change AS
SELECT value.value AS feature, counted.days, counted.day, counted.change, counted.used_on
FROM admin_center.dimension_value AS value
JOIN admin_center.feature ON feature.key = value.value
JOIN LATERAL (
  SELECT days::integer, day, change, NULL::date AS used_on FROM admin_center.active_users_change WHERE active_users_change.value = value.id
  UNION ALL
  SELECT 1, edge.day, edge.change, daily.day
  FROM admin_center.active_users_day AS daily CROSS JOIN LATERAL (VALUES (daily.day, daily.users), (daily.day + 1, -daily.users)) AS edge (day, change)
  WHERE daily.value = value.id
) AS counted ON true
WHERE value.dimension = 'feature'
UNION ALL
SELECT key, days, '-infinity'::date, 0, '-infinity'::date FROM admin_center.feature CROSS JOIN (VALUES (1), (7), (30)) AS period (days);

CREATE FUNCTION admin_center.feature_steps(grid timestamptz[])
RETURNS TABLE (fact text, feature text, "window" text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  SELECT 'feature', feature, days || 'd', step, sum(change)::bigint
  FROM (
    SELECT feature, days, change, CASE WHEN day < (SELECT (grid[1] AT TIME ZONE 'UTC')::date) THEN 0 ELSE admin_center.grid_step(admin_center.day_end(day), grid) END AS step
    FROM admin_center.feature_users_change
    -- A single day is over after one more: earlier ones add nothing.
    WHERE days > 1 OR used_on >= (SELECT (grid[1] AT TIME ZONE 'UTC')::date - 2) OR used_on = '-infinity'
  ) AS placed
  WHERE step < cardinality(grid)
  GROUP BY feature, days, step
$$;

GRANT SELECT ON admin_center.feature_use, admin_center.feature_users_change TO admin_center_exporter;
GRANT EXECUTE ON FUNCTION admin_center.feature_use_steps TO admin_center_exporter;
