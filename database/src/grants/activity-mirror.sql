-- Rights of the mirror of the host's activity; it writes events as their intake does.
GRANT SELECT ON admin_center.activity_mirror TO admin_center_api;
GRANT UPDATE (since, seen_until, mirrored, ran_at) ON admin_center.activity_mirror TO admin_center_api;
