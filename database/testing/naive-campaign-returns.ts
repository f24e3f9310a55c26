// The return of campaigns (D20) asked plainly, part by part, each reading the payments anew: the oracle of its test, and what
// the benchmark compares it with.

/** A function `naive_campaign_returns(uuid[])` with the columns of `admin_center.campaign_returns`. */
export const NAIVE_CAMPAIGN_RETURNS = `
CREATE FUNCTION naive_campaign_returns(wanted uuid[]) RETURNS TABLE (
  campaign_id uuid, key text, reporting_currency text, currency text, incremental boolean, treated_users bigint, holdout_users bigint, treated_paid_before bigint,
  treated_payers bigint, holdout_payers bigint, treated_minor bigint, holdout_minor bigint, discount_minor bigint, reward_minor bigint, margin_minor bigint, roi double precision
)
LANGUAGE sql STABLE SET search_path = admin_center, pg_temp SET work_mem = '64MB' SET jit = off AS $$
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
$$`;
