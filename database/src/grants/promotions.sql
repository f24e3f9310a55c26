-- Rights on what 0010-promotions.sql, 0022-paying-users.sql and 0028-campaign-roi.sql make.
GRANT SELECT, INSERT, UPDATE ON
  admin_center.coupon, admin_center.campaign, admin_center.campaign_budget, admin_center.code_batch, admin_center.promotion_code,
  admin_center.promotion_code_use, admin_center.referral_code, admin_center.referral
TO admin_center_api;
GRANT DELETE ON admin_center.campaign_budget TO admin_center_api;
-- What was redeemed, assigned and credited is not changed afterwards.
GRANT SELECT, INSERT ON admin_center.redemption, admin_center.campaign_member, admin_center.referral_credit TO admin_center_api;
GRANT SELECT, UPDATE ON admin_center.referral_programme TO admin_center_api;
GRANT SELECT ON admin_center.price TO admin_center_api;
GRANT EXECUTE ON FUNCTION admin_center.start_redemption_counters TO admin_center_api;
GRANT SELECT ON admin_center.paying_user, admin_center.paying_user_watermark TO admin_center_api;
GRANT EXECUTE ON FUNCTION admin_center.refresh_paying_users TO admin_center_api;
GRANT EXECUTE ON FUNCTION admin_center.keep_campaign_roi TO admin_center_api;
