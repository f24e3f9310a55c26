-- The catalogue of features: who may use each, and which events are a use of it, so that a feature that few may use is not
-- taken for unpopular. Features that are used and not listed here count all the same, for every tier.
CREATE TABLE admin_center.feature (
  key        text PRIMARY KEY CHECK (key ~ '^[a-z0-9][a-z0-9._-]{0,59}$'),
  title      text NOT NULL,
  tiers      text[] NOT NULL CHECK (cardinality(tiers) > 0),
  events     text[] NOT NULL DEFAULT '{}',
  flag       text,
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN admin_center.feature.events IS 'Names of track events that are a use, besides those with the property `feature`.';
COMMENT ON COLUMN admin_center.feature.flag IS 'Key of the flag it is behind; who it does not serve is not eligible.';

-- Up to where uses of features are in the tally. It does not go back when counts are rebuilt or events erased, so that a
-- use is counted once for ever.
CREATE TABLE admin_center.feature_use_mark (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  xid       xid8 NOT NULL DEFAULT '0'
);
INSERT INTO admin_center.feature_use_mark DEFAULT VALUES;
