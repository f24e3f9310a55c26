-- Whose events are not stored any more because their activity was erased: digests of the ids they are known by, so that the
-- table tells of an id that is asked about and names nobody.
CREATE TABLE admin_center.erased_person (
  digest    bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
  erased_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE admin_center.erased_person IS 'SHA-256 of the ids of erased users and of the visitors who turned out to be them. Intake and mirror drop events that carry one.';
