-- Rights on what 0001-core.sql makes.
GRANT SELECT ON admin_center.tally, admin_center.host_probe, admin_center.heartbeat TO admin_center_api;
GRANT INSERT, UPDATE, DELETE ON admin_center.heartbeat TO admin_center_api;
GRANT EXECUTE ON FUNCTION admin_center.tally_add TO admin_center_api;
