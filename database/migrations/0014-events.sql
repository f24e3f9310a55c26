-- The stream of events: what people did, as hosts and their clients report it, and what is kept of it so that the numbers
-- people steer by cost the same however long the stream is. Whatever is counted here is exact: `roll_up_events` keeps it.
--
-- Tables with a person or a user in them have `person_id` in their keys and no foreign keys, so that they distribute.

-- One row per event. Partitions are months of `at`; there is no default partition, so each can be detached.
CREATE TABLE admin_center.event (
  at          timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  xid         xid8 NOT NULL DEFAULT pg_current_xact_id(),
  message_id  uuid NOT NULL,
  person_id   uuid NOT NULL,
  known       boolean NOT NULL,
  source      text NOT NULL CHECK (source IN ('segment', 'sdk', 'host', 'demo')),
  type        text NOT NULL CHECK (type IN ('track', 'page', 'screen', 'identify', 'group', 'alias')),
  name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  feature     text CHECK (length(feature) BETWEEN 1 AND 60),
  qualifies   boolean NOT NULL,
  tier        text NOT NULL DEFAULT 'free',
  country     text NOT NULL DEFAULT 'unknown',
  region      text,
  platform    text NOT NULL DEFAULT 'unknown',
  device      text NOT NULL DEFAULT 'unknown',
  os          text NOT NULL DEFAULT 'unknown',
  browser     text NOT NULL DEFAULT 'unknown',
  app_version text NOT NULL DEFAULT 'unknown',
  properties  jsonb
) PARTITION BY RANGE (at);
COMMENT ON COLUMN admin_center.event.at IS 'When it happened: the client''s instant, corrected by what its clock was wrong at sending.';
COMMENT ON COLUMN admin_center.event.xid IS 'Transaction that wrote it. Rollups follow it: ids and times leave gaps that are filled later, finished transactions do not.';
COMMENT ON COLUMN admin_center.event.message_id IS 'Digest of project and the sender''s message id.';
COMMENT ON COLUMN admin_center.event.person_id IS 'Host user id; for anonymous visitors a digest of project and anonymous id.';
COMMENT ON COLUMN admin_center.event.known IS 'Whether person_id is a user of the host.';
COMMENT ON COLUMN admin_center.event.name IS 'Of a track its event, of a page or screen its name or the type, of others the type.';
COMMENT ON COLUMN admin_center.event.qualifies IS 'Whether it makes its person active (D1), by the definition in force when it arrived.';
COMMENT ON COLUMN admin_center.event.tier IS 'Entitled tier of the user when it arrived; free for anonymous visitors.';
COMMENT ON COLUMN admin_center.event.country IS 'ISO 3166-1 alpha-2 of the address it came from; `hosting` for data centres and VPNs, `unknown`. The address itself is not kept.';
CREATE INDEX event_xid ON admin_center.event (xid);
CREATE INDEX event_person ON admin_center.event (person_id, at);
CREATE INDEX event_at ON admin_center.event USING brin (at);

