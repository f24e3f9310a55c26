-- Open sessions, users who are here now, and how long sessions last (D3), as steps on a grid (core.sql).

-- D3: tokens of one user that are no more than 30 minutes apart are one session, cut at 24 hours. A session counts for 7
-- days from its last activity on; a token that prolongs it replaces it by a longer one.
-- A user is here while a token is in use and 5 minutes after; a token that is used again after more than a day is taken
-- to have rested in between.
-- `durations` are seconds, comma-separated; `delta` is added for each of them.
CREATE FUNCTION admin_center.session_steps(grid timestamptz[])
RETURNS TABLE (fact text, platform text, tier text, durations text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH token AS MATERIALIZED (
    SELECT * FROM admin_center.session_span
    -- A day and an hour before the 7 days are enough to see whether what continues there has reached the cut.
    WHERE started_at <= (SELECT grid[cardinality(grid)]) AND (ended_at > (SELECT grid[1]) OR used_at > (SELECT grid[1] - interval '193 hours'))
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
  -- The session each token belongs to, by when it began. Sessions follow one another, so the latest beginning is the one.
  session AS (
    SELECT used_at, used_before, max(CASE WHEN used_before IS NULL OR started_at > used_before + interval '30 minutes' THEN started_at END) OVER life AS began_at
    FROM (
      SELECT user_id, started_at, used_at, max(used_at) OVER (PARTITION BY user_id ORDER BY started_at, used_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS used_before
      FROM token WHERE NOT by_admin
    ) AS spaced
    WINDOW life AS (PARTITION BY user_id ORDER BY started_at, used_at ROWS UNBOUNDED PRECEDING)
  ),
  prolonged AS MATERIALIZED (
    SELECT
      used_at, used_before, began_at,
      floor(least(86400, date_part('epoch', used_at - began_at)))::integer AS seconds,
      floor(least(86400, date_part('epoch', used_before - began_at)))::integer AS seconds_before
    FROM session
    WHERE used_before IS NULL OR used_at > used_before
  ),
  lasted AS (
    SELECT seconds, admin_center.grid_step(used_at, grid) AS step, 1 AS delta FROM prolonged
    UNION ALL
    SELECT seconds, admin_center.grid_step(used_at + interval '168 hours', grid), -1 FROM prolonged
    UNION ALL
    -- The shorter session that this one replaces leaves now instead of 7 days after its own last activity.
    SELECT seconds_before, admin_center.grid_step(least(used_at, used_before + interval '168 hours'), grid), -1 FROM prolonged WHERE began_at <= used_before
    UNION ALL
    SELECT seconds_before, admin_center.grid_step(used_before + interval '168 hours', grid), 1 FROM prolonged WHERE began_at <= used_before
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
  SELECT fact, platform, tier, NULL::text, step, sum(delta)
  FROM counted
  WHERE step < cardinality(grid)
  GROUP BY fact, platform, tier, step
  HAVING sum(delta) <> 0
  UNION ALL
  SELECT 'lasted', NULL, NULL, string_agg(seconds::text, ','), step, delta
  FROM lasted
  WHERE step < cardinality(grid)
  GROUP BY step, delta
$$;
