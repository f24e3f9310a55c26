-- What impersonation tells Prometheus: how many sessions there are in each state, and how old the oldest active one is.
-- No column of these views names a person.
CREATE VIEW admin_center.impersonation_state AS
SELECT state, count(*) AS sessions
FROM admin_center.impersonation_session
GROUP BY state;

-- A session that should be over and is not grows old here: its row says active until somebody ends it.
CREATE VIEW admin_center.impersonation_oldest AS
SELECT coalesce(greatest(0, date_part('epoch', now() - min(started_at))), 0) AS age_seconds
FROM admin_center.impersonation_session
WHERE state = 'active';

GRANT SELECT ON admin_center.impersonation_state, admin_center.impersonation_oldest TO admin_center_exporter;
