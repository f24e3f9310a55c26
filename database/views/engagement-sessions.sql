-- Open sessions of the host and users who are here now, as steps on a grid (core.sql).

-- A user is here while a token is in use and 5 minutes after; a token that is used again after more than a day is taken
-- to have rested in between.
CREATE FUNCTION admin_center.session_steps(grid timestamptz[])
RETURNS TABLE (fact text, platform text, tier text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH token AS MATERIALIZED (
    SELECT * FROM admin_center.session_span
    WHERE started_at <= (SELECT grid[cardinality(grid)]) AND (ended_at > (SELECT grid[1]) OR used_at > (SELECT grid[1] - interval '5 minutes'))
  ),
  in_use AS (
    SELECT user_id, admin_center.grid_step(started_at, grid) AS first,
      admin_center.grid_step(least(used_at, started_at + interval '24 hours') + interval '5 minutes', grid) AS until
    FROM token WHERE NOT by_admin
    UNION ALL
    SELECT user_id, admin_center.grid_step(used_at, grid), admin_center.grid_step(used_at + interval '5 minutes', grid)
    FROM token WHERE NOT by_admin AND used_at > started_at + interval '24 hours'
  ),
  -- What each use adds to the user's presence so far.
  present AS MATERIALIZED (
    SELECT user_id, first, until
    FROM (
      SELECT user_id, until, greatest(first, max(until) OVER (PARTITION BY user_id ORDER BY first, until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS first
      FROM in_use
      WHERE first < until
    ) AS added
    WHERE first < until
  ),
  present_entitled AS MATERIALIZED (
    SELECT entitled.tier, greatest(present.first, entitled.first) AS first, least(present.until, entitled.until) AS until
    FROM present
    JOIN (
      SELECT user_id, tier, coalesce(admin_center.grid_step(started_at, grid), 0) AS first, admin_center.grid_step(ended_at, grid) AS until
      FROM admin_center.tier_interval
      WHERE tier <> 'free'
    ) AS entitled ON entitled.user_id = present.user_id AND entitled.first < present.until AND (entitled.until IS NULL OR entitled.until > present.first)
  ),
  counted AS (
    SELECT 'open' AS fact, platform, NULL AS tier, admin_center.grid_step(started_at, grid) AS step, 1 AS delta FROM token WHERE ended_at > started_at
    UNION ALL
    SELECT 'open', platform, NULL, admin_center.grid_step(ended_at, grid), -1 FROM token WHERE ended_at > started_at
    UNION ALL
    SELECT 'present', NULL, 'free', first, 1 FROM present
    UNION ALL
    SELECT 'present', NULL, 'free', until, -1 FROM present
    UNION ALL
    SELECT 'present', NULL, 'free', first, -1 FROM present_entitled
    UNION ALL
    SELECT 'present', NULL, 'free', until, 1 FROM present_entitled
    UNION ALL
    SELECT 'present', NULL, tier, first, 1 FROM present_entitled
    UNION ALL
    SELECT 'present', NULL, tier, until, -1 FROM present_entitled
  )
  SELECT fact, platform, tier, step, sum(delta)
  FROM counted
  WHERE step < cardinality(grid)
  GROUP BY fact, platform, tier, step
  HAVING sum(delta) <> 0
$$;
