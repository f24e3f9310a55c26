-- The two-person rule (S16): who asked for which write, which other admin decided, and whether it was carried out.

CREATE TABLE admin_center.approval (
  id                uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  action            text NOT NULL,
  target_type       text NOT NULL,
  target_id         text NOT NULL,
  fingerprint       text NOT NULL,
  summary           text NOT NULL,
  radius            jsonb NOT NULL,
  reason            text NOT NULL,
  requester_id      uuid,
  requester_subject text NOT NULL,
  requester_email   text NOT NULL,
  requested_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at        timestamptz NOT NULL DEFAULT clock_timestamp() + interval '24 hours',
  decision          text CHECK (decision IN ('approved', 'rejected', 'withdrawn')),
  decider_subject   text,
  decider_email     text,
  decided_at        timestamptz,
  decision_reason   text,
  used_at           timestamptz,
  CHECK ((decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decider_subject IS NULL)),
  -- Whatever the code does: nobody approves their own request, and nothing is done without an approval.
  CHECK (decision <> 'approved' OR (decider_subject <> requester_subject AND lower(decider_email) <> lower(requester_email))),
  CHECK (used_at IS NULL OR decision = 'approved')
);
COMMENT ON COLUMN admin_center.approval.fingerprint IS 'Token of the preview: the approval is of this change and no other.';
COMMENT ON COLUMN admin_center.approval.requester_subject IS 'Subject of the verified Grafana token; only this person may carry the write out.';
CREATE INDEX approval_requested_at ON admin_center.approval (requested_at DESC, id DESC);
CREATE INDEX approval_fingerprint ON admin_center.approval (fingerprint);

-- Signs what the API computed about a refused write until its request comes back from the browser.
CREATE TABLE admin_center.approval_secret (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  secret    bytea NOT NULL CHECK (octet_length(secret) = 32)
);
INSERT INTO admin_center.approval_secret (secret)
VALUES (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));
