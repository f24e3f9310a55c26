-- Rights on what 0013-stripe.sql makes.
GRANT SELECT, INSERT, UPDATE ON admin_center.stripe_sync, admin_center.stripe_event TO admin_center_api;
GRANT SELECT, INSERT ON admin_center.stripe_discount TO admin_center_api;
-- Old events are deleted by a job.
GRANT DELETE ON admin_center.stripe_event TO admin_center_api;
GRANT EXECUTE ON FUNCTION admin_center.stripe_want TO admin_center_api;
