-- Rights on what 0014-events.sql makes and on rollups/*.sql. Counts are written by the rollup and by the erasure of a person
-- alone, which run as the owner; counting anew is the owner's.
GRANT SELECT ON admin_center.event, admin_center.event_receipt, admin_center.person_link, admin_center.qualifying_definition TO admin_center_api;
GRANT INSERT (version, mode, events, since, created_by, reason) ON admin_center.qualifying_definition TO admin_center_api;
GRANT DELETE ON admin_center.event_receipt TO admin_center_api;
GRANT DELETE ON admin_center.event_receipt TO admin_center_api;
GRANT SELECT ON admin_center.event_rollup, admin_center.dimension_value, admin_center.person, admin_center.active_day, admin_center.usage_session,
  admin_center.active_users_day, admin_center.active_users_change, admin_center.lifecycle_count, admin_center.retention_count,
  admin_center.session_count, admin_center.frequency_count, admin_center.platform_change_count, admin_center.event_count TO admin_center_api;
GRANT EXECUTE ON FUNCTION admin_center.ensure_event_partitions, admin_center.roll_up_events TO admin_center_api;
GRANT EXECUTE ON FUNCTION admin_center.erase_person TO admin_center_api;
