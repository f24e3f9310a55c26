-- One row per token a user signed in with; never a token. `is_active` is boolean in the host's schema and a 0/1 integer
-- in databases that were fixed by hand: the literal '1' is a value of both.
CREATE VIEW admin_center.session AS
SELECT
  id AS session_id,
  user_id,
  created_at,
  last_activity AS last_activity_at,
  expires_at,
  ip_address AS ip,
  user_agent,
  coalesce(is_active, '1') = '1' AND expires_at > now() AS live,
  coalesce(is_active, '1') <> '1' AS revoked
FROM admin_center.own_session;
