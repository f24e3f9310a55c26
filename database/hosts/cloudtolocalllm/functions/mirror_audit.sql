-- Writes a summary of our audit entry into the host's own audit table, for whoever still reads that one. An address that
-- is not one becomes null; so does an affected user without an account. Returns false, and writes nothing, when the
-- actor has no account: the host's table demands one.
CREATE FUNCTION admin_center.mirror_audit(
  actor_id uuid, actor_role text, action text, target_type text, target_id text,
  affected_user_id uuid, details jsonb, ip text, user_agent text
) RETURNS boolean
LANGUAGE plpgsql SET search_path = admin_center, pg_temp AS $$
DECLARE
  address inet;
BEGIN
  BEGIN
    address := mirror_audit.ip::inet;
  EXCEPTION WHEN invalid_text_representation THEN
    address := NULL;
  END;
  IF NOT EXISTS (SELECT FROM account a WHERE a.user_id = mirror_audit.actor_id) THEN
    RETURN false;
  END IF;
  INSERT INTO public.admin_audit_logs
    (admin_user_id, admin_role, action, resource_type, resource_id, affected_user_id, details, ip_address, user_agent)
  VALUES (
    mirror_audit.actor_id, mirror_audit.actor_role, mirror_audit.action, mirror_audit.target_type, mirror_audit.target_id,
    (SELECT a.user_id FROM account a WHERE a.user_id = mirror_audit.affected_user_id),
    coalesce(mirror_audit.details, '{}'), address, mirror_audit.user_agent
  );
  RETURN true;
END
$$;
