-- Rights on what 0018-distribution.sql makes, and on the counts of 0014-events.sql that it is about.
GRANT SELECT ON admin_center.active_users_month, admin_center.active_users_change, admin_center.active_users_day, admin_center.dimension_value, admin_center.active_day,
  admin_center.usage_session, admin_center.session_count, admin_center.platform_change_count TO admin_center_api;
