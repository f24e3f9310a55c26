-- Conversion rates (D22) as steps on a grid (core.sql).

-- Users who count, without what names them.
CREATE VIEW admin_center.conversion_account AS
SELECT user_id, created_at FROM admin_center.user_directory WHERE state <> 'deleted';

CREATE VIEW admin_center.conversion_paid AS
SELECT user_id, tier, started_at, ended_at FROM admin_center.paid_span WHERE tier <> 'free';

CREATE VIEW admin_center.conversion_span AS
SELECT paid.* FROM admin_center.conversion_paid AS paid JOIN admin_center.conversion_account USING (user_id);

-- `base` are those who could convert, `converted` those who did. period_30d: users who paid nothing 30 days earlier, or for
-- premium and no more, and first paid periods since. signup_matured_30d: sign-ups of 30 to 60 days ago, or first premium
-- periods of then, and who converted within 30 days of it.
CREATE FUNCTION admin_center.conversion_steps(grid timestamptz[])
RETURNS TABLE (fact text, cohort text, from_tier text, to_tier text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH span AS MATERIALIZED (
    SELECT user_id, tier, started_at, ended_at FROM admin_center.conversion_span
  ),
  joined AS MATERIALIZED (
    SELECT user_id, tier, min(started_at) AS at FROM span GROUP BY user_id, tier
  ),
  first_paid AS MATERIALIZED (
    SELECT DISTINCT ON (user_id) user_id, tier, at FROM joined ORDER BY user_id, at, tier
  ),
  -- What users pay for over time: the best of what they pay for at once.
  edge AS (
    SELECT user_id, at, sum(premium) AS premium, sum(enterprise) AS enterprise
    FROM (
      SELECT user_id, started_at AS at, (tier = 'premium')::integer AS premium, (tier = 'enterprise')::integer AS enterprise FROM span
      UNION ALL
      SELECT user_id, ended_at, -(tier = 'premium')::integer, -(tier = 'enterprise')::integer FROM span
    ) AS bound
    GROUP BY user_id, at
  ),
  level AS (
    SELECT user_id, at, sum(premium) OVER life AS premium, sum(enterprise) OVER life AS enterprise, premium AS joined_premium, enterprise AS joined_enterprise
    FROM edge
    WINDOW life AS (PARTITION BY user_id ORDER BY at)
  ),
  paying AS (
    SELECT
      at,
      (premium > 0 OR enterprise > 0)::integer - (premium - joined_premium > 0 OR enterprise - joined_enterprise > 0)::integer AS any_tier,
      (premium > 0 AND enterprise = 0)::integer - (premium - joined_premium > 0 AND enterprise - joined_enterprise = 0)::integer AS premium_only
    FROM level
  ),
  converted AS (
    SELECT 'free' AS from_tier, first_paid.tier AS to_tier, account.created_at AS joined_at, first_paid.at
    FROM first_paid JOIN admin_center.conversion_account AS account USING (user_id)
    UNION ALL
    SELECT 'premium', 'enterprise', premium.at, enterprise.at
    FROM joined AS premium JOIN joined AS enterprise USING (user_id)
    WHERE premium.tier = 'premium' AND enterprise.tier = 'enterprise' AND enterprise.at > premium.at
  ),
  cohort AS (
    SELECT 'free' AS from_tier, created_at AS joined_at FROM admin_center.conversion_account
    UNION ALL
    SELECT 'premium', at FROM joined WHERE tier = 'premium'
  ),
  counted (fact, cohort, from_tier, to_tier, at, delta) AS (
    SELECT 'base', 'period_30d', 'free', NULL, created_at + interval '720 hours', 1 FROM admin_center.conversion_account
    UNION ALL
    SELECT 'base', 'period_30d', 'free', NULL, at + interval '720 hours', -any_tier FROM paying WHERE any_tier <> 0
    UNION ALL
    SELECT 'base', 'period_30d', 'premium', NULL, at + interval '720 hours', premium_only FROM paying WHERE premium_only <> 0
    UNION ALL
    SELECT 'base', 'signup_matured_30d', from_tier, NULL, joined_at + bound.age, bound.delta FROM cohort CROSS JOIN (VALUES (interval '720 hours', 1), (interval '1440 hours', -1)) AS bound (age, delta)
    UNION ALL
    SELECT 'converted', 'period_30d', from_tier, to_tier, converted.at + bound.age, bound.delta FROM converted CROSS JOIN (VALUES (interval '0', 1), (interval '720 hours', -1)) AS bound (age, delta)
    UNION ALL
    SELECT 'converted', 'signup_matured_30d', from_tier, to_tier, joined_at + bound.age, bound.delta
    FROM converted CROSS JOIN (VALUES (interval '720 hours', 1), (interval '1440 hours', -1)) AS bound (age, delta)
    WHERE converted.at <= joined_at + interval '720 hours'
  ),
  placed AS (
    SELECT fact, cohort, from_tier, to_tier, admin_center.grid_step(at, grid) AS step, delta FROM counted
  )
  SELECT fact, cohort, from_tier, to_tier, step, sum(delta)
  FROM placed
  WHERE step < cardinality(grid)
  GROUP BY fact, cohort, from_tier, to_tier, step
  HAVING sum(delta) <> 0
$$;

-- The same at present: one pass over accounts, and else what is at the edges of the two months.
CREATE FUNCTION admin_center.conversion_now()
RETURNS TABLE (fact text, cohort text, from_tier text, to_tier text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  -- Who paid a month ago, by the best of what they paid for.
  WITH payer AS MATERIALIZED (
    SELECT user_id, bool_or(tier = 'enterprise') AS is_enterprise
    FROM admin_center.conversion_paid
    WHERE started_at <= now() - interval '720 hours' AND ended_at > now() - interval '720 hours'
    GROUP BY user_id
  ),
  standing AS MATERIALIZED (
    SELECT count(*) FILTER (WHERE payer.user_id IS NULL) AS free, count(*) FILTER (WHERE NOT payer.is_enterprise) AS premium
    FROM admin_center.conversion_account AS account
    LEFT JOIN payer USING (user_id)
    WHERE account.created_at <= now() - interval '720 hours'
  ),
  -- First periods of a tier in the last two months.
  joined AS MATERIALIZED (
    SELECT account.user_id, account.created_at, paid.tier, paid.started_at AS at
    FROM admin_center.conversion_paid AS paid
    JOIN admin_center.conversion_account AS account USING (user_id)
    WHERE paid.started_at > now() - interval '1440 hours' AND paid.started_at <= now()
      AND NOT EXISTS (SELECT FROM admin_center.conversion_paid AS earlier WHERE earlier.user_id = paid.user_id AND earlier.tier = paid.tier AND earlier.started_at < paid.started_at)
  ),
  converted AS MATERIALIZED (
    SELECT 'free' AS from_tier, tier AS to_tier, created_at AS joined_at, at
    FROM joined
    WHERE NOT EXISTS (SELECT FROM admin_center.conversion_paid AS first WHERE first.user_id = joined.user_id AND (first.started_at, first.tier) < (joined.at, joined.tier))
    UNION ALL
    SELECT 'premium', 'enterprise', premium.at, enterprise.at
    FROM joined AS enterprise
    CROSS JOIN LATERAL (SELECT min(started_at) AS at FROM admin_center.conversion_paid WHERE user_id = enterprise.user_id AND tier = 'premium') AS premium
    WHERE enterprise.tier = 'enterprise' AND premium.at < enterprise.at
  )
  SELECT 'base', 'period_30d', from_tier, NULL::text, 0, delta FROM standing CROSS JOIN LATERAL (VALUES ('free', free), ('premium', premium)) AS base (from_tier, delta)
  UNION ALL
  SELECT 'base', 'signup_matured_30d', 'free', NULL, 0, count(*) FROM admin_center.conversion_account WHERE created_at > now() - interval '1440 hours' AND created_at <= now() - interval '720 hours'
  UNION ALL
  SELECT 'base', 'signup_matured_30d', 'premium', NULL, 0, count(*) FROM joined WHERE tier = 'premium' AND at <= now() - interval '720 hours'
  UNION ALL
  SELECT 'converted', 'period_30d', from_tier, to_tier, 0, count(*) FROM converted WHERE at > now() - interval '720 hours' GROUP BY from_tier, to_tier
  UNION ALL
  SELECT 'converted', 'signup_matured_30d', from_tier, to_tier, 0, count(*)
  FROM converted
  WHERE joined_at > now() - interval '1440 hours' AND joined_at <= now() - interval '720 hours' AND at <= joined_at + interval '720 hours'
  GROUP BY from_tier, to_tier
$$;

GRANT SELECT ON admin_center.conversion_account, admin_center.conversion_paid, admin_center.conversion_span TO admin_center_exporter, admin_center_api;
