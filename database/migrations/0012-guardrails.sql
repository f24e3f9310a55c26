-- Guarded rollouts (M2): where each flag's ramp stands, what its guardrails said, and the alerts that were sent to us.

-- One row per flag whose ramp was ever started. The plan is the one that was approved: editing the flag's own does not
-- change a ramp under way.
CREATE TABLE admin_center.flag_ramp (
  flag              text PRIMARY KEY REFERENCES admin_center.flag (key),
  state             text NOT NULL CHECK (state IN ('running', 'held', 'waiting', 'paused', 'rolled_back', 'aborted', 'done')),
  variant           text NOT NULL,
  steps             jsonb NOT NULL CHECK (jsonb_array_length(steps) > 0),
  step              integer NOT NULL,
  approved_step     integer NOT NULL,
  step_started_at   timestamptz NOT NULL,
  held_ms           bigint NOT NULL DEFAULT 0 CHECK (held_ms >= 0),
  percentage_before double precision NOT NULL CHECK (percentage_before BETWEEN 0 AND 100),
  suspected         text[] NOT NULL DEFAULT '{}',
  evaluated_at      timestamptz,
  message           text,
  breached_by       text,
  -- Whatever the code does: no step is held that nobody approved.
  CHECK (step BETWEEN 0 AND approved_step AND approved_step < jsonb_array_length(steps)),
  CHECK (breached_by IS NULL OR state = 'rolled_back')
);
COMMENT ON COLUMN admin_center.flag_ramp.held_ms IS 'Time of this step between evaluations that found every guardrail kept.';
COMMENT ON COLUMN admin_center.flag_ramp.suspected IS 'Guardrails that were violated when they could last be judged; the next violation rolls back.';
COMMENT ON COLUMN admin_center.flag_ramp.breached_by IS 'The guardrail that rolled it back, or `alert`; admincenter_flag_guardrail_breached shows it until a person acts.';

-- What guardrails said; the last 200 of each are kept.
CREATE TABLE admin_center.guardrail_evaluation (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  flag      text NOT NULL REFERENCES admin_center.flag (key),
  guardrail text NOT NULL,
  at        timestamptz NOT NULL,
  state     text NOT NULL CHECK (state IN ('ok', 'hold', 'violation')),
  query     text NOT NULL,
  value     double precision,
  sample    double precision,
  message   text NOT NULL
);
CREATE INDEX guardrail_evaluation_newest ON admin_center.guardrail_evaluation (flag, guardrail, id DESC);

-- Alerts that name a flag, as Alertmanager and Grafana sent them. One firing of one alert is one row, however often it is
-- delivered; it is handled after the sender was answered.
CREATE TABLE admin_center.flag_alert (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  provider    text NOT NULL CHECK (provider IN ('alertmanager', 'grafana')),
  event_id    text NOT NULL,
  flag        text NOT NULL,
  variant     text,
  alert_name  text NOT NULL,
  summary     text NOT NULL,
  starts_at   timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  handled_at  timestamptz,
  outcome     text CHECK (outcome IN ('rolled_back', 'no_ramp', 'other_variant', 'no_flag')),
  UNIQUE (provider, event_id),
  CHECK ((handled_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX flag_alert_pending ON admin_center.flag_alert (id) WHERE handled_at IS NULL;