-- Messages of the last 7 days, so that one that is sent again counts once.
CREATE TABLE admin_center.event_receipt (
  message_id  uuid PRIMARY KEY,
  received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX event_receipt_received_at ON admin_center.event_receipt USING brin (received_at);

-- Which user an anonymous visitor turned out to be. The first user it is seen with holds.
CREATE TABLE admin_center.person_link (
  anonymous_id uuid PRIMARY KEY,
  user_id      uuid NOT NULL,
  linked_at    timestamptz NOT NULL DEFAULT now(),
  xid          xid8 NOT NULL DEFAULT pg_current_xact_id()
);
COMMENT ON COLUMN admin_center.person_link.anonymous_id IS 'The person_id its events had, and have until the rollup moves them.';
CREATE INDEX person_link_xid ON admin_center.person_link (xid);
CREATE INDEX person_link_user ON admin_center.person_link (user_id);

-- What makes a user active (D1), one row per version; the newest is in force. Events are judged when they arrive, so a
-- change does not rewrite the past.
CREATE TABLE admin_center.qualifying_definition (
  version    integer PRIMARY KEY CHECK (version > 0),
  mode       text NOT NULL CHECK (mode IN ('all_except', 'only')),
  events     text[] NOT NULL,
  since      timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  reason     text NOT NULL
);
COMMENT ON COLUMN admin_center.qualifying_definition.events IS 'Names of track events. Page views, screens, mails opened, impersonated sessions and admins never qualify.';
INSERT INTO admin_center.qualifying_definition (version, mode, events, since, created_by, reason)
VALUES (1, 'all_except', '{"Application Opened","Application Backgrounded","Email Opened","Experiment Viewed","Heartbeat"}', '-infinity', 'system:installation', 'What the product comes with.');

-- How far the stream is rolled up.
CREATE TABLE admin_center.event_rollup (
  singleton         boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  xid               xid8 NOT NULL DEFAULT '0',
  xid_offset        bigint NOT NULL DEFAULT 0 CHECK (xid_offset >= 0),
  system_identifier bigint,
  events            bigint NOT NULL DEFAULT 0,
  rolled_up_at      timestamptz,
  rebuilt_at        timestamptz
);
COMMENT ON COLUMN admin_center.event_rollup.xid IS 'All events of smaller transactions are counted, none of others.';
COMMENT ON COLUMN admin_center.event_rollup.xid_offset IS 'What the columns `xid` add to transaction ids of this cluster, so that they come after those of the cluster a restored stream is from.';
COMMENT ON COLUMN admin_center.event_rollup.events IS 'Events of the stream that are counted.';
COMMENT ON COLUMN admin_center.event_rollup.system_identifier IS 'Cluster the xid belongs to: after a restore into another one transaction ids start anew.';
INSERT INTO admin_center.event_rollup DEFAULT VALUES;

-- Short numbers for what days are split by: `all`, tier, country, region, platform, device, os, browser, client, version,
-- feature, feature_tier. Of `all` the one value is `all`, of client it is `os|browser`, of feature_tier `feature|tier`.
CREATE TABLE admin_center.dimension_value (
  id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dimension text NOT NULL,
  value     text NOT NULL,
  UNIQUE (dimension, value)
);

-- State: what is known of each person. The counts below are sums of it, so a person can be taken out of them again.

CREATE TABLE admin_center.person (
  person_id uuid PRIMARY KEY,
  first_at  timestamptz NOT NULL,
  last_at   timestamptz NOT NULL
) WITH (fillfactor = 80);
COMMENT ON TABLE admin_center.person IS 'Users with a qualifying event: their first and their last.';
CREATE INDEX person_last_at ON admin_center.person (last_at);
CREATE INDEX person_first_at ON admin_center.person (first_at);

CREATE TABLE admin_center.active_day (
  person_id uuid NOT NULL,
  day       date NOT NULL,
  first_at  timestamptz NOT NULL,
  last_at   timestamptz NOT NULL,
  "values"  integer[] NOT NULL,
  PRIMARY KEY (person_id, day)
) WITH (fillfactor = 80);
COMMENT ON TABLE admin_center.active_day IS 'UTC days with a qualifying event of a user.';
COMMENT ON COLUMN admin_center.active_day."values" IS 'Ids of dimension_value seen that day, sorted; always with the one of `all`.';
CREATE INDEX active_day_day ON admin_center.active_day (day);

-- D3: events of a user that are no more than 30 minutes apart, cut at 24 hours.
CREATE TABLE admin_center.usage_session (
  person_id  uuid NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at   timestamptz NOT NULL,
  events     integer NOT NULL,
  platform   text NOT NULL,
  PRIMARY KEY (person_id, started_at)
);
COMMENT ON COLUMN admin_center.usage_session.ended_at IS 'Its last event; a session of one event lasts 0 s.';
COMMENT ON COLUMN admin_center.usage_session.platform IS 'Of its first event.';
CREATE INDEX usage_session_started_at ON admin_center.usage_session USING brin (started_at);

-- Counts.

-- Users active on a day, by value.
CREATE TABLE admin_center.active_users_day (
  value integer NOT NULL,
  day   date NOT NULL,
  users integer NOT NULL,
  PRIMARY KEY (value, day)
) WITH (fillfactor = 70);

-- Users active within `days` days up to and with a day: the sum of `change` up to that day.
CREATE TABLE admin_center.active_users_change (
  value  integer NOT NULL,
  days   smallint NOT NULL CHECK (days IN (7, 30)),
  day    date NOT NULL,
  change integer NOT NULL,
  PRIMARY KEY (value, days, day)
) WITH (fillfactor = 70);

-- D5: users of an interval by where they come from. Dormant ones follow: active in the one before and not in this.
CREATE TABLE admin_center.lifecycle_count (
  "interval" text NOT NULL CHECK ("interval" IN ('day', 'week', 'month')),
  starts_on  date NOT NULL,
  state      text NOT NULL CHECK (state IN ('new', 'returning', 'resurrected')),
  users      integer NOT NULL,
  PRIMARY KEY ("interval", starts_on, state)
) WITH (fillfactor = 70);

-- D4: of those whose first qualifying event is in the cohort's interval, users active in the n-th interval after it
-- (`active`), and users for whom it is the last such interval (`last`): who came back on n or later is the sum from n on.
CREATE TABLE admin_center.retention_count (
  basis      text NOT NULL CHECK (basis IN ('calendar', 'own')),
  "interval" text NOT NULL CHECK ("interval" IN ('day', 'week', 'month')),
  cohort     date NOT NULL,
  n          smallint NOT NULL,
  active     integer NOT NULL DEFAULT 0,
  last       integer NOT NULL DEFAULT 0,
  PRIMARY KEY (basis, "interval", cohort, n)
) WITH (fillfactor = 70);
COMMENT ON COLUMN admin_center.retention_count.basis IS '`calendar`: UTC days, weeks from Monday, months. `own`: 24 hours, 7 or 30 times 24 hours from the user''s own first event.';

-- Sessions by the UTC day they started on and their length in whole seconds.
CREATE TABLE admin_center.session_count (
  day      date NOT NULL,
  seconds  integer NOT NULL,
  sessions integer NOT NULL,
  PRIMARY KEY (day, seconds)
) WITH (fillfactor = 70);

-- Users by how many sessions they started and on how many days they were active in a week from Monday.
CREATE TABLE admin_center.frequency_count (
  week     date NOT NULL,
  measure  text NOT NULL CHECK (measure IN ('sessions', 'active_days')),
  quantity integer NOT NULL,
  users    integer NOT NULL,
  PRIMARY KEY (week, measure, quantity)
) WITH (fillfactor = 70);

-- Sessions whose user's session before, begun at most 7 days earlier, was on another platform.
CREATE TABLE admin_center.platform_change_count (
  day           date NOT NULL,
  from_platform text NOT NULL,
  to_platform   text NOT NULL,
  sessions      integer NOT NULL,
  PRIMARY KEY (day, from_platform, to_platform)
) WITH (fillfactor = 70);

-- Events by day. Anonymous visitors' count here too.
CREATE TABLE admin_center.event_count (
  day     date NOT NULL,
  type    text NOT NULL,
  name    text NOT NULL,
  feature text NOT NULL,
  tier    text NOT NULL,
  events  bigint NOT NULL,
  PRIMARY KEY (day, type, name, feature, tier)
) WITH (fillfactor = 70);
COMMENT ON COLUMN admin_center.event_count.feature IS 'Empty for events that are no use of a feature.';
