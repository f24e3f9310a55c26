-- Suspends an account and ends its sessions; returns how many of them were live. The sessions' rows stay, marked
-- inactive: a token whose row is gone would get a new one. Expired ones are marked as well, since the host moves
-- `expires_at` on at the next request. The literal '0' is a value of both types `is_active` may have.
-- Raises AC404 when there is no such user, AC409 when the account is suspended already or deleted.
CREATE FUNCTION admin_center.suspend_user(user_id uuid, reason text) RETURNS integer
LANGUAGE plpgsql SET search_path = admin_center, pg_temp AS $$
DECLARE
  found_state text := lock_account(suspend_user.user_id);
  ended       integer;
BEGIN
  IF found_state <> 'active' THEN
    RAISE EXCEPTION 'The user is % already.', found_state USING ERRCODE = 'AC409';
  END IF;
  UPDATE public.users
  SET is_suspended = true, suspended_at = now(), suspension_reason = suspend_user.reason
  WHERE id = suspend_user.user_id;
  WITH closed AS (
    UPDATE public.user_sessions s SET is_active = '0'
    WHERE s.user_id = suspend_user.user_id AND coalesce(s.is_active, '1') = '1'
    RETURNING s.expires_at > now() AS live
  )
  SELECT count(*) FILTER (WHERE live) INTO ended FROM closed;
  PERFORM refresh_user_directory_row(suspend_user.user_id);
  -- Hosts are told whose sessions to end as soon as this is committed.
  PERFORM pg_notify('admin_center_policy', 'sessions');
  RETURN ended;
END
$$;
