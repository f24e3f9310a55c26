-- States of coupons and campaigns at an instant, what campaigns brought (D20), and the numbers of promotions. No column
-- that the exporter reads names a person.

CREATE FUNCTION admin_center.coupon_state(c admin_center.coupon, at timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN c.status <> 'active' THEN c.status
    WHEN c.times_redeemed >= c.max_redemptions THEN 'exhausted'
    WHEN c.redeem_by < at THEN 'expired'
    ELSE 'active'
  END
$$;

-- A campaign is exhausted when it has budgets and each of them has refused a redemption or is spent to the last unit.
CREATE FUNCTION admin_center.campaign_state(c admin_center.campaign, at timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN c.status <> 'active' THEN c.status
    WHEN c.ends_at <= at THEN 'over'
    WHEN (SELECT bool_and(b.exhausted_at IS NOT NULL OR b.spent_minor = b.limit_minor) FROM admin_center.campaign_budget b WHERE b.campaign_id = c.campaign_id) THEN 'exhausted'
    WHEN c.starts_at > at THEN 'scheduled'
    ELSE 'running'
  END
$$;

-- What each member of a campaign paid in the 90 days since they were assigned, refunds taken off, by currency.
CREATE VIEW admin_center.campaign_member_revenue AS
SELECT m.campaign_id, m.user_id, m.arm, p.currency, sum(p.amount_minor - coalesce(r.refunded_minor, 0))::bigint AS revenue_minor
FROM admin_center.campaign_member m
JOIN admin_center.payment p
  ON p.user_id = m.user_id AND p.created_at >= m.assigned_at AND p.created_at < m.assigned_at + interval '90 days'
  AND p.status IN ('succeeded', 'refunded', 'partially_refunded', 'disputed')
LEFT JOIN (
  SELECT payment_id, sum(amount_minor) AS refunded_minor FROM admin_center.refund WHERE status = 'succeeded' GROUP BY payment_id
) r ON r.payment_id = p.payment_id
GROUP BY m.campaign_id, m.user_id, m.arm, p.currency;

-- D20: (margin - discount - reward) / (discount + reward), by campaign and currency. Payments are what is left after the
-- discount, so the discount of who paid is added to revenue before margin is taken: it is a cost once, not twice. With a
-- hold-out only the margin beyond it counts, the hold-out scaled to the size of the treated; without one all of it, and
-- `incremental` is false. A reward is a cost of the campaign whose code the referred user redeemed.
CREATE VIEW admin_center.campaign_return AS
WITH arms AS (
  SELECT campaign_id,
    count(*) FILTER (WHERE arm = 'treated') AS treated_users,
    count(*) FILTER (WHERE arm = 'holdout') AS holdout_users,
    count(*) FILTER (WHERE arm = 'treated' AND paid_before) AS treated_paid_before
  FROM admin_center.campaign_member GROUP BY campaign_id
),
given_to AS (
  SELECT campaign_id, user_id, currency, sum(discount_minor) AS discount_minor
  FROM admin_center.redemption WHERE campaign_id IS NOT NULL GROUP BY campaign_id, user_id, currency
),
given AS (
  SELECT campaign_id, currency, sum(discount_minor)::bigint AS discount_minor FROM given_to GROUP BY campaign_id, currency
),
paid AS (
  SELECT campaign_id, currency,
    count(*) FILTER (WHERE arm = 'treated') AS treated_payers,
    count(*) FILTER (WHERE arm = 'holdout') AS holdout_payers,
    coalesce(sum(revenue_minor) FILTER (WHERE arm = 'treated'), 0)::bigint AS treated_minor,
    coalesce(sum(revenue_minor) FILTER (WHERE arm = 'holdout'), 0)::bigint AS holdout_minor,
    coalesce(sum(revenue_minor + coalesce(given_to.discount_minor, 0)) FILTER (WHERE arm = 'treated'), 0) AS treated_before_discount
  FROM admin_center.campaign_member_revenue LEFT JOIN given_to USING (campaign_id, user_id, currency)
  GROUP BY campaign_id, currency
),
rewarded AS (
  SELECT m.campaign_id, r.reward_currency AS currency, sum(r.reward_minor)::bigint AS reward_minor
  FROM admin_center.campaign_member m
  JOIN admin_center.referral r ON r.referee_id = m.user_id AND r.stage = 'rewarded'
  WHERE m.arm = 'treated' GROUP BY m.campaign_id, r.reward_currency
),
currencies AS (
  SELECT campaign_id, currency FROM paid UNION SELECT campaign_id, currency FROM given UNION SELECT campaign_id, currency FROM rewarded
),
summed AS (
  SELECT c.campaign_id, c.key, c.reporting_currency, currencies.currency, c.margin_share, c.holdout_share > 0 AS incremental,
    coalesce(arms.treated_users, 0) AS treated_users, coalesce(arms.holdout_users, 0) AS holdout_users,
    coalesce(arms.treated_paid_before, 0) AS treated_paid_before,
    coalesce(paid.treated_payers, 0) AS treated_payers, coalesce(paid.holdout_payers, 0) AS holdout_payers,
    coalesce(paid.treated_minor, 0) AS treated_minor, coalesce(paid.treated_before_discount, 0) AS treated_before_discount, coalesce(paid.holdout_minor, 0) AS holdout_minor,
    coalesce(given.discount_minor, 0) AS discount_minor, coalesce(rewarded.reward_minor, 0) AS reward_minor
  FROM currencies
  JOIN admin_center.campaign c USING (campaign_id)
  LEFT JOIN arms USING (campaign_id)
  LEFT JOIN paid USING (campaign_id, currency)
  LEFT JOIN given USING (campaign_id, currency)
  LEFT JOIN rewarded USING (campaign_id, currency)
),
margins AS (
  SELECT summed.*,
    CASE
      WHEN NOT incremental THEN margin_share * treated_before_discount
      -- With nobody in the hold-out yet there is nothing to compare with.
      WHEN holdout_users > 0 THEN margin_share * (treated_before_discount - holdout_minor::numeric * treated_users / holdout_users)
    END AS margin
  FROM summed
)
SELECT campaign_id, key, reporting_currency, currency, incremental, treated_users, holdout_users, treated_paid_before, treated_payers, holdout_payers,
  treated_minor, holdout_minor, discount_minor, reward_minor,
  round(margin)::bigint AS margin_minor,
  ((margin - discount_minor - reward_minor) / nullif(discount_minor + reward_minor, 0))::double precision AS roi
FROM margins;

-- For the exporter: admincenter_coupon_discount_amount, admincenter_campaign_roi_ratio, the liability of rewards on hold.
CREATE VIEW admin_center.coupon_discount AS
SELECT coalesce(c.key, 'none') AS campaign, r.currency, sum(r.discount_minor)::bigint AS discount_minor
FROM admin_center.redemption r LEFT JOIN admin_center.campaign c USING (campaign_id)
GROUP BY 1, 2;

-- Of the newest campaigns only: ratios beyond the 200 labels there are cannot be added up under one name.
CREATE VIEW admin_center.campaign_roi AS
SELECT r.key AS campaign, r.roi
FROM admin_center.campaign_return r
JOIN (SELECT campaign_id FROM admin_center.campaign WHERE holdout_share > 0 ORDER BY created_at DESC, campaign_id LIMIT 200) newest USING (campaign_id)
WHERE r.incremental AND r.currency = r.reporting_currency AND r.roi IS NOT NULL;

CREATE VIEW admin_center.referral_liability AS
SELECT reward_currency AS currency, sum(reward_minor)::bigint AS reward_minor
FROM admin_center.referral WHERE stage = 'held' GROUP BY reward_currency;

GRANT SELECT ON admin_center.campaign_return, admin_center.campaign_member_revenue TO admin_center_api;
GRANT SELECT ON admin_center.coupon_discount, admin_center.campaign_roi, admin_center.referral_liability TO admin_center_exporter;
