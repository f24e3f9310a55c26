-- What every capability builds on: our schema, monotone counters, signs of life, and what the host adapter found.
-- Grants are not here: each run of migrate() sets them anew from src/grants/<noun>.sql and views/<noun>.sql.
CREATE SCHEMA IF NOT EXISTS admin_center;

-- Counters the exporter serves as they stand. They only ever rise, in the transaction of the fact they count.
CREATE TABLE admin_center.tally (
  metric text NOT NULL,
  labels jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(labels) = 'object'),
  value  bigint NOT NULL CHECK (value >= 0),
  PRIMARY KEY (metric, labels)
);
COMMENT ON TABLE admin_center.tally IS 'Counter by Prometheus name and labels, append-only through tally_add.';

-- Adds to a counter, and makes it where it is not there. Adding 0 makes it appear with 0.
CREATE FUNCTION admin_center.tally_add(metric text, labels jsonb, by bigint DEFAULT 1) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = admin_center, pg_temp AS $$
BEGIN
  IF by IS NULL OR by < 0 THEN
    RAISE EXCEPTION 'A tally only rises: % was to change by %.', metric, by USING ERRCODE = '22023';
  END IF;
  INSERT INTO tally AS t (metric, labels, value)
  VALUES (tally_add.metric, tally_add.labels, tally_add.by)
  ON CONFLICT ON CONSTRAINT tally_pkey DO UPDATE SET value = t.value + excluded.value;
END
$$;

-- When a part of the product was last alive, and what it says about itself.
CREATE TABLE admin_center.heartbeat (
  part   text PRIMARY KEY,
  at     timestamptz NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}'
);

-- Optional tables, columns and extensions of the host's database; filled by each run of migrate().
CREATE TABLE admin_center.host_probe (
  name       text PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('table', 'column', 'extension', 'database')),
  found      boolean NOT NULL,
  detail     text NOT NULL,
  checked_at timestamptz NOT NULL
);
COMMENT ON COLUMN admin_center.host_probe.detail IS 'What it is used for, and what is missing without it.';
