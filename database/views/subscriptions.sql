-- Recurring revenue, entitlement over time, trials and sales, as intervals: what held from `started_at` until `ended_at`.
-- Definitions D6 to D8 and D11. Money is in minor units of its currency and never added over currencies.

-- Money that was received. A refund or a dispute does not undo a sale; refunds are taken off separately.
CREATE VIEW admin_center.sale AS
SELECT payment_id, user_id, subscription_id, amount_minor, currency, created_at
FROM admin_center.payment
WHERE status IN ('succeeded', 'refunded', 'partially_refunded', 'disputed');

-- How long one paid period of a subscription is. A month, unless the period on its row says otherwise.
CREATE VIEW admin_center.billing_period AS
SELECT
  subscription_id,
  CASE WHEN weeks IS NOT NULL THEN weeks * interval '7 days' ELSE months * interval '1 month' END AS length,
  CASE WHEN weeks IS NOT NULL THEN 52 / 12.0 / weeks ELSE 1.0 / months END AS per_month,
  CASE WHEN weeks = 1 THEN 'week' WHEN months = 1 THEN 'month' WHEN months = 12 THEN 'year' END AS period
FROM (
  SELECT
    subscription_id,
    CASE WHEN days <= 20 THEN greatest(1, round(days / 7)) END AS weeks,
    CASE WHEN days > 20 THEN greatest(1, round(days / 30.4375)) ELSE 1 END AS months
  FROM (
    SELECT subscription_id, extract(epoch FROM current_period_end - current_period_start) / 86400 AS days
    FROM admin_center.subscription
  ) AS measured
) AS rounded;

