-- What the audit log tells Prometheus: its head as a witness, whether the chain holds, and what waits to be relayed.
CREATE VIEW admin_center.audit_head AS
SELECT
  checkpoint.sequence,
  -- 48 bits fit a double exactly.
  ('x' || encode(substring(checkpoint.hash FROM 1 FOR 6), 'hex'))::bit(48)::bigint AS prefix,
  status.valid,
  status.verified_at
FROM admin_center.audit_checkpoint AS checkpoint
CROSS JOIN admin_center.audit_chain_status AS status;

CREATE VIEW admin_center.outbox_backlog AS
SELECT count(*) AS pending, coalesce(greatest(0, date_part('epoch', now() - min(created_at))), 0) AS oldest_age_seconds
FROM admin_center.outbox
WHERE relayed_at IS NULL;

GRANT SELECT ON admin_center.audit_head, admin_center.outbox_backlog TO admin_center_exporter;
