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
  SELECT r.redemption_id, r.campaign_id, r.user_id, r.currency, r.at, r.discount_minor FROM redemption r WHERE r.campaign_id = ANY (wanted)
),
lasting AS (
  SELECT r.redemption_id, r.campaign_id, r.user_id, r.currency, r.at, r.discount_minor, c.percent_off_bp, c.amount_off_minor,
    least(r.at + c.duration_months * interval '1 month', lead(r.at) OVER (PARTITION BY r.campaign_id, r.user_id, r.currency ORDER BY r.at, r.redemption_id), 'infinity') AS until
  FROM redemption r JOIN coupon c USING (coupon_id)
  WHERE r.campaign_id = ANY (wanted) AND c.duration <> 'once'
),
-- By member and the lasting discount, if any, that their payments were made under; of those payments the first is that of
-- the redemption itself, whose discount is known, so that of the others is given again.
paid_under AS (
  SELECT p.campaign_id, p.user_id, p.arm, p.currency, sum(p.amount_minor) AS paid_minor, coalesce(sum(p.given_minor) - (min(p.first))[2]::bigint, 0) AS again_minor
  FROM (
    SELECT m.campaign_id, m.user_id, m.arm, p.currency, l.redemption_id, p.amount_minor, g.given_minor,
      CASE WHEN g.given_minor IS NOT NULL THEN ARRAY[date_part('epoch', p.created_at), g.given_minor::double precision] END AS first
    FROM member m
    JOIN payment p
      ON p.user_id = m.user_id AND p.created_at >= m.assigned_at AND p.created_at < m.assigned_at + interval '90 days'
      AND p.status IN ('succeeded', 'refunded', 'partially_refunded', 'disputed')
    LEFT JOIN lasting l ON l.campaign_id = m.campaign_id AND l.user_id = m.user_id AND l.currency = p.currency AND p.created_at >= l.at AND p.created_at < l.until
    CROSS JOIN LATERAL (
      SELECT CASE
        WHEN p.amount_minor <= 0 OR l.percent_off_bp = 10000 THEN l.discount_minor
        WHEN l.percent_off_bp IS NULL THEN l.amount_off_minor
        -- Halves up.
        ELSE (2 * p.amount_minor * l.percent_off_bp + 10000 - l.percent_off_bp) / (2 * (10000 - l.percent_off_bp))
      END AS given_minor
    ) g
  ) p
  GROUP BY p.campaign_id, p.user_id, p.arm, p.currency, p.redemption_id
),
paid_by AS (
  SELECT u.campaign_id, u.user_id, u.arm, u.currency, sum(u.paid_minor) AS paid_minor, sum(u.again_minor) AS again_minor
  FROM paid_under u GROUP BY u.campaign_id, u.user_id, u.arm, u.currency
),
refunded AS (
  SELECT m.campaign_id, p.currency, m.arm, sum(f.amount_minor) AS refunded_minor
  FROM refund f
  JOIN payment p USING (payment_id)
  JOIN member m
    ON m.user_id = p.user_id AND p.created_at >= m.assigned_at AND p.created_at < m.assigned_at + interval '90 days'
    AND p.status IN ('succeeded', 'refunded', 'partially_refunded', 'disputed')
  WHERE f.status = 'succeeded'
  GROUP BY m.campaign_id, p.currency, m.arm
),
again AS (
  SELECT p.campaign_id, p.currency, sum(p.again_minor) AS discount_minor FROM paid_by p GROUP BY p.campaign_id, p.currency
),
given AS (
  SELECT g.campaign_id, g.currency, sum(g.discount_minor)::bigint AS discount_minor
  FROM (
    SELECT t.campaign_id, t.currency, sum(t.discount_minor) AS discount_minor FROM taken t GROUP BY t.campaign_id, t.currency
    UNION ALL
    SELECT again.campaign_id, again.currency, again.discount_minor FROM again WHERE again.discount_minor > 0
  ) g
  GROUP BY g.campaign_id, g.currency
),
-- Of redemptions by whoever paid.
added AS (
  SELECT t.campaign_id, t.currency, sum(t.discount_minor) AS discount_minor
  FROM taken t WHERE (t.campaign_id, t.user_id, t.currency) IN (SELECT p.campaign_id, p.user_id, p.currency FROM paid_by p)
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
  SELECT p.campaign_id, p.currency, p.treated_payers, p.holdout_payers,
    (p.treated_minor - coalesce(t.refunded_minor, 0))::bigint AS treated_minor,
    (p.holdout_minor - coalesce(h.refunded_minor, 0))::bigint AS holdout_minor,
    p.treated_minor - coalesce(t.refunded_minor, 0) + p.again_minor + coalesce(a.discount_minor, 0) AS treated_before_discount
  FROM (
    SELECT b.campaign_id, b.currency,
      count(*) FILTER (WHERE b.arm = 'treated') AS treated_payers,
      count(*) FILTER (WHERE b.arm = 'holdout') AS holdout_payers,
      coalesce(sum(b.paid_minor) FILTER (WHERE b.arm = 'treated'), 0) AS treated_minor,
      coalesce(sum(b.paid_minor) FILTER (WHERE b.arm = 'holdout'), 0) AS holdout_minor,
      sum(b.again_minor) AS again_minor
    FROM paid_by b GROUP BY b.campaign_id, b.currency
  ) p
  LEFT JOIN refunded t ON t.campaign_id = p.campaign_id AND t.currency = p.currency AND t.arm = 'treated'
  LEFT JOIN refunded h ON h.campaign_id = p.campaign_id AND h.currency = p.currency AND h.arm = 'holdout'
  LEFT JOIN added a ON a.campaign_id = p.campaign_id AND a.currency = p.currency
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
    coalesce(e.treated_minor, 0) AS treated_minor, coalesce(e.treated_before_discount, 0) AS treated_before_discount, coalesce(e.holdout_minor, 0) AS holdout_minor,
    coalesce(g.discount_minor, 0) AS discount_minor, coalesce(r.reward_minor, 0) AS reward_minor
  FROM currencies s
  JOIN campaign c USING (campaign_id)
  LEFT JOIN arms USING (campaign_id)
  LEFT JOIN earned e USING (campaign_id, currency)
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

-- Of the newest campaigns only: ratios beyond the 200 labels there are cannot be added up under one name.
CREATE VIEW admin_center.campaign_roi AS
SELECT r.key AS campaign, r.roi
FROM admin_center.campaign_returns(ARRAY(SELECT c.campaign_id FROM admin_center.campaign c WHERE c.holdout_share > 0 ORDER BY c.created_at DESC, c.campaign_id LIMIT 200)) r
WHERE r.incremental AND r.currency = r.reporting_currency AND r.roi IS NOT NULL;

CREATE VIEW admin_center.referral_liability AS
SELECT reward_currency AS currency, sum(reward_minor)::double precision AS reward_minor
FROM admin_center.referral WHERE stage = 'held' GROUP BY reward_currency;

GRANT SELECT ON admin_center.campaign_return TO admin_center_api;
GRANT EXECUTE ON FUNCTION admin_center.campaign_returns TO admin_center_api, admin_center_exporter;
GRANT SELECT ON admin_center.coupon_discount, admin_center.campaign_roi, admin_center.referral_liability TO admin_center_exporter;
