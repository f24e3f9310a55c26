-- Months of the stream of events. A month is made beside the stream and then attached: writers do not wait for it.

CREATE FUNCTION admin_center.ensure_event_partitions("from" date, until date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, admin_center, pg_temp AS $$
DECLARE
  starts_on  date;
  ends_before date;
  partition  text;
  made       integer := 0;
BEGIN
  IF "from" IS NULL OR until IS NULL OR until - "from" > 366 * 20 THEN
    RAISE EXCEPTION 'Partitions are made for a range of at most 20 years, not from % until %.', "from", until USING ERRCODE = '22023';
  END IF;
  FOR starts_on IN SELECT generate_series(date_trunc('month', "from"::timestamp), until::timestamp, interval '1 month')::date LOOP
    partition := format('event_%s', to_char(starts_on, 'YYYY_MM'));
    CONTINUE WHEN to_regclass('admin_center.' || partition) IS NOT NULL;
    PERFORM pg_advisory_xact_lock(hashtextextended('admin_center.ensure_event_partitions', 0));
    CONTINUE WHEN to_regclass('admin_center.' || partition) IS NOT NULL;
    ends_before := (starts_on + interval '1 month')::date;
    EXECUTE format('CREATE TABLE admin_center.%I (LIKE admin_center.event INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)', partition);
    EXECUTE format('REVOKE ALL ON admin_center.%I FROM PUBLIC', partition);
    EXECUTE format('ALTER TABLE admin_center.event ATTACH PARTITION admin_center.%I FOR VALUES FROM (%L) TO (%L)', partition, starts_on || ' 00:00Z', ends_before || ' 00:00Z');
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;
COMMENT ON FUNCTION admin_center.ensure_event_partitions IS 'Makes the monthly partitions that hold the days from `from` to `until`, where they are missing. Returns how many it made.';
