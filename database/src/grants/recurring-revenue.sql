-- Rights on what 0006-recurring-revenue.sql makes.
GRANT SELECT ON admin_center.recurring_revenue TO admin_center_api;
GRANT EXECUTE ON FUNCTION admin_center.refresh_recurring_revenue TO admin_center_api;
