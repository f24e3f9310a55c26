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

-- D20: (margin - discount - reward) / (discount + reward), by campaign and currency, over the 90 days since each member was
-- assigned. Payments are what is left after the discount, refunds taken off, so the discount of who paid is added to revenue
-- before margin is taken: it is a cost once, not twice. A discount that lasts is given again with each later payment of its
-- user until its months are over, or another one that lasts takes its place: an amount as it is, a percent by what was paid
-- after it. With a hold-out only the margin beyond it counts, the hold-out scaled to the size of the treated; without one
-- all of it, and `incremental` is false. A reward is a cost of the campaign whose code the referred user redeemed.
-- A function, so that each campaign is asked for by itself; with the memory that a hundred thousand members take.
CREATE FUNCTION admin_center.campaign_returns(wanted uuid[]) RETURNS TABLE (
  campaign_id uuid, key text, reporting_currency text, currency text, incremental boolean, treated_users bigint, holdout_users bigint, treated_paid_before bigint,
  treated_payers bigint, holdout_payers bigint, treated_minor bigint, holdout_minor bigint, discount_minor bigint, reward_minor bigint, margin_minor bigint, roi double precision
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = admin_center, pg_temp SET work_mem = '64MB' SET jit = off AS $$
WITH member AS (
  SELECT m.campaign_id, m.user_id, m.arm, m.paid_before, m.assigned_at FROM campaign_member m WHERE m.campaign_id = ANY (wanted)
),
taken AS (
  SELECT r.redemption_id, r.campaign_id, r.user_id, r.currency, r.at, r.discount_minor, r.coupon_id FROM redemption r WHERE r.campaign_id = ANY (wanted)
),
-- The host has no index from a user to their payments: all are read, and once.
paid AS MATERIALIZED (
  SELECT m.campaign_id, m.user_id, m.arm, p.payment_id, p.currency, p.amount_minor, p.created_at
  FROM member m
  JOIN payment p
    ON p.user_id = m.user_id AND p.created_at >= m.assigned_at AND p.created_at < m.assigned_at + interval '90 days'
    AND p.status IN ('succeeded', 'refunded', 'partially_refunded', 'disputed')
),
payer AS MATERIALIZED (
  SELECT p.campaign_id, p.user_id, p.arm, p.currency, sum(p.amount_minor) AS paid_minor FROM paid p GROUP BY p.campaign_id, p.user_id, p.arm, p.currency
),
lasting AS (
  SELECT t.redemption_id, t.campaign_id, t.user_id, t.currency, t.at, t.discount_minor, c.percent_off_bp, c.amount_off_minor,
    least(t.at + c.duration_months * interval '1 month', lead(t.at) OVER (PARTITION BY t.campaign_id, t.user_id, t.currency ORDER BY t.at, t.redemption_id), 'infinity') AS until
  FROM taken t JOIN coupon c USING (coupon_id)
  WHERE c.duration <> 'once'
),
-- By lasting discount, of the payments made under it: the first is that of the redemption itself, whose discount is known, so
-- that of the others is given again.
given_again AS (
  SELECT l.campaign_id, l.currency, sum(g.given_minor) - (min(ARRAY[date_part('epoch', p.created_at), g.given_minor::double precision]))[2]::bigint AS again_minor
  FROM paid p
  JOIN lasting l ON l.campaign_id = p.campaign_id AND l.user_id = p.user_id AND l.currency = p.currency AND p.created_at >= l.at AND p.created_at < l.until
  CROSS JOIN LATERAL (
    SELECT CASE
      WHEN p.amount_minor <= 0 OR l.percent_off_bp = 10000 THEN l.discount_minor
      WHEN l.percent_off_bp IS NULL THEN l.amount_off_minor
      -- Halves up.
      ELSE (2 * p.amount_minor * l.percent_off_bp + 10000 - l.percent_off_bp) / (2 * (10000 - l.percent_off_bp))
    END AS given_minor
  ) g
  GROUP BY l.campaign_id, l.currency, l.redemption_id
),
again AS (
  SELECT g.campaign_id, g.currency, sum(g.again_minor) AS discount_minor FROM given_again g GROUP BY g.campaign_id, g.currency
),
refunded AS (
  SELECT p.campaign_id, p.currency,
    sum(f.amount_minor) FILTER (WHERE p.arm = 'treated') AS treated_minor, sum(f.amount_minor) FILTER (WHERE p.arm = 'holdout') AS holdout_minor
  FROM paid p JOIN refund f USING (payment_id)
  WHERE f.status = 'succeeded'
  GROUP BY p.campaign_id, p.currency
),
given AS (
  SELECT t.campaign_id, t.currency, sum(t.discount_minor) AS discount_minor FROM taken t GROUP BY t.campaign_id, t.currency
),
-- Of redemptions by whoever paid.
added AS (
  SELECT t.campaign_id, t.currency, sum(t.discount_minor) AS discount_minor
  FROM taken t JOIN payer p ON t.campaign_id = p.campaign_id AND t.user_id = p.user_id AND t.currency = p.currency
  GROUP BY t.campaign_id, t.currency
),
arms AS (
  SELECT m.campaign_id,
    count(*) FILTER (WHERE m.arm = 'treated') AS treated_users,
    count(*) FILTER (WHERE m.arm = 'holdout') AS holdout_users,
    count(*) FILTER (WHERE m.arm = 'treated' AND m.paid_before) AS treated_paid_before
  FROM member m GROUP BY m.campaign_id
),
earned AS (
  SELECT p.campaign_id, p.currency,
    count(*) FILTER (WHERE p.arm = 'treated') AS treated_payers,
    count(*) FILTER (WHERE p.arm = 'holdout') AS holdout_payers,
    sum(p.paid_minor) FILTER (WHERE p.arm = 'treated') AS treated_minor,
    sum(p.paid_minor) FILTER (WHERE p.arm = 'holdout') AS holdout_minor
  FROM payer p GROUP BY p.campaign_id, p.currency
),
rewarded AS (
  SELECT m.campaign_id, r.reward_currency AS currency, sum(r.reward_minor)::bigint AS reward_minor
  FROM member m JOIN referral r ON r.referee_id = m.user_id AND r.stage = 'rewarded'
  WHERE m.arm = 'treated' GROUP BY m.campaign_id, r.reward_currency
),
currencies AS (
  SELECT e.campaign_id, e.currency FROM earned e UNION SELECT g.campaign_id, g.currency FROM given g UNION SELECT r.campaign_id, r.currency FROM rewarded r
),
summed AS (
  SELECT c.campaign_id, c.key, c.reporting_currency, s.currency, c.margin_share, c.holdout_share > 0 AS incremental,
    coalesce(arms.treated_users, 0) AS treated_users, coalesce(arms.holdout_users, 0) AS holdout_users,
    coalesce(arms.treated_paid_before, 0) AS treated_paid_before,
    coalesce(e.treated_payers, 0) AS treated_payers, coalesce(e.holdout_payers, 0) AS holdout_payers,
    (coalesce(e.treated_minor, 0) - coalesce(f.treated_minor, 0))::bigint AS treated_minor,
    (coalesce(e.holdout_minor, 0) - coalesce(f.holdout_minor, 0))::bigint AS holdout_minor,
    coalesce(e.treated_minor, 0) - coalesce(f.treated_minor, 0) + coalesce(again.discount_minor, 0) + coalesce(added.discount_minor, 0) AS treated_before_discount,
    (coalesce(g.discount_minor, 0) + coalesce(again.discount_minor, 0))::bigint AS discount_minor, coalesce(r.reward_minor, 0) AS reward_minor
  FROM currencies s
  JOIN campaign c USING (campaign_id)
  LEFT JOIN arms USING (campaign_id)
  LEFT JOIN earned e USING (campaign_id, currency)
  LEFT JOIN refunded f USING (campaign_id, currency)
  LEFT JOIN again USING (campaign_id, currency)
  LEFT JOIN added USING (campaign_id, currency)
  LEFT JOIN given g USING (campaign_id, currency)
  LEFT JOIN rewarded r USING (campaign_id, currency)
),
margins AS (
  SELECT summed.*,
    CASE
      WHEN NOT summed.incremental THEN summed.margin_share * summed.treated_before_discount
      -- With nobody in the hold-out yet there is nothing to compare with.
      WHEN summed.holdout_users > 0 THEN summed.margin_share * (summed.treated_before_discount - summed.holdout_minor::numeric * summed.treated_users / summed.holdout_users)
    END AS margin
  FROM summed
)
SELECT m.campaign_id, m.key, m.reporting_currency, m.currency, m.incremental, m.treated_users, m.holdout_users, m.treated_paid_before, m.treated_payers, m.holdout_payers,
  m.treated_minor, m.holdout_minor, m.discount_minor, m.reward_minor,
  round(m.margin)::bigint,
  ((m.margin - m.discount_minor - m.reward_minor) / nullif(m.discount_minor + m.reward_minor, 0))::double precision
FROM margins m
$$;
REVOKE ALL ON FUNCTION admin_center.campaign_returns FROM PUBLIC;

CREATE VIEW admin_center.campaign_return AS
SELECT r.* FROM admin_center.campaign_returns(ARRAY(SELECT c.campaign_id FROM admin_center.campaign c)) r;

-- For the exporter: admincenter_coupon_discount_amount, admincenter_campaign_roi_ratio, the liability of rewards on hold.
-- Sums become what Prometheus keeps, a double: exact up to 2^53, and never an error.
CREATE VIEW admin_center.coupon_discount AS
SELECT coalesce(c.key, 'none') AS campaign, r.currency, sum(r.discount_minor)::double precision AS discount_minor
FROM admin_center.redemption r LEFT JOIN admin_center.campaign c USING (campaign_id)
GROUP BY 1, 2;

-- As the worker keeps it (rollups/campaign-roi.sql). What nobody has computed for this long is shown no more.
CREATE VIEW admin_center.campaign_roi AS
SELECT c.key AS campaign, kept.roi, kept.computed_at
FROM admin_center.campaign_roi_kept kept JOIN admin_center.campaign c USING (campaign_id)
WHERE kept.computed_at > now() - interval '30 minutes';

CREATE VIEW admin_center.referral_liability AS
SELECT reward_currency AS currency, sum(reward_minor)::double precision AS reward_minor
FROM admin_center.referral WHERE stage = 'held' GROUP BY reward_currency;

GRANT SELECT ON admin_center.campaign_return TO admin_center_api;
GRANT EXECUTE ON FUNCTION admin_center.campaign_returns TO admin_center_api;
GRANT SELECT ON admin_center.coupon_discount, admin_center.campaign_roi, admin_center.referral_liability TO admin_center_exporter;
