-- Activity, stickiness and sessions (D1 to D3) as steps on a grid (core.sql). No column of these views names a person.

-- What kind of client a user agent is: browsers by their tokens. The host's native clients name their runtime (Dart) or
-- the product, never the device, so they count as desktop, the main target, unless the string says otherwise.
CREATE FUNCTION admin_center.client_platform(user_agent text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN user_agent LIKE '%Android%' OR user_agent LIKE '%iPhone%' OR user_agent LIKE '%iPad%' OR user_agent LIKE '%Mobile%' OR user_agent LIKE 'okhttp/%' THEN 'mobile'
    WHEN user_agent LIKE 'Dart/%' OR user_agent LIKE '%CloudToLocalLLM/%' OR user_agent LIKE '%Electron/%' THEN 'desktop'
    WHEN user_agent LIKE 'Mozilla/%' THEN 'web'
    ELSE 'unknown'
  END
$$;

-- Sessions without tokens, addresses and agents. The host keeps no instant of a revocation: a session that was ended
-- before it expired is taken to end with its last activity.
CREATE VIEW admin_center.session_span AS
SELECT
  session.user_id,
  session.created_at AS started_at,
  greatest(session.created_at, session.last_activity_at) AS used_at,
  CASE WHEN session.live OR session.expires_at <= now() THEN session.expires_at ELSE greatest(session.created_at, session.last_activity_at) END AS ended_at,
  admin_center.client_platform(session.user_agent) AS platform,
  EXISTS (SELECT FROM admin_center.admin WHERE admin.user_id = session.user_id) AS by_admin
FROM admin_center.session
WHERE session.created_at IS NOT NULL;

-- D1 and D2: active users by window, and the two halves of stickiness. Events of one UTC day are never further apart than
-- a window, so the first and the last of each user's day are enough.
CREATE FUNCTION admin_center.activity_steps(grid timestamptz[])
RETURNS TABLE (fact text, "window" text, tier text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH dated AS MATERIALIZED (
    SELECT user_id, day, min(at) AS first_at, max(at) AS last_at
    FROM (
      SELECT user_id, at, floor(date_part('epoch', at) / 86400)::integer AS day
      FROM admin_center.qualifying_event
      -- Scalar subqueries, so that the bounds are computed once and not for every row.
      WHERE at > (SELECT date_trunc('day', grid[1], 'UTC') - interval '720 hours') AND at <= (SELECT grid[cardinality(grid)]) AND user_id IS NOT NULL
    ) AS event
    GROUP BY user_id, day
  ),
  active_day AS MATERIALIZED (
    SELECT user_id, day, first_at, last_at, lag(last_at) OVER life AS last_before, lead(first_at) OVER life AS first_after,
      lag(day) OVER life AS day_before, lead(day) OVER life AS day_after
    FROM dated
    WINDOW life AS (PARTITION BY user_id ORDER BY day)
  ),
  period AS (
    SELECT days || 'd' AS "window", days * interval '24 hours' AS width FROM (VALUES (1), (7), (30)) AS trailing_days (days)
  ),
  entitled AS MATERIALIZED (
    SELECT user_id, tier, started_at, ended_at FROM admin_center.tier_interval WHERE tier <> 'free'
  ),
  entitled_day AS MATERIALIZED (
    SELECT tier, started_at, ended_at, first_at, last_at, first_after,
      to_timestamp((day + 1) * 86400.0) AS counts_from, to_timestamp((day + 31) * 86400.0) AS counts_until, to_timestamp((day_after + 1) * 86400.0) AS counts_from_after
    FROM entitled JOIN active_day USING (user_id)
  ),
  -- Each active day's share of a user's activity, which the next active day takes over, while they are entitled to more.
  paid AS MATERIALIZED (
    SELECT 'active' AS fact, "window", tier, greatest(first_at, started_at) AS first_at, least(last_at + width, first_after, ended_at) AS until
    FROM entitled_day CROSS JOIN period
    UNION ALL
    SELECT 'monthly', NULL, tier, greatest(counts_from, started_at), least(counts_until, counts_from_after, ended_at) FROM entitled_day
    UNION ALL
    SELECT 'daily', NULL, tier, greatest(counts_from, started_at), least(counts_until, ended_at) FROM entitled_day
  ),
  paid_share AS MATERIALIZED (
    SELECT * FROM paid WHERE first_at < until AND until > grid[1]
  ),
  -- Everybody is free, except while they are entitled to more. A user becomes active with an event that follows on none
  -- within the window (or on one before the grid), and stops one window after an event that none follows. A day counts in
  -- the 30 days after it.
  edge AS (
    SELECT 'active' AS fact, "window", 'free' AS tier, first_at AS at, 1 AS delta
    FROM active_day CROSS JOIN period
    WHERE (last_before IS NULL OR first_at <= grid[1] OR last_before + width < first_at) AND last_at + width > grid[1] AND (first_after IS NULL OR first_after > grid[1])
    UNION ALL
    SELECT 'active', "window", 'free', last_at + width, -1
    FROM active_day CROSS JOIN period
    WHERE (first_after IS NULL OR last_at + width < first_after) AND last_at + width > grid[1]
    UNION ALL
    SELECT 'monthly', NULL, 'free', to_timestamp((day + 1) * 86400.0), 1 FROM active_day WHERE day_before IS NULL OR day - day_before > 30
    UNION ALL
    SELECT 'monthly', NULL, 'free', to_timestamp((day + 31) * 86400.0), -1 FROM active_day WHERE day_after IS NULL OR day_after - day > 30
    UNION ALL
    SELECT 'daily', NULL, 'free', to_timestamp((day + 1) * 86400.0), count(*) FROM active_day GROUP BY day
    UNION ALL
    SELECT 'daily', NULL, 'free', to_timestamp((day + 31) * 86400.0), -count(*) FROM active_day GROUP BY day
    UNION ALL
    SELECT fact, "window", tier, first_at, 1 FROM paid_share
    UNION ALL
    SELECT fact, "window", tier, until, -1 FROM paid_share
    UNION ALL
    SELECT fact, "window", 'free', first_at, -1 FROM paid_share
    UNION ALL
    SELECT fact, "window", 'free', until, 1 FROM paid_share
  ),
  counted AS (
    SELECT fact, "window", tier, admin_center.grid_step(at, grid) AS step, delta FROM edge
  )
  SELECT fact, "window", tier, step, sum(delta)::bigint
  FROM counted
  WHERE step < cardinality(grid)
  GROUP BY fact, "window", tier, step
  HAVING sum(delta) <> 0
$$;

GRANT SELECT ON admin_center.qualifying_event, admin_center.session_span TO admin_center_exporter;
