-- Sessions of the host, and active users by window (D1), as steps on a grid (core.sql).

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

-- Active days without what they are split by.
CREATE VIEW admin_center.active_span AS
SELECT person_id AS user_id, day - '1970-01-01'::date AS day, first_at, last_at FROM admin_center.active_day;

-- D1: active users by window. Events of one UTC day are never further apart than a window, so the first and the last of
-- each user's day are enough.
CREATE FUNCTION admin_center.activity_steps(grid timestamptz[])
RETURNS TABLE (fact text, "window" text, tier text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH active_day AS MATERIALIZED (
    SELECT user_id, first_at, last_at, lag(last_at) OVER life AS last_before, lead(first_at) OVER life AS first_after
    FROM admin_center.active_span
    -- Scalar subqueries, so that the bounds are computed once and not for every row.
    WHERE day >= (SELECT (grid[1] AT TIME ZONE 'UTC')::date - '1970-01-01'::date - 31) AND first_at <= (SELECT grid[cardinality(grid)])
    WINDOW life AS (PARTITION BY user_id ORDER BY day)
  ),
  -- Each user's days once for everybody (no tier), and once more for each tier while they are entitled to it.
  lived AS MATERIALIZED (
    SELECT NULL AS tier, NULL::timestamptz AS started_at, NULL::timestamptz AS ended_at, active_day.* FROM active_day
    UNION ALL
    SELECT entitled.tier, entitled.started_at, entitled.ended_at, active_day.*
    FROM admin_center.tier_interval AS entitled
    JOIN active_day ON active_day.user_id = entitled.user_id
      AND (entitled.started_at IS NULL OR entitled.started_at < last_at + interval '720 hours') AND (entitled.ended_at IS NULL OR entitled.ended_at > first_at)
    WHERE entitled.tier <> 'free'
  ),
  -- A day's activity lasts one window and until the next active day takes over.
  stretch AS NOT MATERIALIZED (
    SELECT days || 'd' AS "window", tier, started_at, ended_at, first_at, last_at + days * interval '24 hours' AS until,
      last_before + days * interval '24 hours' AS until_before, first_after
    FROM lived CROSS JOIN (VALUES (1), (7), (30)) AS period (days)
  ),
  -- Where one stretch goes over into the next nothing changes, so only the outer ends count.
  edge AS (
    SELECT "window", tier, greatest(first_at, started_at) AS at, 1 AS delta
    FROM stretch
    WHERE (until_before < first_at OR until_before IS NULL OR first_at <= started_at OR first_at <= grid[1])
      AND greatest(first_at, started_at) < least(until, first_after, ended_at) AND least(until, first_after, ended_at) > grid[1]
    UNION ALL
    SELECT "window", tier, least(until, ended_at), -1
    FROM stretch
    WHERE (until < first_after OR first_after IS NULL OR first_after >= ended_at)
      AND greatest(first_at, started_at) < least(until, first_after, ended_at) AND least(until, first_after, ended_at) > grid[1]
  ),
  counted AS MATERIALIZED (
    SELECT "window", tier, admin_center.grid_step(at, grid) AS step, sum(delta) AS delta FROM edge GROUP BY 1, 2, 3
  )
  -- Everybody is free, except while they are entitled to more.
  SELECT 'active', "window", share.tier, step, sum(share.delta)::bigint
  FROM (
    SELECT "window", coalesce(tier, 'free') AS tier, step, delta FROM counted
    UNION ALL
    SELECT "window", 'free', step, -delta FROM counted WHERE tier IS NOT NULL
  ) AS share
  WHERE step < cardinality(grid)
  GROUP BY 2, 3, 4
  HAVING sum(share.delta) <> 0
$$;

-- The same numbers now, at the cost of the users of 30 days: their last events and the tiers they are entitled to.
CREATE VIEW admin_center.person_tier AS
SELECT person.last_at, coalesce(directory.tier, 'free') AS tier
FROM admin_center.person LEFT JOIN admin_center.user_directory AS directory ON directory.user_id = person.person_id;

CREATE FUNCTION admin_center.active_users_now()
RETURNS TABLE (fact text, "window" text, tier text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  SELECT 'active', period."window", seen.tier, 0, period.users
  FROM (
    SELECT tier, count(*) FILTER (WHERE last_at > now() - interval '24 hours') AS one, count(*) FILTER (WHERE last_at > now() - interval '168 hours') AS seven, count(*) AS thirty
    FROM admin_center.person_tier
    WHERE last_at > now() - interval '720 hours' AND last_at <= now()
    GROUP BY tier
  ) AS seen
  CROSS JOIN LATERAL (VALUES ('1d', one), ('7d', seven), ('30d', thirty)) AS period ("window", users)
$$;

GRANT SELECT ON admin_center.session_span, admin_center.active_span, admin_center.person_tier TO admin_center_exporter;
