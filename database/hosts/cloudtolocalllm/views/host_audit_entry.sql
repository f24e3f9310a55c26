-- The host's own record of admin actions: unsigned, incomplete and gone with the admin's account; ours is the audit log.
CREATE VIEW admin_center.host_audit_entry AS
SELECT
  id AS entry_id,
  created_at AS at,
  admin_user_id AS actor_id,
  admin_role AS actor_role,
  action,
  resource_type AS target_type,
  resource_id AS target_id,
  affected_user_id
FROM public.admin_audit_logs;
