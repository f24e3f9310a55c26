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

-- D1 and D2: active users by window, and the two halves of stickiness. A step must divide a day, so that the windows are
-- whole numbers of steps. Events of one UTC day are never further apart than a window: its first and last are enough.
CREATE FUNCTION admin_center.activity_steps(grid_from timestamptz, grid_to timestamptz, grid_seconds integer)
RETURNS TABLE (fact text, "window" text, tier text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH active_day AS MATERIALIZED (
    SELECT
      dated.*,
      lag(last) OVER life AS last_before, lead(first) OVER life AS first_after,
      lag(day_end) OVER life AS day_end_before, lead(day_end) OVER life AS day_end_after
    FROM (
      SELECT
        user_id, day,
        ceil(date_part('epoch', min(at) - grid_from) / grid_seconds)::integer AS first,
        ceil(date_part('epoch', max(at) - grid_from) / grid_seconds)::integer AS last,
        ceil(((day + 1) * 86400.0 - date_part('epoch', grid_from)) / grid_seconds)::integer AS day_end
      FROM (
        SELECT user_id, at, floor(date_part('epoch', at) / 86400)::integer AS day
        FROM admin_center.qualifying_event
        -- Scalar subqueries, so that the bounds are computed once and not for every row.
        WHERE at > (SELECT date_trunc('day', grid_from, 'UTC') - interval '30 days') AND at <= (SELECT grid_to) AND user_id IS NOT NULL
      ) AS event
      GROUP BY user_id, day
    ) AS dated
    WINDOW life AS (PARTITION BY user_id ORDER BY day)
  ),
  period AS (
    SELECT days || 'd' AS "window", days * 86400 / grid_seconds AS steps FROM (VALUES (1), (7), (30)) AS width (days)
  ),
  month AS (
    SELECT 30 * 86400 / grid_seconds AS steps
  ),
  entitled AS MATERIALIZED (
    SELECT user_id, tier, coalesce(admin_center.grid_step(started_at, grid_from, grid_seconds), 0) AS first, admin_center.grid_step(ended_at, grid_from, grid_seconds) AS until
    FROM admin_center.tier_interval
    WHERE tier <> 'free'
  ),
  entitled_day AS MATERIALIZED (
    SELECT active_day.*, entitled.tier, entitled.first AS entitled_from, entitled.until AS entitled_until
    FROM entitled JOIN active_day USING (user_id)
  ),
  -- Each active day's share of a user's activity, which the next active day takes over, while they are entitled to more.
  paid AS MATERIALIZED (
    SELECT 'active' AS fact, "window", tier, greatest(first, entitled_from) AS first, least(last + steps, first_after, entitled_until) AS until
    FROM entitled_day CROSS JOIN period
    WHERE last + steps > 0
    UNION ALL
    SELECT 'monthly', NULL, tier, greatest(day_end, entitled_from), least(day_end + steps, day_end_after, entitled_until)
    FROM entitled_day CROSS JOIN month
    WHERE day_end + steps > 0
    UNION ALL
    SELECT 'daily', NULL, tier, greatest(day_end, entitled_from), least(day_end + steps, entitled_until)
    FROM entitled_day CROSS JOIN month
    WHERE day_end + steps > 0
  ),
  -- Everybody is free, except while they are entitled to more. A user becomes active with an event that follows on none
  -- within the window (or on one before the grid), and stops one window after an event that none follows.
  counted AS (
    SELECT 'active' AS fact, "window", 'free' AS tier, greatest(first, 0) AS step, 1 AS delta
    FROM active_day CROSS JOIN period
    WHERE last + steps > 0 AND (first_after IS NULL OR first_after > 0) AND (last_before IS NULL OR first <= 0 OR first - last_before > steps)
    UNION ALL
    SELECT 'active', "window", 'free', last + steps, -1
    FROM active_day CROSS JOIN period
    WHERE last + steps > 0 AND (first_after IS NULL OR first_after - last > steps)
    UNION ALL
    SELECT 'monthly', NULL, 'free', greatest(day_end, 0), 1
    FROM active_day CROSS JOIN month
    WHERE day_end + steps > 0 AND (day_end_after IS NULL OR day_end_after > 0) AND (day_end_before IS NULL OR day_end <= 0 OR day_end - day_end_before > steps)
    UNION ALL
    SELECT 'monthly', NULL, 'free', day_end + steps, -1
    FROM active_day CROSS JOIN month
    WHERE day_end + steps > 0 AND (day_end_after IS NULL OR day_end_after - day_end > steps)
    UNION ALL
    SELECT 'daily', NULL, 'free', greatest(day_end, 0), count(*) FROM active_day CROSS JOIN month WHERE day_end + steps > 0 GROUP BY day_end
    UNION ALL
    SELECT 'daily', NULL, 'free', day_end + steps, -count(*) FROM active_day CROSS JOIN month WHERE day_end + steps > 0 GROUP BY day_end, steps
    UNION ALL
    SELECT fact, "window", tier, first, 1 FROM paid WHERE first < until
    UNION ALL
    SELECT fact, "window", tier, until, -1 FROM paid WHERE first < until
    UNION ALL
    SELECT fact, "window", 'free', first, -1 FROM paid WHERE first < until
    UNION ALL
    SELECT fact, "window", 'free', until, 1 FROM paid WHERE first < until
  )
  SELECT fact, "window", tier, step, sum(delta)::bigint
  FROM counted
  WHERE step <= admin_center.grid_last(grid_from, grid_to, grid_seconds)
  GROUP BY fact, "window", tier, step
  HAVING sum(delta) <> 0
$$;

GRANT SELECT ON admin_center.qualifying_event, admin_center.session_span TO admin_center_exporter;
