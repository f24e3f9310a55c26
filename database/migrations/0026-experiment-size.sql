-- Experiments that showed something to very many: payments are followed from where the last run ended, and the users behind a
-- variant are found in their order.

-- From when on the next run looks for payments that changed. No row: all of them.
CREATE TABLE admin_center.experiment_payment_watermark (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  at        timestamptz NOT NULL
);

-- Anonymous visitors are not listed.
CREATE INDEX exposure_newest ON admin_center.exposure (experiment, variant, first_at, person_id) WHERE known;
DROP INDEX admin_center.exposure_variant;
