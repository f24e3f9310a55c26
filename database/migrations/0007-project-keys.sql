-- Keys by which programs reach us without an admin's identity (S8), the reports they sent, and how a change of what is
-- held in memory is told to every replica.

CREATE TABLE admin_center.project_key (
  id           text PRIMARY KEY CHECK (id ~ '^[a-z0-9]{12}$'),
  project      text NOT NULL CHECK (project ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  kind         text NOT NULL CHECK (kind IN ('server', 'client')),
  environment  text NOT NULL CHECK (environment IN ('live', 'test')),
  secret_hash  bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
  last4        text NOT NULL CHECK (length(last4) = 4),
  created_at   timestamptz NOT NULL DEFAULT now(),
  created_by   uuid,
  expires_at   timestamptz,
  revoked_at   timestamptz,
  replaced_by  text UNIQUE REFERENCES admin_center.project_key,
  last_used_at timestamptz
);
COMMENT ON COLUMN admin_center.project_key.secret_hash IS 'SHA-256 of the whole key. The key itself is shown once and kept nowhere.';
COMMENT ON COLUMN admin_center.project_key.created_by IS 'Host user id of the admin; null for keys made by the installation.';
COMMENT ON COLUMN admin_center.project_key.replaced_by IS 'The key it was rotated into; until expires_at both are good.';
COMMENT ON COLUMN admin_center.project_key.last_used_at IS 'At most a minute late.';
CREATE INDEX project_key_created_at ON admin_center.project_key (created_at DESC, id DESC);

-- Reports of hosts that were taken; one that is sent again is recognised for two days.
CREATE TABLE admin_center.sdk_report (
  key_id      text NOT NULL,
  message_id  uuid NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (key_id, message_id)
);
CREATE INDEX sdk_report_received_at ON admin_center.sdk_report (received_at);

-- For statement triggers: says after the commit that the part of the policy named by the first argument has changed.
CREATE FUNCTION admin_center.notify_policy() RETURNS trigger
LANGUAGE plpgsql SET search_path = admin_center, pg_temp AS $$
BEGIN
  PERFORM pg_notify('admin_center_policy', TG_ARGV[0]);
  RETURN NULL;
END
$$;

-- Not for last_used_at: being used changes nothing.
CREATE TRIGGER project_key_notify
AFTER INSERT OR DELETE OR UPDATE OF name, expires_at, revoked_at ON admin_center.project_key
FOR EACH STATEMENT EXECUTE FUNCTION admin_center.notify_policy('project-keys');
