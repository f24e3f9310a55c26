-- What the actions API keeps about requests, shared by its replicas: answered idempotency keys and rate limits.

-- Written in the transaction of the action it belongs to, so a key exists exactly when its action was committed.
CREATE TABLE admin_center.idempotency_key (
  actor        text NOT NULL,
  endpoint     text NOT NULL,
  key          text NOT NULL,
  request_hash bytea NOT NULL,
  response     text,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (actor, endpoint, key)
);
COMMENT ON COLUMN admin_center.idempotency_key.response IS 'JSON text as it was answered; null for a stream, which cannot be answered again.';
CREATE INDEX idempotency_key_created_at ON admin_center.idempotency_key (created_at);

-- The table of rate-limiter-flexible's PostgreSQL store: column names and types are its own. `expire` is in milliseconds.
-- Unlogged: after a crash everybody starts with full limits, which costs less than a flushed write for each request.
CREATE UNLOGGED TABLE admin_center.rate_limit (
  key    varchar(255) PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);
CREATE INDEX rate_limit_expire ON admin_center.rate_limit (expire);
