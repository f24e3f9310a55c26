-- Rights on what 0009-impersonation.sql and 0021-impersonation-consent.sql make. Nothing is deleted, and the log of requests
-- is not changed.
GRANT SELECT, INSERT ON admin_center.impersonation_session, admin_center.impersonation_request TO admin_center_api;
GRANT UPDATE (
  state, code_expires_at, started_at, ends_at, hard_ends_at, extended_at, extension_reason, ended_at, end_cause,
  key_id, host_session_id, admin_sessions, user_sessions, start_sequence
) ON admin_center.impersonation_session TO admin_center_api;
GRANT SELECT, INSERT ON admin_center.impersonation_consent, admin_center.impersonation_consent_rule TO admin_center_api;
GRANT UPDATE (withdrawn_at) ON admin_center.impersonation_consent TO admin_center_api;
GRANT UPDATE (needed, changed_at, changed_by) ON admin_center.impersonation_consent_rule TO admin_center_api;
GRANT SELECT ON admin_center.impersonation_rule TO admin_center_api;
GRANT UPDATE (mark_ends_at) ON admin_center.outbox TO admin_center_api;
GRANT UPDATE (ended_at) ON admin_center.mark TO admin_center_api;
