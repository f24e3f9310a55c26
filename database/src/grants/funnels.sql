-- Rights on what 0015-funnels.sql and 0024-funnel-counts.sql make. Entries, first touches and paid spans are written by functions of the owner only.
GRANT SELECT ON admin_center.funnel, admin_center.funnel_version, admin_center.funnel_entry, admin_center.funnel_count, admin_center.funnel_settled, admin_center.first_touch, admin_center.paid_span TO admin_center_api;
GRANT INSERT (key, definition) ON admin_center.funnel TO admin_center_api;
GRANT UPDATE (state, version, definition, built_slices, built_at, updated_at) ON admin_center.funnel TO admin_center_api;
GRANT DELETE ON admin_center.funnel TO admin_center_api;
GRANT INSERT (funnel_id, version, change, state, definition, actor_subject, actor_id, reason) ON admin_center.funnel_version TO admin_center_api;
GRANT EXECUTE ON FUNCTION admin_center.build_funnel_slice, admin_center.settle_funnels, admin_center.forget_funnel_entries, admin_center.preview_funnel, admin_center.refresh_paid_spans TO admin_center_api;
GRANT SELECT ON admin_center.event_count TO admin_center_api;
