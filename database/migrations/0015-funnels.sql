-- Funnels (D9) as admins define them, and who entered them when: one row per person and day of entry, so that a result costs
-- what its days hold, however long the stream is. Conversion of users (D22): where each came from, and when each paid.

CREATE TABLE admin_center.funnel (
  funnel_id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key          text NOT NULL UNIQUE CHECK (key ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
  state        text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'archived')),
  version      integer NOT NULL DEFAULT 1 CHECK (version > 0),
  definition   jsonb NOT NULL,
  built_slices integer NOT NULL DEFAULT 0 CHECK (built_slices BETWEEN 0 AND 64),
  built_at     timestamptz,
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN admin_center.funnel.definition IS 'FunnelDefinition of contracts/src/conversion-funnels.ts.';
COMMENT ON COLUMN admin_center.funnel.built_slices IS 'Of the 64 slices that persons are cut into, those whose past entries follow the present definition.';
COMMENT ON COLUMN admin_center.funnel.built_at IS 'When the last slice was built; null while entries are missing.';

CREATE TABLE admin_center.funnel_version (
  funnel_id     integer NOT NULL REFERENCES admin_center.funnel ON DELETE CASCADE,
  version       integer NOT NULL,
  at            timestamptz NOT NULL DEFAULT clock_timestamp(),
  change        text NOT NULL CHECK (change IN ('create', 'update', 'archive', 'restore')),
  state         text NOT NULL,
  definition    jsonb NOT NULL,
  actor_subject text NOT NULL,
  actor_id      uuid,
  reason        text,
  PRIMARY KEY (funnel_id, version)
);

-- A person's entries of one UTC day: the best of them (most steps, then the shortest time, then the latest) stands for all.
CREATE TABLE admin_center.funnel_entry (
  person_id  uuid NOT NULL,
  funnel_id  integer NOT NULL,
  day        date NOT NULL,
  known      boolean NOT NULL,
  first_at   timestamptz NOT NULL,
  last_at    timestamptz NOT NULL,
  reached_at timestamptz[] NOT NULL,
  open_until timestamptz NOT NULL,
  tier       text NOT NULL,
  country    text NOT NULL,
  platform   text NOT NULL,
  device     text NOT NULL,
  source     text NOT NULL,
  PRIMARY KEY (person_id, funnel_id, day)
) WITH (fillfactor = 80);
COMMENT ON COLUMN admin_center.funnel_entry.first_at IS 'The first entry of the day, as last_at is its last.';
COMMENT ON COLUMN admin_center.funnel_entry.reached_at IS 'When the best entry reached each of its steps first; the first element is the entry.';
COMMENT ON COLUMN admin_center.funnel_entry.open_until IS 'Until then some entry of the day may still convert. Later a person who did not convert dropped out.';
COMMENT ON COLUMN admin_center.funnel_entry.tier IS 'At the entry, as are country, platform, device and source.';
CREATE INDEX funnel_entry_day ON admin_center.funnel_entry (funnel_id, day);

-- Where a user came from: the first event of theirs, also as a visitor, that says so, and the first feature they used.
CREATE TABLE admin_center.first_touch (
  person_id  uuid PRIMARY KEY,
  at         timestamptz NOT NULL,
  message_id uuid NOT NULL,
  source     text NOT NULL,
  country    text NOT NULL,
  feature    text,
  feature_at timestamptz
) WITH (fillfactor = 80);

-- Times in which a user paid for a tier without a break, from mrr_interval.
CREATE TABLE admin_center.paid_span (
  user_id    uuid NOT NULL,
  tier       text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at   timestamptz NOT NULL,
  PRIMARY KEY (user_id, tier, started_at)
);
CREATE INDEX paid_span_started_at ON admin_center.paid_span (started_at);
CREATE INDEX paid_span_ended_at ON admin_center.paid_span (ended_at);

-- From when on the next refresh looks for changes. No row: everything.
CREATE TABLE admin_center.paid_span_watermark (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  at        timestamptz NOT NULL
);
