-- Lifts a suspension; the ended sessions stay ended, the user signs in again.
-- Raises AC404 when there is no such user, AC409 when the account is not suspended or is deleted.
CREATE FUNCTION admin_center.reactivate_user(user_id uuid) RETURNS void
LANGUAGE plpgsql SET search_path = admin_center, pg_temp AS $$
DECLARE
  found_state text := lock_account(reactivate_user.user_id);
BEGIN
  IF found_state <> 'suspended' THEN
    RAISE EXCEPTION 'The user is % already.', found_state USING ERRCODE = 'AC409';
  END IF;
  UPDATE public.users
  SET is_suspended = false, suspended_at = NULL, suspension_reason = NULL
  WHERE id = reactivate_user.user_id;
  PERFORM refresh_user_directory_row(reactivate_user.user_id);
  -- Hosts are told whose sessions to end as soon as this is committed.
  PERFORM pg_notify('admin_center_policy', 'sessions');
END
$$;
