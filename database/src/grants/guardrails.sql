-- Rights on what 0012-guardrails.sql makes. An evaluation and an alert are never changed, only handled and forgotten.
GRANT SELECT, INSERT, UPDATE ON admin_center.flag_ramp TO admin_center_api;
GRANT SELECT, INSERT, DELETE ON admin_center.guardrail_evaluation TO admin_center_api;
GRANT SELECT, DELETE ON admin_center.flag_alert TO admin_center_api;
GRANT INSERT (provider, event_id, flag, variant, alert_name, summary, starts_at) ON admin_center.flag_alert TO admin_center_api;
GRANT UPDATE (handled_at, outcome) ON admin_center.flag_alert TO admin_center_api;
