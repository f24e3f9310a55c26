-- Flags: what each serves to whom, every version of it, what was planned, and how often it was evaluated.

CREATE TABLE admin_center.flag (
  key                   text PRIMARY KEY CHECK (key ~ '^[a-z0-9][a-z0-9-]{1,62}$' AND key NOT IN ('unknown', 'other')),
  -- Users are drawn by it, so another salt would move them between variants.
  salt                  text NOT NULL,
  state                 text NOT NULL DEFAULT 'off' CHECK (state IN ('on', 'off', 'killed', 'archived')),
  version               integer NOT NULL DEFAULT 1 CHECK (version > 0),
  definition            jsonb NOT NULL CHECK (jsonb_typeof(definition) = 'object'),
  experiment_state      text CHECK (experiment_state IN ('draft', 'running', 'stopped')),
  experiment_started_at timestamptz,
  experiment_stopped_at timestamptz,
  created_at            timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at            timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (experiment_state IS DISTINCT FROM 'running' OR experiment_started_at IS NOT NULL)
);
COMMENT ON COLUMN admin_center.flag.version IS 'Rises by one with each change; a change names the one it was made from.';
COMMENT ON COLUMN admin_center.flag.definition IS 'The contract''s flagDefinition; null as experiment_state means that it has no experiment.';

-- What a flag was at each version. Only ever appended to, but for reason and author, which go when their audit entry is erased.
CREATE TABLE admin_center.flag_version (
  flag          text NOT NULL REFERENCES admin_center.flag (key),
  version       integer NOT NULL,
  at            timestamptz NOT NULL DEFAULT clock_timestamp(),
  change        text NOT NULL CHECK (change IN ('create', 'update', 'state', 'revert', 'plan', 'experiment', 'ramp')),
  state         text NOT NULL,
  definition    jsonb NOT NULL,
  experiment_state text,
  reverted_to   integer,
  actor_subject text NOT NULL,
  actor_id      uuid,
  reason        text,
  PRIMARY KEY (flag, version)
);
COMMENT ON COLUMN admin_center.flag_version.actor_subject IS 'Of the Grafana token, or `system:` and the part of the product that acted.';

CREATE FUNCTION admin_center.flag_version_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.reason IS NULL AND NEW.actor_id IS NULL AND (to_jsonb(NEW) - 'reason' - 'actor_id') = (to_jsonb(OLD) - 'reason' - 'actor_id') THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'the history of a flag is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON admin_center.flag_version FOR EACH ROW EXECUTE FUNCTION admin_center.flag_version_guard();

-- An audit entry that is erased takes its reason and author out of the history too.
CREATE FUNCTION admin_center.flag_version_erase() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = admin_center, pg_temp AS $$
BEGIN
  UPDATE flag_version v SET reason = NULL, actor_id = NULL
  FROM audit_log l
  WHERE l.sequence = OLD.sequence AND l.target_type = 'flag' AND v.flag = l.target_id AND v.version = (OLD.after ->> 'version')::integer;
  RETURN NULL;
END
$$;
CREATE TRIGGER flag_version_erase AFTER UPDATE ON admin_center.audit_detail
FOR EACH ROW WHEN (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND OLD.after IS NOT NULL)
EXECUTE FUNCTION admin_center.flag_version_erase();

-- Changes that a worker makes at a time.
CREATE TABLE admin_center.flag_plan (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  flag          text NOT NULL REFERENCES admin_center.flag (key),
  at            timestamptz NOT NULL,
  effect        jsonb NOT NULL,
  reason        text NOT NULL,
  actor_subject text NOT NULL,
  actor_id      uuid,
  created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  state         text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'applied', 'failed', 'canceled')),
  note          text
);
CREATE INDEX flag_plan_due ON admin_center.flag_plan (at) WHERE state = 'planned';
CREATE INDEX flag_plan_flag ON admin_center.flag_plan (flag, at);

-- Evaluations by day; keys that are no flags are counted as `unknown`, so there is no reference to flags.
CREATE TABLE admin_center.flag_usage (
  flag        text NOT NULL,
  day         date NOT NULL,
  variant     text NOT NULL,
  reason      text NOT NULL CHECK (reason IN ('STATIC', 'TARGETING_MATCH', 'SPLIT', 'DEFAULT', 'DISABLED', 'ERROR', 'STALE')),
  evaluations bigint NOT NULL CHECK (evaluations >= 0),
  first_at    timestamptz NOT NULL,
  last_at     timestamptz NOT NULL,
  PRIMARY KEY (flag, day, variant, reason)
);
COMMENT ON COLUMN admin_center.flag_usage.variant IS 'The variant that was served; `none` for errors.';

CREATE TRIGGER flag_notify AFTER INSERT OR DELETE OR UPDATE OF state, definition, experiment_state ON admin_center.flag
FOR EACH STATEMENT EXECUTE FUNCTION admin_center.notify_policy('flags');
