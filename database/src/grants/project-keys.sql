-- Rights on what 0007-project-keys.sql makes: keys are never deleted and their secrets never changed.
GRANT SELECT, INSERT ON admin_center.project_key TO admin_center_api;
GRANT UPDATE (expires_at, revoked_at, replaced_by, last_used_at) ON admin_center.project_key TO admin_center_api;
GRANT SELECT, INSERT, DELETE ON admin_center.sdk_report TO admin_center_api;
