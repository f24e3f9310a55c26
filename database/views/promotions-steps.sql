-- The past of what promotions cost: discounts given and rewards on hold, as steps over a grid (core.sql). No column names a person.

CREATE VIEW admin_center.discount_edge AS
SELECT coalesce(c.key, 'none') AS campaign, r.currency, r.at, r.discount_minor
FROM admin_center.redemption r LEFT JOIN admin_center.campaign c USING (campaign_id);

-- A reward is on hold from the payment that earned it until it is paid out, taken back or refused.
CREATE VIEW admin_center.liability_edge AS
SELECT r.reward_currency AS currency, edge.at, edge.sign * r.reward_minor AS reward_minor
FROM admin_center.referral r
CROSS JOIN LATERAL (VALUES (r.qualified_at, 1), (least(r.rewarded_at, r.clawed_back_at, r.rejected_at), -1)) AS edge (at, sign)
WHERE r.reward_minor IS NOT NULL AND r.qualified_at IS NOT NULL AND edge.at IS NOT NULL;

-- admincenter_coupon_discount_amount, admincenter_referral_reward_liability_amount.
CREATE FUNCTION admin_center.promotion_steps(grid timestamptz[])
RETURNS TABLE (fact text, campaign text, currency text, step integer, delta double precision)
LANGUAGE sql STABLE AS $$
  SELECT 'discount', edge.campaign, edge.currency, admin_center.grid_step(edge.at, grid), sum(edge.discount_minor)::double precision
  FROM admin_center.discount_edge edge WHERE edge.at <= grid[cardinality(grid)]
  GROUP BY 2, 3, 4
  UNION ALL
  SELECT 'liability', NULL, edge.currency, admin_center.grid_step(edge.at, grid), sum(edge.reward_minor)::double precision
  FROM admin_center.liability_edge edge WHERE edge.at <= grid[cardinality(grid)]
  GROUP BY 3, 4
$$;

GRANT SELECT ON admin_center.discount_edge, admin_center.liability_edge TO admin_center_exporter;
