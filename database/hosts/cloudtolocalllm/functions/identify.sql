-- Which accounts TEXT user ids of the host mean, as the view `identity` says, but by index however many users there are.
-- Ids of nobody are left out. Whether it is an admin is said here and not read from the view by whoever asks: where the stream
-- is distributed, a statement that writes into it may name tables only.
CREATE FUNCTION admin_center.identify(text_ids text[]) RETURNS TABLE (text_id text, user_id uuid, is_admin boolean)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = admin_center, pg_temp AS $$
  SELECT DISTINCT ON (found.text_id) found.text_id, found.user_id, EXISTS (SELECT FROM admin_center.admin a WHERE a.user_id = found.user_id)
  FROM (
    SELECT given.id AS text_id, u.id AS user_id, 1 AS preference
    FROM unnest(text_ids) AS given (id)
    JOIN public.users u ON u.id = CASE WHEN given.id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN given.id::uuid END
    UNION ALL
    SELECT u.jwt_id, u.id, 2 FROM public.users u WHERE u.jwt_id = ANY (text_ids)
  ) AS found
  ORDER BY found.text_id, found.preference
$$;
