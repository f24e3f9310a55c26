-- What makes a user active (D1, version 1): a session that starts or is used, a conversation created, a message sent.
-- Admins never count, and neither do the sessions in which they impersonate a user. Events of ids that belong to nobody
-- stay with a null user. The client sets a message's time, so messages of the future wait until then; the host rewrites
-- all messages of a conversation at each save, so count users and days, never rows.
CREATE VIEW admin_center.qualifying_event AS
SELECT e.user_id, e.at, e.kind
FROM (
  SELECT user_id, created_at AS at, 'session_started' AS kind FROM admin_center.own_session
  UNION ALL
  SELECT user_id, last_activity, 'session_used' FROM admin_center.own_session
  UNION ALL
  SELECT i.user_id, c.created_at, 'conversation_created'
  FROM public.conversations c
  LEFT JOIN admin_center.identity i ON i.text_id = c.user_id
  UNION ALL
  SELECT i.user_id, m.timestamp, 'message_sent'
  FROM public.messages m
  JOIN public.conversations c ON c.id = m.conversation_id
  LEFT JOIN admin_center.identity i ON i.text_id = c.user_id
  WHERE m.role = 'user' AND m.timestamp <= now()
) e
WHERE e.at IS NOT NULL
  AND NOT EXISTS (SELECT FROM admin_center.admin a WHERE a.user_id = e.user_id);