-- D8. Every sale of a subscription opens an interval, which the next one closes. The last ends when the subscription was
-- canceled; a missing payment ends it 30 days (of dunning) after the paid period, so `ended_at` may be in the future.
-- The tier is that of the price paid. Where the amount is on the price book for two tiers, it is the current tier if the
-- subscription still pays this amount and the other one if it does not.
CREATE VIEW admin_center.mrr_interval AS
WITH paid AS (
  SELECT
    subscription.user_id,
    subscription.subscription_id,
    subscription.tier AS current_tier,
    subscription.status,
    subscription.canceled_at,
    sale.currency,
    sale.amount_minor AS paid_minor,
    round(sale.amount_minor * billing_period.per_month)::bigint AS amount_minor,
    billing_period.period,
    sale.created_at AS started_at,
    sale.created_at + billing_period.length AS paid_until,
    lead(sale.created_at) OVER life AS next_at,
    last_value(sale.amount_minor) OVER (life ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS latest_minor
  FROM admin_center.subscription
  JOIN admin_center.billing_period USING (subscription_id)
  JOIN admin_center.sale ON sale.subscription_id = subscription.subscription_id
  WHERE subscription.status IN ('active', 'past_due', 'canceled')
  WINDOW life AS (PARTITION BY subscription.user_id, subscription.subscription_id ORDER BY sale.created_at, sale.payment_id)
),
bounded AS (
  SELECT
    paid.*,
    least(
      paid_until + interval '30 days',
      next_at,
      CASE WHEN next_at IS NULL AND status = 'canceled' THEN greatest(started_at, coalesce(canceled_at, paid_until)) END
    ) AS ended_at
  FROM paid
)
SELECT
  user_id,
  subscription_id,
  CASE
    WHEN listed.tiers IS NULL THEN current_tier
    WHEN paid_minor = latest_minor AND current_tier = ANY (listed.tiers) THEN current_tier
    ELSE coalesce((array_remove(listed.tiers, current_tier))[1], current_tier)
  END AS tier,
  bounded.currency,
  bounded.amount_minor,
  started_at,
  ended_at
FROM bounded
LEFT JOIN (
  SELECT currency, period, amount_minor, array_agg(tier ORDER BY valid_from DESC, tier) AS tiers, min(valid_from) AS valid_from
  FROM admin_center.price
  GROUP BY currency, period, amount_minor
) AS listed
  ON listed.currency = bounded.currency AND listed.period = bounded.period AND listed.amount_minor = bounded.paid_minor
  AND listed.valid_from <= bounded.started_at
WHERE ended_at > started_at;

-- Every change of a user's recurring revenue in one currency: what the movements are made of, and who is behind them.
CREATE VIEW admin_center.mrr_change AS
WITH edge AS (
  SELECT
    mrr.user_id, mrr.currency, edge.at, sum(edge.delta)::bigint AS delta,
    max(array_position(ARRAY['free', 'premium', 'enterprise'], mrr.tier)) FILTER (WHERE edge.delta > 0) AS tier_started,
    max(array_position(ARRAY['free', 'premium', 'enterprise'], mrr.tier)) AS tier_ended
  FROM admin_center.mrr_interval AS mrr
  CROSS JOIN LATERAL (VALUES (mrr.started_at, mrr.amount_minor), (mrr.ended_at, -mrr.amount_minor)) AS edge (at, delta)
  GROUP BY mrr.user_id, mrr.currency, edge.at
  HAVING sum(edge.delta) <> 0
),
level AS (
  SELECT edge.*, (sum(delta) OVER life)::bigint AS to_minor, row_number() OVER life AS ordinal
  FROM edge
  WINDOW life AS (PARTITION BY user_id, currency ORDER BY at)
)
SELECT
  user_id,
  currency,
  at,
  to_minor - delta AS from_minor,
  to_minor,
  CASE
    WHEN ordinal = 1 THEN 'new'
    WHEN to_minor = delta THEN 'reactivation'
    WHEN to_minor = 0 THEN 'churn'
    WHEN delta > 0 THEN 'expansion'
    ELSE 'contraction'
  END AS component,
  (ARRAY['free', 'premium', 'enterprise'])[coalesce(tier_started, tier_ended)] AS tier
FROM level;

-- Recurring revenue of each user now.
CREATE VIEW admin_center.user_mrr AS
SELECT user_id, currency, sum(amount_minor)::bigint AS amount_minor
FROM admin_center.mrr_interval
WHERE started_at <= now() AND ended_at > now()
GROUP BY user_id, currency
HAVING sum(amount_minor) > 0;

-- The tier a subscription had: that of what was paid, and from the last change of its row on the tier it has now.
CREATE VIEW admin_center.subscription_tier AS
WITH paid AS (
  SELECT user_id, subscription_id, tier, started_at, lag(tier) OVER life AS before, last_value(tier) OVER life_whole AS latest
  FROM admin_center.mrr_interval
  WINDOW
    life AS (PARTITION BY user_id, subscription_id ORDER BY started_at),
    life_whole AS (PARTITION BY user_id, subscription_id ORDER BY started_at ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
),
changed AS (
  SELECT subscription_id, user_id, CASE WHEN before IS NOT NULL THEN started_at END AS started_at, tier, false AS is_current
  FROM paid
  WHERE before IS DISTINCT FROM tier
  UNION ALL
  SELECT
    subscription.subscription_id,
    subscription.user_id,
    CASE WHEN last.tier IS NOT NULL THEN greatest(last.started_at, least(subscription.updated_at, now())) END,
    subscription.tier,
    true
  FROM admin_center.subscription
  LEFT JOIN (SELECT subscription_id, latest AS tier, max(started_at) AS started_at FROM paid GROUP BY 1, 2) AS last USING (subscription_id)
  WHERE last.tier IS DISTINCT FROM subscription.tier
)
SELECT
  subscription_id, user_id, tier, started_at,
  lead(started_at) OVER (PARTITION BY user_id, subscription_id ORDER BY started_at NULLS FIRST, is_current) AS ended_at
FROM changed;

-- Every subscription's life in states and tiers. The host keeps only the present state, so the past is what its dates
-- and payments say: trialing until the end of the trial, then active, then the present state.
CREATE VIEW admin_center.subscription_span AS
WITH failure AS (
  SELECT subscription_id, min(created_at) AS at
  FROM (
    SELECT
      subscription_id, created_at, status,
      max(created_at) FILTER (WHERE status IN ('succeeded', 'refunded', 'partially_refunded', 'disputed'))
        OVER (PARTITION BY subscription_id) AS last_sale_at
    FROM admin_center.payment
    WHERE subscription_id IS NOT NULL
  ) AS attempt
  WHERE status = 'failed' AND (last_sale_at IS NULL OR created_at > last_sale_at)
  GROUP BY subscription_id
),
life AS (
  SELECT
    subscription.subscription_id,
    subscription.user_id,
    subscription.status,
    coalesce(subscription.created_at, 'epoch') AS created_at,
    subscription.trial_end,
    greatest(
      coalesce(subscription.created_at, 'epoch'),
      CASE
        WHEN subscription.status = 'active' AND subscription.trial_end <= now() THEN subscription.trial_end
        WHEN subscription.status = 'past_due' THEN least(now(), coalesce(failure.at, subscription.updated_at))
        WHEN subscription.status = 'canceled' THEN least(now(), coalesce(subscription.canceled_at, subscription.updated_at))
      END
    ) AS since
  FROM admin_center.subscription
  LEFT JOIN failure USING (subscription_id)
),
state AS (
  SELECT subscription_id, user_id, created_at, 'trialing' AS state, created_at AS started_at, least(trial_end, since) AS ended_at FROM life WHERE trial_end IS NOT NULL
  UNION ALL
  SELECT subscription_id, user_id, created_at, 'active', CASE WHEN trial_end IS NULL THEN created_at ELSE greatest(created_at, least(trial_end, since)) END, since FROM life WHERE since > created_at
  UNION ALL
  SELECT subscription_id, user_id, created_at, status, since, NULL FROM life
)
SELECT
  state.subscription_id,
  state.user_id,
  state.created_at,
  state.state,
  tier.tier,
  greatest(state.started_at, tier.started_at) AS started_at,
  least(state.ended_at, tier.ended_at) AS ended_at
FROM state
JOIN admin_center.subscription_tier AS tier
  ON tier.subscription_id = state.subscription_id
  AND (tier.started_at IS NULL OR state.ended_at IS NULL OR tier.started_at < state.ended_at)
  AND (tier.ended_at IS NULL OR tier.ended_at > state.started_at)
WHERE state.ended_at IS NULL OR state.ended_at > state.started_at;

-- The tier each user was entitled to, over their whole life: at any instant the best of their active, trialing and
-- past_due subscriptions, in this order, the newest first; without one it is free. Null bounds are open.
CREATE VIEW admin_center.tier_interval AS
WITH entitling AS (
  SELECT user_id, tier, array_position(ARRAY['active', 'trialing', 'past_due'], state) AS rank, created_at, started_at, ended_at
  FROM admin_center.subscription_span
  WHERE state IN ('active', 'trialing', 'past_due')
),
piece AS (
  SELECT user_id, at AS started_at, lead(at) OVER (PARTITION BY user_id ORDER BY at) AS ended_at
  FROM (
    SELECT user_id, started_at AS at FROM entitling
    UNION
    SELECT user_id, ended_at FROM entitling WHERE ended_at IS NOT NULL
  ) AS bound
),
entitled AS (
  SELECT DISTINCT ON (piece.user_id, piece.started_at) piece.user_id, coalesce(entitling.tier, 'free') AS tier, piece.started_at, piece.ended_at
  FROM piece
  LEFT JOIN entitling
    ON entitling.user_id = piece.user_id AND entitling.started_at <= piece.started_at
    AND (entitling.ended_at IS NULL OR entitling.ended_at > piece.started_at)
  ORDER BY piece.user_id, piece.started_at, entitling.rank, entitling.created_at DESC
)
SELECT user_id, tier, started_at, ended_at FROM entitled
UNION ALL
SELECT account.user_id, 'free', NULL, first.started_at
FROM admin_center.account
LEFT JOIN (SELECT user_id, min(started_at) AS started_at FROM piece GROUP BY user_id) AS first USING (user_id);

-- A trial and how it went. Converted is a first paid invoice above zero, at the latest 7 days after the trial's end (D11).
CREATE VIEW admin_center.trial AS
SELECT
  subscription.subscription_id,
  subscription.user_id,
  subscription.tier,
  coalesce(subscription.trial_start, subscription.created_at, 'epoch') AS started_at,
  least(paid.at, subscription.trial_end, CASE WHEN subscription.status = 'canceled' THEN subscription.canceled_at END) AS ended_at,
  paid.at AS converted_at,
  subscription.trial_end + interval '7 days' AS matured_at
FROM admin_center.subscription
LEFT JOIN (
  SELECT sale.subscription_id, min(sale.created_at) AS at
  FROM admin_center.sale
  JOIN admin_center.subscription USING (subscription_id)
  WHERE sale.amount_minor > 0 AND sale.created_at >= coalesce(subscription.trial_start, subscription.created_at, 'epoch')
  GROUP BY sale.subscription_id
) AS paid ON paid.subscription_id = subscription.subscription_id AND paid.at <= subscription.trial_end + interval '7 days'
WHERE subscription.trial_end IS NOT NULL OR subscription.status = 'trialing';

-- Money that was given back.
CREATE VIEW admin_center.refund_made AS
SELECT refund_id, payment_id, user_id, amount_minor, currency, created_at
FROM admin_center.refund
WHERE status = 'succeeded';

GRANT SELECT ON
  admin_center.sale, admin_center.refund_made, admin_center.mrr_interval, admin_center.mrr_change,
  admin_center.subscription_span, admin_center.tier_interval, admin_center.trial
TO admin_center_exporter;
GRANT SELECT ON
  admin_center.mrr_interval, admin_center.mrr_change, admin_center.user_mrr, admin_center.subscription_span, admin_center.tier_interval, admin_center.trial
TO admin_center_api;
GRANT EXECUTE ON FUNCTION admin_center.tally_payments TO admin_center_api;
