-- Sessions in which an admin uses the product as one of its users, and every request made in them (S1–S3).

CREATE TABLE admin_center.impersonation_session (
  id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  state            text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'active', 'ended', 'expired', 'refused', 'revoked')),
  admin_id         uuid NOT NULL,
  admin_subject    text NOT NULL,
  admin_email      text NOT NULL,
  admin_role       text NOT NULL,
  user_id          uuid NOT NULL,
  scope            text NOT NULL CHECK (scope IN ('read', 'write')),
  minutes          integer NOT NULL CHECK (minutes BETWEEN 1 AND 30),
  reason           text NOT NULL,
  reason_class     text NOT NULL,
  ticket           text,
  context          jsonb,
  requested_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  code_hash        bytea NOT NULL UNIQUE CHECK (octet_length(code_hash) = 32),
  code_expires_at  timestamptz NOT NULL,
  started_at       timestamptz,
  ends_at          timestamptz,
  hard_ends_at     timestamptz,
  extended_at      timestamptz,
  extension_reason text,
  ended_at         timestamptz,
  end_cause        text,
  key_id           text,
  host_session_id  uuid,
  admin_sessions   uuid[] NOT NULL DEFAULT '{}',
  user_sessions    uuid[] NOT NULL DEFAULT '{}',
  start_sequence   bigint REFERENCES admin_center.audit_log,
  -- Of oneself there is none, nothing outlasts its hard end, and what is over has a cause.
  CHECK (admin_id <> user_id),
  CHECK ((started_at IS NULL) = (ends_at IS NULL) AND (started_at IS NULL) = (hard_ends_at IS NULL)),
  CHECK (ends_at <= hard_ends_at AND hard_ends_at <= started_at + interval '60 minutes'),
  CHECK ((state IN ('requested', 'active')) = (ended_at IS NULL) AND (ended_at IS NULL) = (end_cause IS NULL)),
  CHECK (state <> 'requested' OR started_at IS NULL),
  CHECK (state <> 'active' OR started_at IS NOT NULL)
);
COMMENT ON COLUMN admin_center.impersonation_session.admin_subject IS 'Subject of the verified Grafana token of who asked.';
COMMENT ON COLUMN admin_center.impersonation_session.code_hash IS 'SHA-256 of the one-time code. The code itself is shown once and kept nowhere.';
COMMENT ON COLUMN admin_center.impersonation_session.key_id IS 'Project key of the host that exchanged the code.';
COMMENT ON COLUMN admin_center.impersonation_session.host_session_id IS 'The session that the host made of it, if it made one: it never counts as the user''s own.';
COMMENT ON COLUMN admin_center.impersonation_session.admin_sessions IS 'Live host sessions of the admin at the start: when all of them were revoked, the admin signed out everywhere.';
COMMENT ON COLUMN admin_center.impersonation_session.user_sessions IS 'The same of the user.';
COMMENT ON COLUMN admin_center.impersonation_session.start_sequence IS 'Audit entry of the start, whose mark spans the session.';
-- An admin has one at a time.
CREATE UNIQUE INDEX impersonation_session_open ON admin_center.impersonation_session (admin_id) WHERE state IN ('requested', 'active');
CREATE INDEX impersonation_session_requested_at ON admin_center.impersonation_session (requested_at DESC, id DESC);
CREATE INDEX impersonation_session_user ON admin_center.impersonation_session (user_id, requested_at DESC);
CREATE INDEX impersonation_session_host ON admin_center.impersonation_session (host_session_id) WHERE host_session_id IS NOT NULL;

-- What is over stays as it was.
CREATE FUNCTION admin_center.impersonation_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the record of impersonation is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER guard BEFORE UPDATE ON admin_center.impersonation_session
FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION admin_center.impersonation_guard();
CREATE TRIGGER guard_delete BEFORE DELETE ON admin_center.impersonation_session FOR EACH ROW EXECUTE FUNCTION admin_center.impersonation_guard();

CREATE TRIGGER impersonation_session_notify
AFTER INSERT OR UPDATE OF state, ends_at ON admin_center.impersonation_session
FOR EACH STATEMENT EXECUTE FUNCTION admin_center.notify_policy('impersonation');

-- Every request of every session, with both identities, as hosts report them; decision 11 says why they are not in the chain.
CREATE TABLE admin_center.impersonation_request (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  session_id   uuid NOT NULL REFERENCES admin_center.impersonation_session,
  admin_id     uuid NOT NULL,
  user_id      uuid NOT NULL,
  key_id       text NOT NULL,
  at           timestamptz NOT NULL,
  method       text NOT NULL,
  route        text NOT NULL,
  status       integer NOT NULL,
  action_class text,
  blocked      boolean NOT NULL,
  received_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX impersonation_request_session ON admin_center.impersonation_request (session_id, id);
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON admin_center.impersonation_request FOR EACH ROW EXECUTE FUNCTION admin_center.impersonation_guard();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON admin_center.impersonation_request EXECUTE FUNCTION admin_center.impersonation_guard();

-- SHA-256 over all requests of a session, in the order they were received; it goes into the chain when the session ends.
CREATE FUNCTION admin_center.impersonation_digest(session uuid) RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT sha256(coalesce(string_agg(
    admin_center.audit_field(id::text)
    || admin_center.audit_field(admin_id::text)
    || admin_center.audit_field(user_id::text)
    || admin_center.audit_field(key_id)
    || admin_center.audit_field(trunc(extract(epoch FROM at) * 1000000)::bigint::text)
    || admin_center.audit_field(method)
    || admin_center.audit_field(route)
    || admin_center.audit_field(status::text)
    || admin_center.audit_field(action_class)
    || admin_center.audit_field(blocked::text),
    ''::bytea ORDER BY id
  ), ''::bytea))
  FROM admin_center.impersonation_request
  WHERE session_id = session
$$;

-- A mark may span time: what is audited now can last until later.
ALTER TABLE admin_center.outbox ADD COLUMN mark_ends_at timestamptz;
COMMENT ON COLUMN admin_center.outbox.mark_ends_at IS 'Until when the mark of this entry lasts; null for an instant.';
