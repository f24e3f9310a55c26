-- Rights on what 0003-audit.sql makes. The log itself is read, and written through audit_append and audit_erase only.
GRANT SELECT ON
  admin_center.audit_log, admin_center.audit_detail, admin_center.audit_checkpoint, admin_center.audit_chain_status,
  admin_center.outbox, admin_center.mark
TO admin_center_api;
GRANT EXECUTE ON FUNCTION admin_center.audit_append, admin_center.audit_erase TO admin_center_api;
GRANT UPDATE (valid, problems, checked, verified_at, duration_ms) ON admin_center.audit_chain_status TO admin_center_api;
GRANT UPDATE (relayed_at, annotation_due, annotation_attempts, annotation_error, annotated_at) ON admin_center.outbox TO admin_center_api;
GRANT INSERT (at, ended_at, title, text, tags, audit_sequence) ON admin_center.mark TO admin_center_api;
