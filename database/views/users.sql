-- Users by state and entitled tier, and sign-ups. No column of these views names a person.

-- When each account came into each state; null where it never did. Where the host keeps no date for a state that it has
-- now, the last change of the row is taken.
CREATE VIEW admin_center.user_life AS
SELECT
  user_id,
  coalesce(created_at, 'epoch') AS created_at,
  CASE
    WHEN state = 'suspended' THEN greatest(created_at, coalesce(suspended_at, updated_at, created_at, 'epoch'))
    WHEN state = 'deleted' AND suspended_at < coalesce(deleted_at, updated_at, created_at, 'epoch') THEN greatest(created_at, suspended_at)
  END AS suspended_at,
  CASE WHEN state = 'deleted' THEN greatest(created_at, coalesce(deleted_at, updated_at, created_at, 'epoch')) END AS deleted_at
FROM admin_center.account;

-- admincenter_users, admincenter_signups.
CREATE FUNCTION admin_center.user_steps(grid timestamptz[])
RETURNS TABLE (fact text, state text, tier text, "window" text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH life AS MATERIALIZED (
    SELECT * FROM admin_center.user_life WHERE created_at <= grid[cardinality(grid)]
  ),
  span AS (
    SELECT user_id, 'active' AS state, created_at AS started_at, least(suspended_at, deleted_at) AS ended_at FROM life
    UNION ALL
    SELECT user_id, 'suspended', suspended_at, deleted_at FROM life WHERE suspended_at IS NOT NULL
    UNION ALL
    SELECT user_id, 'deleted', deleted_at, NULL FROM life WHERE deleted_at IS NOT NULL
  ),
  piece AS MATERIALIZED (
    SELECT span.state, tier.tier, greatest(span.started_at, tier.started_at) AS started_at, least(span.ended_at, tier.ended_at) AS ended_at
    FROM span
    JOIN admin_center.tier_interval AS tier
      ON tier.user_id = span.user_id
      AND (tier.started_at IS NULL OR span.ended_at IS NULL OR tier.started_at < span.ended_at)
      AND (tier.ended_at IS NULL OR tier.ended_at > span.started_at)
    WHERE span.ended_at IS NULL OR span.ended_at > grid[1]
  ),
  signup AS MATERIALIZED (
    SELECT created_at, period.days
    FROM life CROSS JOIN (VALUES (1), (7), (30)) AS period (days)
    WHERE created_at + period.days * interval '24 hours' > grid[1]
  ),
  edge AS (
    SELECT 'users' AS fact, state, tier, NULL AS "window", started_at AS at, 1 AS delta FROM piece
    UNION ALL
    SELECT 'users', state, tier, NULL, ended_at, -1 FROM piece WHERE ended_at IS NOT NULL
    UNION ALL
    SELECT 'signups', NULL, NULL, days || 'd', created_at, 1 FROM signup
    UNION ALL
    SELECT 'signups', NULL, NULL, days || 'd', created_at + days * interval '24 hours', -1 FROM signup
  ),
  counted AS (
    SELECT fact, state, tier, "window", admin_center.grid_step(at, grid) AS step, delta FROM edge
  )
  SELECT fact, state, tier, "window", step, sum(delta)
  FROM counted
  WHERE step < cardinality(grid)
  GROUP BY fact, state, tier, "window", step
  HAVING sum(delta) <> 0
$$;

GRANT SELECT ON admin_center.user_life TO admin_center_exporter;
