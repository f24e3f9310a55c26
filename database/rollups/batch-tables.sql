-- Temporary tables that the steps of a rollup hand one another. Each is made once per connection and emptied by commits.

-- A table somebody else made under the name could carry a trigger that would run with the owner's rights: it is refused.
-- They have no indexes: each commit would build those anew, and with them every plan that names the table.
CREATE FUNCTION admin_center.ensure_batch_table(name text, columns text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  existing regclass := to_regclass('pg_temp.' || quote_ident(name));
BEGIN
  IF existing IS NULL THEN
    EXECUTE format('CREATE TEMPORARY TABLE %I (%s) ON COMMIT DELETE ROWS', name, columns);
  ELSIF (SELECT relowner FROM pg_class WHERE oid = existing) <> current_user::regrole THEN
    RAISE EXCEPTION 'The temporary table % belongs to somebody else. Roll up on a connection of its own.', name USING ERRCODE = '42501';
  -- No vacuum sees temporary tables: on a connection that lasts they would hold back the freezing of the whole database.
  ELSIF pg_relation_size(existing) > 0 OR (SELECT age(relfrozenxid) FROM pg_class WHERE oid = existing) > 10000000 THEN
    EXECUTE format('TRUNCATE pg_temp.%I', name);
  END IF;
END $$;
COMMENT ON FUNCTION admin_center.ensure_batch_table IS 'An empty temporary table of the rollup.';

-- Statistics make plans fit. They cost some milliseconds, so they are only taken when the size is of another order.
CREATE FUNCTION admin_center.analyze_batch_table(name text, rows bigint) RETURNS void
LANGUAGE plpgsql SET default_statistics_target = 10 AS $$
DECLARE
  known real := (SELECT reltuples FROM pg_class WHERE oid = to_regclass('pg_temp.' || quote_ident(name)));
BEGIN
  IF rows > 8 * greatest(known, 200) OR known > 8 * greatest(rows, 200) THEN
    EXECUTE format('ANALYZE pg_temp.%I', name);
  END IF;
END $$;
