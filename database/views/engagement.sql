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
  -- Each user's days once for everybody (no tier), and once more for each tier while they are entitled to it.
  lived AS MATERIALIZED (
    SELECT NULL AS tier, NULL::timestamptz AS started_at, NULL::timestamptz AS ended_at, active_day.* FROM active_day
    UNION ALL
    SELECT entitled.tier, entitled.started_at, entitled.ended_at, active_day.*
    FROM admin_center.tier_interval AS entitled
    JOIN active_day ON active_day.user_id = entitled.user_id
      AND (entitled.started_at IS NULL OR entitled.started_at < last_at + interval '768 hours') AND (entitled.ended_at IS NULL OR entitled.ended_at > first_at)
    WHERE entitled.tier <> 'free'
  ),
  -- A day's activity lasts one window and until the next active day takes over. A day counts in the 30 days after it:
  -- one by one for the daily mean, taking over from one another for the monthly users.
  stretch AS NOT MATERIALIZED (
    SELECT 'active' AS fact, days || 'd' AS "window", tier, started_at, ended_at, first_at, last_at + days * interval '24 hours' AS until,
      last_before + days * interval '24 hours' AS until_before, first_after
    FROM lived CROSS JOIN (VALUES (1), (7), (30)) AS period (days)
    UNION ALL
    SELECT 'monthly', NULL, tier, started_at, ended_at, to_timestamp((day + 1) * 86400.0), to_timestamp((day + 31) * 86400.0),
      to_timestamp((day_before + 31) * 86400.0), to_timestamp((day_after + 1) * 86400.0)
    FROM lived
  ),
  -- Where one stretch goes over into the next nothing changes, so only the outer ends count.
  edge AS (
    SELECT fact, "window", tier, greatest(first_at, started_at) AS at, 1 AS delta
    FROM stretch
    WHERE (until_before < first_at OR until_before IS NULL OR first_at <= started_at OR first_at <= grid[1])
      AND greatest(first_at, started_at) < least(until, first_after, ended_at) AND least(until, first_after, ended_at) > grid[1]
    UNION ALL
    SELECT fact, "window", tier, least(until, ended_at), -1
    FROM stretch
    WHERE (until < first_after OR first_after IS NULL OR first_after >= ended_at)
      AND greatest(first_at, started_at) < least(until, first_after, ended_at) AND least(until, first_after, ended_at) > grid[1]
    UNION ALL
    SELECT 'daily', NULL, tier, greatest(to_timestamp((day + 1) * 86400.0), started_at), count(*)
    FROM lived
    WHERE greatest(to_timestamp((day + 1) * 86400.0), started_at) < least(to_timestamp((day + 31) * 86400.0), ended_at)
    GROUP BY tier, 4
    UNION ALL
    SELECT 'daily', NULL, tier, least(to_timestamp((day + 31) * 86400.0), ended_at), -count(*)
    FROM lived
    WHERE greatest(to_timestamp((day + 1) * 86400.0), started_at) < least(to_timestamp((day + 31) * 86400.0), ended_at)
    GROUP BY tier, 4
  ),
  counted AS MATERIALIZED (
    SELECT fact, "window", tier, admin_center.grid_step(at, grid) AS step, sum(delta) AS delta FROM edge GROUP BY 1, 2, 3, 4
  )
  -- Everybody is free, except while they are entitled to more.
  SELECT fact, "window", share.tier, step, sum(share.delta)::bigint
  FROM (
    SELECT fact, "window", coalesce(tier, 'free') AS tier, step, delta FROM counted
    UNION ALL
    SELECT fact, "window", 'free', step, -delta FROM counted WHERE tier IS NOT NULL
  ) AS share
  WHERE step < cardinality(grid)
  GROUP BY 1, 2, 3, 4
  HAVING sum(share.delta) <> 0
$$;

GRANT SELECT ON admin_center.qualifying_event, admin_center.session_span TO admin_center_exporter;
