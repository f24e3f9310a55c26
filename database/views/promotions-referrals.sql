-- The next step of each referral and since when it is due, from the host's payments and refunds.
CREATE VIEW admin_center.referral_step AS
WITH paid AS (
  SELECT DISTINCT ON (r.referral_id) r.referral_id, p.payment_id, p.created_at AS paid_at,
    EXISTS (
      SELECT FROM admin_center.payment own
      WHERE own.user_id = r.referrer_id AND own.payment_method_last4 = p.payment_method_last4 AND own.payment_method_type = p.payment_method_type
    ) AS same_card,
    cardinality(r.signals) AS signals
  FROM admin_center.referral r
  JOIN admin_center.payment p
    ON p.user_id = r.referee_id AND p.created_at >= r.signed_up_at AND p.amount_minor > 0
    AND p.status IN ('succeeded', 'refunded', 'partially_refunded', 'disputed')
  WHERE r.stage = 'signup'
  ORDER BY r.referral_id, p.created_at, p.payment_id
),
-- In the order in which they qualified, up to the most a referrer is rewarded for.
holdable AS (
  SELECT q.referral_id, q.qualified_at
  FROM (
    SELECT r.referral_id, r.qualified_at,
      row_number() OVER (PARTITION BY r.referrer_id ORDER BY r.qualified_at, r.referral_id)
        + (SELECT count(*) FROM admin_center.referral other WHERE other.referrer_id = r.referrer_id AND other.stage IN ('held', 'rewarded')) AS nth
    FROM admin_center.referral r WHERE r.stage = 'qualified'
  ) q
  CROSS JOIN admin_center.referral_programme g
  WHERE g.enabled AND (g.max_rewards_per_referrer IS NULL OR q.nth <= g.max_rewards_per_referrer)
),
-- A refund counts from when it was made, a dispute, whose time the host does not keep, from the payment's last change.
taken AS (
  SELECT r.referral_id, min(f.created_at) AS at
  FROM admin_center.referral r JOIN admin_center.refund f ON f.payment_id = r.payment_id AND f.status = 'succeeded' AND f.created_at <= r.clawback_until
  WHERE r.stage IN ('held', 'rewarded')
  GROUP BY r.referral_id
  UNION
  SELECT r.referral_id, p.updated_at
  FROM admin_center.referral r JOIN admin_center.payment p ON p.payment_id = r.payment_id AND p.status = 'disputed' AND p.updated_at <= r.clawback_until
  WHERE r.stage IN ('held', 'rewarded')
)
SELECT referral_id, CASE WHEN same_card AND signals > 0 THEN 'rejected' ELSE 'qualified' END AS step, paid_at AS at, payment_id, same_card FROM paid
UNION ALL
SELECT referral_id, 'held', qualified_at, NULL, false FROM holdable
UNION ALL
SELECT referral_id, 'clawed_back', min(at), NULL, false FROM taken GROUP BY referral_id
UNION ALL
SELECT r.referral_id, 'rewarded', r.held_until, NULL, false
FROM admin_center.referral r
WHERE r.stage = 'held' AND NOT EXISTS (SELECT FROM taken WHERE taken.referral_id = r.referral_id);

GRANT SELECT ON admin_center.referral_step TO admin_center_api;
