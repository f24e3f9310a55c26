-- What makes a user active (D1, version 1): a session that starts or is used, a conversation created, a message sent.
-- Admins never count, and neither do the sessions in which they impersonate a user. The host rewrites all messages of a
-- conversation at each save, so count users and days, never rows.
CREATE VIEW admin_center.qualifying_event AS
SELECT user_id, at, kind FROM admin_center.host_activity;
