-- Rights on what 0011-approvals.sql makes: what was asked is never changed, only decided and used.
GRANT SELECT ON admin_center.approval, admin_center.approval_secret TO admin_center_api;
GRANT INSERT (id, action, target_type, target_id, fingerprint, summary, radius, reason, requester_id, requester_subject, requester_email) ON admin_center.approval TO admin_center_api;
GRANT UPDATE (decision, decider_subject, decider_email, decided_at, decision_reason, used_at) ON admin_center.approval TO admin_center_api;
