-- One row per user of the host. `created_at` is never null.
-- Deletion has two forms, `deleted_at` and flags in `metadata`; a `metadata.deleted_at` that is not an instant counts for
-- nothing without its flag. A name of spaces is none. Accounts without an address carry `<subject>@placeholder.local`, which nobody ever verified.
CREATE VIEW admin_center.account AS
SELECT
  u.id AS user_id,
  u.jwt_id AS subject,
  CASE WHEN u.jwt_id LIKE '%|%' THEN split_part(u.jwt_id, '|', 1) END AS identity_source,
  u.email,
  u.email LIKE '%@placeholder.local' AS email_is_placeholder,
  coalesce(nullif(btrim(u.name), ''), nullif(btrim(u.nickname), ''), nullif(btrim(u.username), '')) AS display_name,
  u.locale,
  coalesce(u.email_verified, false) AND u.email NOT LIKE '%@placeholder.local' AS email_verified,
  coalesce(u.created_at, u.updated_at, 'epoch') AS created_at,
  u.updated_at,
  u.last_login AS last_login_at,
  CASE
    WHEN u.deleted_at IS NOT NULL
      OR u.metadata ->> 'is_deleted' = 'true'
      OR admin_center.instant_or_null(u.metadata ->> 'deleted_at') IS NOT NULL THEN 'deleted'
    WHEN u.is_suspended THEN 'suspended'
    ELSE 'active'
  END AS state,
  u.suspended_at,
  u.suspension_reason,
  coalesce(u.deleted_at, admin_center.instant_or_null(u.metadata ->> 'deleted_at')) AS deleted_at
FROM public.users u;
