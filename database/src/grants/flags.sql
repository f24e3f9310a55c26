-- Rights on what 0008-flags.sql and 0025-foreseen-plans.sql make. No flag is ever deleted, no version changed.
GRANT SELECT ON admin_center.flag, admin_center.flag_version, admin_center.flag_plan, admin_center.flag_usage TO admin_center_api;
GRANT INSERT (key, salt, state, definition, experiment_state) ON admin_center.flag TO admin_center_api;
GRANT UPDATE (state, version, definition, experiment_state, experiment_started_at, experiment_stopped_at, updated_at) ON admin_center.flag TO admin_center_api;
GRANT INSERT ON admin_center.flag_version TO admin_center_api;
GRANT INSERT (flag, at, effect, reason, actor_subject, actor_id, foreseen) ON admin_center.flag_plan TO admin_center_api;
GRANT UPDATE (state, note) ON admin_center.flag_plan TO admin_center_api;
GRANT INSERT, UPDATE (evaluations, last_at, first_at) ON admin_center.flag_usage TO admin_center_api;
