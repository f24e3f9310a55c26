-- Who may act, one row per role: grants that are active and not revoked, of accounts that are neither suspended nor
-- deleted. `email` is null for a placeholder address, so that nobody is recognised by one.
CREATE VIEW admin_center.admin AS
SELECT r.user_id, CASE WHEN NOT a.email_is_placeholder THEN a.email END AS email, r.role, r.granted_at
FROM public.admin_roles r
JOIN admin_center.account a ON a.user_id = r.user_id
WHERE coalesce(r.is_active, true) AND r.revoked_at IS NULL AND a.state = 'active';
