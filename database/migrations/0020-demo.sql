-- How far the activity that the host's own tables record is mirrored into the stream of events.
CREATE TABLE admin_center.activity_mirror (
  singleton  boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  since      timestamptz,
  seen_until timestamptz,
  mirrored   bigint NOT NULL DEFAULT 0,
  ran_at     timestamptz
);
COMMENT ON COLUMN admin_center.activity_mirror.since IS 'Activity of before is not mirrored: it is older than the mirror reaches back, or in the stream already. Null: the mirror has not run yet.';
COMMENT ON COLUMN admin_center.activity_mirror.seen_until IS 'What the host changed up to then was looked at.';
INSERT INTO admin_center.activity_mirror DEFAULT VALUES;
