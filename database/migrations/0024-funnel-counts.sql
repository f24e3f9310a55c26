-- Persons of funnels counted by day, so that a result costs what its days hold and not what their persons did.

-- A person with an entry on `day` and the next one on `next_day` (infinity: none). Persons with an entry from one day to
-- another are those whose last entry before the end is in between: sum(persons) where day is, and next_day is after the end.
CREATE TABLE admin_center.funnel_count (
  funnel_id integer NOT NULL,
  next_day  date NOT NULL,
  day       date NOT NULL,
  chain     smallint NOT NULL,
  persons   integer NOT NULL,
  PRIMARY KEY (funnel_id, next_day, day, chain)
) WITH (fillfactor = 80);
COMMENT ON COLUMN admin_center.funnel_count.chain IS
  'Which entries: s from 1, those that reached s steps. 11: those that may still convert. 10 + s from 2: of persons with such an entry, those that reached s steps less those that did or may still convert; with 11 this gives who reached s steps and may still convert.';

-- Who may still convert, by what was known at `at`.
CREATE TABLE admin_center.funnel_settled (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  at        timestamptz NOT NULL
);
INSERT INTO admin_center.funnel_settled (at) VALUES (now());

-- Times are read from the persons with the lowest hashes.
CREATE INDEX funnel_entry_sample ON admin_center.funnel_entry (funnel_id, day, uuid_hash(person_id));
DROP INDEX admin_center.funnel_entry_day;
CREATE INDEX funnel_entry_open_until ON admin_center.funnel_entry (open_until);

-- What is there is counted as it is worked out again.
UPDATE admin_center.funnel SET built_slices = 0, built_at = NULL;
