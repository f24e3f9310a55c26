-- What differs where the stream is distributed by Citus, as docs/scale.md says. Elsewhere nothing of it runs.

-- Its planner wants the values of a statement: it refuses generic plans, and parameters in SQL functions.
CREATE FUNCTION admin_center.is_on_citus() RETURNS boolean
LANGUAGE sql STABLE RETURN to_regproc('pg_catalog.citus_version') IS NOT NULL;

-- Every transaction below it has ended, and its rows can be read. Citus commits here first and on the other nodes right
-- after. Until it has done so the transaction holds the lock on its own id; where a node did not hear of it, it is prepared
-- there until Citus recovers it.
CREATE FUNCTION admin_center.stream_horizon() RETURNS xid8
LANGUAGE plpgsql AS $$
DECLARE
  -- Looked at in this order: who is in none of these has committed on all nodes.
  running  CONSTANT xid8 := pg_snapshot_xmin(pg_current_snapshot());
  behind   bigint;
  prepared text[];
BEGIN
  IF NOT admin_center.is_on_citus() THEN
    RETURN running;
  END IF;
  SELECT greatest(0, max(age(l.transactionid) - age(running::xid))) INTO behind
  FROM pg_locks l WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted;
  EXECUTE $citus$
    SELECT array_agg(p.gid)
    FROM run_command_on_workers('SELECT coalesce(array_agg(gid), ''{}'') FROM pg_prepared_xacts WHERE database = current_database()') node
    CROSS JOIN LATERAL unnest(node.result::text[]) p(gid)
  $citus$ INTO prepared;
  EXECUTE 'SELECT greatest($1, max(age(t.xmin) - age($2))) FROM pg_dist_transaction t WHERE t.gid = ANY ($3)' INTO behind USING behind, running::xid, prepared;
  RETURN admin_center.stream_xid(running, -behind);
END $$;
COMMENT ON FUNCTION admin_center.stream_horizon IS 'Up to where the stream is complete: nothing of a smaller transaction can still appear.';
