-- Rights on what 0005-requests.sql makes.
GRANT SELECT, INSERT, UPDATE, DELETE ON admin_center.idempotency_key, admin_center.rate_limit TO admin_center_api;
