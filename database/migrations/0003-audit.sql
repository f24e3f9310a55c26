-- The audit log: a hash chain with one way in, its personal details beside it, the outbox that turns entries into
-- metrics and marks, and what the last verification found (S12, S13, M1, M7).

-- What happened. Every column but `hash` is in the hashed body; nothing here names a person directly.
CREATE TABLE admin_center.audit_log (
  sequence      bigint PRIMARY KEY,
  at            timestamptz NOT NULL,
  actor_id      uuid,
  actor_subject text,
  actor_role    text NOT NULL,
  action        text NOT NULL,
  outcome       text NOT NULL CHECK (outcome IN ('success', 'denied', 'failed')),
  target_type   text NOT NULL,
  target_id     text NOT NULL,
  request_id    text,
  detail_digest bytea NOT NULL CHECK (octet_length(detail_digest) = 32),
  previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
  hash          bytea NOT NULL CHECK (octet_length(hash) = 32)
);
COMMENT ON COLUMN admin_center.audit_log.actor_id IS 'Host user id of the admin; null when the identity has no account there.';
COMMENT ON COLUMN admin_center.audit_log.actor_subject IS 'Subject and identifier of the verified Grafana token; stable when names and addresses change.';
CREATE INDEX audit_log_target ON admin_center.audit_log (target_id, sequence DESC);
CREATE INDEX audit_log_action ON admin_center.audit_log (action, sequence DESC);
CREATE INDEX audit_log_at ON admin_center.audit_log (at);

-- Who and why, in words. A salted digest of this row is in the hashed body: nulling the row (audit_erase) destroys the
-- personal data and leaves the chain verifiable. `json`, not `jsonb`, keeps the text as it was digested.
CREATE TABLE admin_center.audit_detail (
  sequence    bigint PRIMARY KEY REFERENCES admin_center.audit_log,
  salt        bytea,
  actor_email text,
  reason      text,
  before      json,
  after       json,
  ip          inet,
  user_agent  text,
  erased_at   timestamptz
);
CREATE INDEX audit_detail_actor ON admin_center.audit_detail (lower(actor_email), sequence DESC);

-- The head of the chain. Locking its only row makes audit_append the single appender; it only ever moves forward by one.
CREATE TABLE admin_center.audit_checkpoint (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  sequence  bigint NOT NULL,
  hash      bytea NOT NULL,
  at        timestamptz NOT NULL
);
INSERT INTO admin_center.audit_checkpoint (sequence, hash, at) VALUES (0, decode(repeat('00', 32), 'hex'), now());

-- What the verifier found. `valid` is admincenter_audit_chain_valid: false from the first broken verification until a
-- person acknowledges it. `problems` are those of the last verification and those before that nobody has acknowledged.
CREATE TABLE admin_center.audit_chain_status (
  singleton   boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  valid       boolean NOT NULL DEFAULT true,
  problems    jsonb NOT NULL DEFAULT '[]',
  checked     bigint NOT NULL DEFAULT 0,
  verified_at timestamptz,
  duration_ms integer
);
INSERT INTO admin_center.audit_chain_status DEFAULT VALUES;

-- One row per audit entry, written by audit_append. `relayed_at` is set in the transaction that counts the entry and
-- makes its mark; `annotation_due` is when the mark is to be sent to Grafana next, null when there is nothing to send.
CREATE TABLE admin_center.outbox (
  id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  audit_sequence      bigint NOT NULL UNIQUE REFERENCES admin_center.audit_log,
  created_at          timestamptz NOT NULL DEFAULT now(),
  relayed_at          timestamptz,
  annotation_due      timestamptz,
  annotation_attempts integer NOT NULL DEFAULT 0,
  annotation_error    text,
  annotated_at        timestamptz
);
CREATE INDEX outbox_pending ON admin_center.outbox (id) WHERE relayed_at IS NULL;
CREATE INDEX outbox_annotation ON admin_center.outbox (annotation_due) WHERE annotation_due IS NOT NULL;

-- What time series show as vertical lines. `ended_at` is null for an instant. No personal data: see audit_detail.
CREATE TABLE admin_center.mark (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at             timestamptz NOT NULL,
  ended_at       timestamptz,
  title          text NOT NULL,
  text           text NOT NULL,
  tags           text[] NOT NULL,
  audit_sequence bigint UNIQUE REFERENCES admin_center.audit_log
);
CREATE INDEX mark_at ON admin_center.mark (at);

