-- What the host's own tables record of its users: a session that starts or is used, a conversation created, a message sent.
-- Never of admins, nor of the sessions in which they impersonate a user. Activity of ids that belong to nobody has a null
-- user. The client sets a message's time, so messages of the future wait until then.
--
-- `source_key` stays when the host writes a row again: it rewrites all messages of a conversation at each save, and of a
-- session that is used it tells one moment in two minutes. `changed_at` is when the host last changed what the row is from.
CREATE VIEW admin_center.host_activity AS
SELECT e.user_id, e.at, e.kind, e.source_key, e.changed_at, e.ip, e.user_agent
FROM (
  SELECT user_id, created_at AS at, 'session_started' AS kind, id::text AS source_key, greatest(created_at, last_activity) AS changed_at, ip_address AS ip, user_agent
  FROM admin_center.own_session
  UNION ALL
  SELECT user_id, last_activity, 'session_used', id::text || '/' || floor(extract(epoch FROM last_activity) / 120), greatest(created_at, last_activity), ip_address, user_agent
  FROM admin_center.own_session
  UNION ALL
  SELECT i.user_id, c.created_at, 'conversation_created', c.id::text, greatest(c.created_at, c.updated_at), NULL, NULL
  FROM public.conversations c
  LEFT JOIN admin_center.identity i ON i.text_id = c.user_id
  UNION ALL
  SELECT i.user_id, m.timestamp, 'message_sent', c.id::text || '/' || extract(epoch FROM m.timestamp), greatest(c.updated_at, m.timestamp), NULL, NULL
  FROM public.messages m
  JOIN public.conversations c ON c.id = m.conversation_id
  LEFT JOIN admin_center.identity i ON i.text_id = c.user_id
  WHERE m.role = 'user' AND m.timestamp <= now()
) e
WHERE e.at IS NOT NULL
  AND NOT EXISTS (SELECT FROM admin_center.admin a WHERE a.user_id = e.user_id);
