-- Who may act, one row per role: grants that are active and not revoked, of accounts that are neither suspended nor
-- deleted. `email` is null for a placeholder address, so that nobody is recognised by one.
CREATE VIEW admin_center.admin AS
SELECT g.user_id, CASE WHEN NOT a.email_is_placeholder THEN a.email END AS email, g.role, g.granted_at
FROM admin_center.admin_grant g
JOIN admin_center.account a USING (user_id)
WHERE a.state = 'active';
