-- Rights on what 0017-engagement.sql makes.
GRANT SELECT, INSERT, UPDATE ON admin_center.feature TO admin_center_api;
