-- Consent to impersonation: which tiers are asked first, and what their users agreed to, at the host, in their own session.

CREATE TABLE admin_center.impersonation_consent_rule (
  tier       text PRIMARY KEY,
  needed     boolean NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  changed_by text NOT NULL
);
COMMENT ON TABLE admin_center.impersonation_consent_rule IS 'A tier that is not here is not asked.';

CREATE TABLE admin_center.impersonation_consent (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id      uuid NOT NULL,
  given_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  until        timestamptz NOT NULL,
  withdrawn_at timestamptz,
  key_id       text NOT NULL,
  CHECK (until > given_at AND until <= given_at + interval '31 days'),
  CHECK (withdrawn_at >= given_at)
);
COMMENT ON COLUMN admin_center.impersonation_consent.key_id IS 'Project key of the host that the user told.';
CREATE INDEX impersonation_consent_user ON admin_center.impersonation_consent (user_id, until DESC) WHERE withdrawn_at IS NULL;

-- What was agreed stays on record; only its withdrawal is added.
CREATE TRIGGER guard BEFORE UPDATE ON admin_center.impersonation_consent
FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL OR (OLD.user_id, OLD.given_at, OLD.until, OLD.key_id) IS DISTINCT FROM (NEW.user_id, NEW.given_at, NEW.until, NEW.key_id))
EXECUTE FUNCTION admin_center.impersonation_guard();
CREATE TRIGGER guard_delete BEFORE DELETE ON admin_center.impersonation_consent FOR EACH ROW EXECUTE FUNCTION admin_center.impersonation_guard();
CREATE TRIGGER impersonation_consent_notify AFTER UPDATE ON admin_center.impersonation_consent
FOR EACH STATEMENT EXECUTE FUNCTION admin_center.notify_policy('impersonation');

ALTER TABLE admin_center.impersonation_session ADD COLUMN consent_id bigint REFERENCES admin_center.impersonation_consent;
COMMENT ON COLUMN admin_center.impersonation_session.consent_id IS 'The consent it was asked for under; null where none was needed. It ends with the user''s last consent.';
