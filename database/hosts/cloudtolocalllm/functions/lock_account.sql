-- Locks an account until the end of the transaction and returns its state as of then, so that two admins who act at once
-- follow one another. Raises AC404 when there is no such user.
CREATE FUNCTION admin_center.lock_account(user_id uuid) RETURNS text
LANGUAGE plpgsql SET search_path = admin_center, pg_temp AS $$
DECLARE
  found_state text;
BEGIN
  PERFORM FROM public.users u WHERE u.id = lock_account.user_id FOR NO KEY UPDATE;
  SELECT a.state INTO found_state FROM account a WHERE a.user_id = lock_account.user_id;
  IF found_state IS NULL THEN
    RAISE EXCEPTION 'There is no user %.', lock_account.user_id USING ERRCODE = 'AC404';
  END IF;
  RETURN found_state;
END
$$;