-- One field of a hashed body: four bytes of length, then the bytes. Null has length -1, so that it differs from ''.
CREATE FUNCTION admin_center.audit_field(value text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(int4send(octet_length(convert_to(value, 'UTF8'))) || convert_to(value, 'UTF8'), '\xffffffff'::bytea)
$$;

-- SHA-256 over salt, actor_email, reason, before, after, ip, user_agent, in this order.
CREATE FUNCTION admin_center.audit_digest(d admin_center.audit_detail) RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT sha256(
    admin_center.audit_field(encode(d.salt, 'hex'))
    || admin_center.audit_field(d.actor_email)
    || admin_center.audit_field(d.reason)
    || admin_center.audit_field(d.before::text)
    || admin_center.audit_field(d.after::text)
    || admin_center.audit_field(host(d.ip))
    || admin_center.audit_field(d.user_agent)
  )
$$;

-- SHA-256 over every column but `hash`, in the order of the table; the instant in microseconds since 1970, bytes in hex.
CREATE FUNCTION admin_center.audit_hash(e admin_center.audit_log) RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT sha256(
    admin_center.audit_field(e.sequence::text)
    || admin_center.audit_field(trunc(extract(epoch FROM e.at) * 1000000)::bigint::text)
    || admin_center.audit_field(e.actor_id::text)
    || admin_center.audit_field(e.actor_subject)
    || admin_center.audit_field(e.actor_role)
    || admin_center.audit_field(e.action)
    || admin_center.audit_field(e.outcome)
    || admin_center.audit_field(e.target_type)
    || admin_center.audit_field(e.target_id)
    || admin_center.audit_field(e.request_id)
    || admin_center.audit_field(encode(e.detail_digest, 'hex'))
    || admin_center.audit_field(encode(e.previous_hash, 'hex'))
  )
$$;

-- The only way into the log. Call it last in a transaction: it holds the head of the chain until the commit.
CREATE FUNCTION admin_center.audit_append(
  actor_id uuid, actor_subject text, actor_email text, actor_role text,
  action text, outcome text, target_type text, target_id text, reason text,
  before json, after json, ip inet, user_agent text, request_id text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = admin_center, pg_temp AS $$
DECLARE
  head   audit_checkpoint;
  entry  audit_log;
  detail audit_detail;
BEGIN
  SELECT * INTO STRICT head FROM audit_checkpoint FOR UPDATE;

  detail.sequence := head.sequence + 1;
  detail.salt := decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex');
  detail.actor_email := audit_append.actor_email;
  detail.reason := audit_append.reason;
  detail.before := audit_append.before;
  detail.after := audit_append.after;
  detail.ip := audit_append.ip;
  detail.user_agent := audit_append.user_agent;

  entry.sequence := detail.sequence;
  entry.at := greatest(clock_timestamp(), head.at);
  entry.actor_id := audit_append.actor_id;
  entry.actor_subject := audit_append.actor_subject;
  entry.actor_role := audit_append.actor_role;
  entry.action := audit_append.action;
  entry.outcome := audit_append.outcome;
  entry.target_type := audit_append.target_type;
  entry.target_id := audit_append.target_id;
  entry.request_id := audit_append.request_id;
  entry.detail_digest := audit_digest(detail);
  entry.previous_hash := head.hash;
  entry.hash := audit_hash(entry);

  INSERT INTO audit_log SELECT entry.*;
  INSERT INTO audit_detail SELECT detail.*;
  UPDATE audit_checkpoint SET sequence = entry.sequence, hash = entry.hash, at = entry.at;
  INSERT INTO outbox (audit_sequence) VALUES (entry.sequence);
  PERFORM pg_notify('admin_center_outbox', entry.sequence::text);
  RETURN entry.sequence;
END
$$;

-- Destroys the personal details of one entry. The caller records it as an entry of its own (`audit.erase`, target
-- `audit-entry`) in the same transaction; the verifier takes an erasure that no entry accounts for as an edit.
CREATE FUNCTION admin_center.audit_erase(entry bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = admin_center, pg_temp AS $$
  UPDATE audit_detail
  SET salt = NULL, actor_email = NULL, reason = NULL, before = NULL, after = NULL, ip = NULL, user_agent = NULL,
      erased_at = clock_timestamp()
  WHERE sequence = entry AND erased_at IS NULL
  RETURNING true
$$;

-- Guards against mistakes. An owner can switch them off; finding that is what the verifier and its witness are for.
CREATE FUNCTION admin_center.audit_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'audit_checkpoint' AND TG_OP = 'UPDATE' THEN
    IF NEW.sequence = OLD.sequence + 1 THEN RETURN NEW; END IF;
  ELSIF TG_TABLE_NAME = 'audit_detail' AND TG_OP = 'UPDATE' THEN
    IF OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.salt IS NULL THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON admin_center.audit_log FOR EACH ROW EXECUTE FUNCTION admin_center.audit_guard();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON admin_center.audit_log EXECUTE FUNCTION admin_center.audit_guard();
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON admin_center.audit_detail FOR EACH ROW EXECUTE FUNCTION admin_center.audit_guard();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON admin_center.audit_detail EXECUTE FUNCTION admin_center.audit_guard();
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON admin_center.audit_checkpoint FOR EACH ROW EXECUTE FUNCTION admin_center.audit_guard();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON admin_center.audit_checkpoint EXECUTE FUNCTION admin_center.audit_guard();

REVOKE ALL ON FUNCTION admin_center.audit_append, admin_center.audit_erase FROM PUBLIC;
