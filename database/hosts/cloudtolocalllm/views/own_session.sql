-- Sessions that users have themselves: not those that the host made for an admin who impersonates one (D1), which have
-- the id of the impersonation session or the one that the host named to us. Never a token.
CREATE VIEW admin_center.own_session AS
SELECT s.id, s.user_id, s.created_at, s.last_activity, s.expires_at, s.ip_address, s.user_agent, s.is_active
FROM public.user_sessions s
WHERE NOT EXISTS (SELECT FROM admin_center.impersonation_session i WHERE i.id = s.id)
  AND NOT EXISTS (SELECT FROM admin_center.impersonation_session i WHERE i.host_session_id = s.id);
