-- Admin roles that were given and not taken back, whatever became of the account: a suspended admin gets the power back
-- with the account, so reactivating one takes more than reactivating a user.
CREATE VIEW admin_center.admin_grant AS
SELECT r.user_id, r.role, r.granted_at
FROM public.admin_roles r
WHERE coalesce(r.is_active, true) AND r.revoked_at IS NULL;
