-- Rights on the host adapter. The exporter's views carry their own; it needs none on these.
GRANT SELECT ON
  admin_center.identity, admin_center.account, admin_center.session, admin_center.subscription, admin_center.entitlement,
  admin_center.payment, admin_center.refund, admin_center.admin, admin_center.admin_grant, admin_center.qualifying_event, admin_center.host_activity, admin_center.host_audit_entry
TO admin_center_api;
GRANT EXECUTE ON FUNCTION
  admin_center.suspend_user, admin_center.reactivate_user, admin_center.lock_account, admin_center.mirror_audit
TO admin_center_api;
