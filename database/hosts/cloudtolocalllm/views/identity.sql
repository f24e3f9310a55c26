-- Which account a TEXT user_id of the host means: it holds either the token subject or users.id as text.
-- LEFT JOIN it: ids that belong to nobody (any more) stay, with a null user.
CREATE VIEW admin_center.identity AS
SELECT id::text AS text_id, id AS user_id FROM public.users
UNION ALL
SELECT jwt_id, id FROM public.users WHERE jwt_id IS NOT NULL AND jwt_id <> id::text;
