-- The metrics of subscriptions as steps on a grid (core.sql), from the intervals of subscriptions.sql.

-- Subscriptions by state and tier; trials by outcome, and those that matured in the trailing 30 days (D11).
CREATE FUNCTION admin_center.subscription_steps(grid timestamptz[])
RETURNS TABLE (fact text, state text, tier text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH trial AS MATERIALIZED (
    SELECT * FROM admin_center.trial WHERE started_at <= grid[cardinality(grid)]
  ),
  span AS MATERIALIZED (
    SELECT 'subscriptions' AS fact, state, tier, started_at, ended_at FROM admin_center.subscription_span
    UNION ALL
    SELECT 'trials', 'running', tier, started_at, ended_at FROM trial WHERE ended_at IS NULL OR ended_at > started_at
    UNION ALL
    SELECT 'trials', 'expired', tier, ended_at, converted_at FROM trial WHERE ended_at IS NOT NULL AND converted_at IS DISTINCT FROM ended_at
    UNION ALL
    SELECT 'trials', 'converted', tier, converted_at, NULL FROM trial WHERE converted_at IS NOT NULL
    UNION ALL
    SELECT 'matured', CASE WHEN converted_at IS NULL THEN 'expired' ELSE 'converted' END, NULL, matured_at, matured_at + interval '720 hours'
    FROM trial WHERE matured_at IS NOT NULL
  ),
  counted AS (
    SELECT fact, state, tier, admin_center.grid_step(started_at, grid) AS step, 1 AS delta FROM span
    UNION ALL
    SELECT fact, state, tier, admin_center.grid_step(ended_at, grid), -1 FROM span WHERE ended_at IS NOT NULL
  )
  SELECT fact, state, tier, step, sum(delta)
  FROM counted
  WHERE step < cardinality(grid)
  GROUP BY fact, state, tier, step
  HAVING sum(delta) <> 0
$$;

-- Recurring revenue by tier, who pays it, how it moved over 30 and 90 days (D6 to D8), and sales and refunds of 30 days.
-- Money is in minor units. A movement without a currency counts users who pay in any currency.
CREATE FUNCTION admin_center.revenue_steps(grid timestamptz[])
RETURNS TABLE (fact text, "window" text, component text, tier text, currency text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH mrr AS MATERIALIZED (
    SELECT * FROM admin_center.mrr_interval WHERE started_at <= grid[cardinality(grid)] AND amount_minor > 0
  ),
  -- Changes of each user's revenue. Those before the longest window are one, at its beginning: it says that they have paid
  -- before, also where nothing is left of it.
  change AS (
    SELECT user_id, currency, at, sum(delta)::bigint AS delta
    FROM (
      SELECT user_id, currency, greatest(started_at, grid[1] - interval '2160 hours') AS at, amount_minor AS delta FROM mrr
      UNION ALL
      SELECT user_id, currency, greatest(ended_at, grid[1] - interval '2160 hours'), -amount_minor FROM mrr
    ) AS bound
    GROUP BY user_id, currency, at
    HAVING sum(delta) <> 0 OR at = grid[1] - interval '2160 hours'
  ),
  level AS MATERIALIZED (
    SELECT user_id, currency, at, delta, sum(delta) OVER (PARTITION BY user_id, currency ORDER BY at) AS amount
    FROM change
    WHERE at <= grid[cardinality(grid)]
  ),
  -- A user is one payer, however many currencies and subscriptions they pay in.
  payer AS (
    SELECT user_id, at, (currencies > 0)::integer - (currencies - joined > 0)::integer AS delta
    FROM (
      SELECT user_id, at, joined, sum(joined) OVER (PARTITION BY user_id ORDER BY at) AS currencies
      FROM (SELECT user_id, at, sum((amount > 0)::integer - (amount - delta > 0)::integer) AS joined FROM level GROUP BY user_id, at) AS per_user
    ) AS counted
  ),
  -- Revenue at an instant beside revenue one window earlier: every change happens twice, the second time in the past.
  -- What happened before the grid has happened at its first point.
  doubled AS (
    SELECT user_id, currency, days, at, sum(delta_now) AS delta_now, sum(delta_then) AS delta_then, bool_or(in_past) AS in_past
    FROM (
      SELECT user_id, currency, days, greatest(at, grid[1]) AS at, delta AS delta_now, 0 AS delta_then, false AS in_past
      FROM (SELECT user_id, currency, at, delta FROM level UNION ALL SELECT user_id, NULL, at, delta FROM payer) AS either CROSS JOIN (VALUES (30), (90)) AS period (days)
      UNION ALL
      SELECT user_id, currency, days, greatest(at + days * interval '24 hours', grid[1]), 0, delta, true
      FROM (SELECT user_id, currency, at, delta FROM level UNION ALL SELECT user_id, NULL, at, delta FROM payer) AS either CROSS JOIN (VALUES (30), (90)) AS period (days)
    ) AS either_time
    WHERE at <= grid[cardinality(grid)]
    GROUP BY user_id, currency, days, at
  ),
  compared AS (
    SELECT
      currency, days, at,
      lead(at) OVER life AS until,
      sum(delta_now) OVER life AS amount_now,
      sum(delta_then) OVER life AS amount_then,
      bool_or(in_past) OVER life AS paid_before
    FROM doubled
    WINDOW life AS (PARTITION BY user_id, currency, days ORDER BY at)
  ),
  moved AS MATERIALIZED (
    SELECT
      days, currency, at, until,
      CASE
        WHEN amount_then = 0 THEN CASE WHEN paid_before THEN 'reactivation' ELSE 'new' END
        WHEN amount_now = 0 THEN 'churn'
        WHEN amount_now > amount_then THEN 'expansion'
        ELSE 'contraction'
      END AS component,
      abs(amount_now - amount_then) AS amount,
      amount_then
    FROM compared
    WHERE amount_now <> amount_then OR amount_then <> 0
  ),
  -- The tier of a user with several subscriptions is the highest they pay for.
  paying AS MATERIALIZED (
    SELECT
      CASE WHEN sum(enterprise) OVER life > 0 THEN 'enterprise' WHEN sum(premium) OVER life > 0 THEN 'premium' WHEN sum(free) OVER life > 0 THEN 'free' END AS tier,
      at,
      lead(at) OVER life AS until
    FROM (
      SELECT
        user_id, at,
        coalesce(sum(delta) FILTER (WHERE tier = 'enterprise'), 0) AS enterprise,
        coalesce(sum(delta) FILTER (WHERE tier = 'premium'), 0) AS premium,
        coalesce(sum(delta) FILTER (WHERE tier = 'free'), 0) AS free
      FROM (
        SELECT user_id, tier, started_at AS at, 1 AS delta FROM mrr
        UNION ALL
        SELECT user_id, tier, ended_at, -1 FROM mrr
      ) AS bound
      GROUP BY user_id, at
    ) AS edge
    WINDOW life AS (PARTITION BY user_id ORDER BY at)
  ),
  money AS MATERIALIZED (
    SELECT 'gross' AS kind, currency, amount_minor, created_at FROM admin_center.sale WHERE created_at > grid[1] - interval '720 hours'
    UNION ALL
    SELECT 'refunded', currency, amount_minor, created_at FROM admin_center.refund_made WHERE created_at > grid[1] - interval '720 hours'
  ),
  edge AS (
    SELECT 'mrr' AS fact, NULL AS "window", NULL AS component, tier, currency, started_at AS at, amount_minor AS delta FROM mrr
    UNION ALL
    SELECT 'mrr', NULL, NULL, tier, currency, ended_at, -amount_minor FROM mrr
    UNION ALL
    SELECT 'payers', NULL, NULL, NULL, currency, at, (amount > 0)::integer - (amount - delta > 0)::integer FROM level
    UNION ALL
    SELECT 'paying', NULL, NULL, tier, NULL, at, 1 FROM paying WHERE tier IS NOT NULL
    UNION ALL
    SELECT 'paying', NULL, NULL, tier, NULL, until, -1 FROM paying WHERE tier IS NOT NULL AND until IS NOT NULL
    UNION ALL
    SELECT 'movement', days || 'd', component, NULL, currency, at, amount FROM moved WHERE amount <> 0
    UNION ALL
    SELECT 'movement', days || 'd', component, NULL, currency, until, -amount FROM moved WHERE amount <> 0 AND until IS NOT NULL
    UNION ALL
    SELECT 'movement', days || 'd', 'start', NULL, currency, at, amount_then FROM moved
    UNION ALL
    SELECT 'movement', days || 'd', 'start', NULL, currency, until, -amount_then FROM moved WHERE until IS NOT NULL
    UNION ALL
    SELECT 'sales', NULL, kind, NULL, currency, created_at, amount_minor FROM money
    UNION ALL
    SELECT 'sales', NULL, kind, NULL, currency, created_at + interval '720 hours', -amount_minor FROM money
  ),
  counted AS (
    SELECT fact, "window", component, tier, currency, admin_center.grid_step(at, grid) AS step, delta FROM edge
  )
  SELECT fact, "window", component, tier, currency, step, sum(delta)::bigint
  FROM counted
  WHERE step < cardinality(grid)
  GROUP BY fact, "window", component, tier, currency, step
  HAVING sum(delta) <> 0
$$;
