-- Takes a person out of the stream and out of everything counted from it, as if they had never been, and keeps them out.

-- Receipts stay: they name nobody, and without them a message that is sent again would bring the person back.
CREATE FUNCTION admin_center.erase_person_events(person uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, admin_center, pg_temp AS $$
DECLARE
  persons uuid[];
  high    xid8;
  counted bigint;
  gone    bigint;
BEGIN
  -- No batch is under way meanwhile.
  SELECT r.xid INTO high FROM admin_center.event_rollup r FOR UPDATE;
  persons := ARRAY(SELECT person UNION SELECT l.anonymous_id FROM admin_center.person_link l WHERE l.user_id = person ORDER BY 1);
  PERFORM admin_center.take_out_counts(persons);
  PERFORM admin_center.take_out_activity(persons);
  PERFORM admin_center.take_out_sessions(persons);
  PERFORM admin_center.call_family('take_out_funnels(uuid[])', persons);
  PERFORM admin_center.call_family('take_out_exposures(uuid[])', persons);
  counted := (SELECT count(*) FROM admin_center.event e WHERE e.person_id = ANY(persons) AND e.xid < high);
  DELETE FROM admin_center.event e WHERE e.person_id = ANY(persons);
  GET DIAGNOSTICS gone = ROW_COUNT;
  DELETE FROM admin_center.person_link l WHERE l.user_id = person;
  UPDATE admin_center.event_rollup r SET events = r.events - counted;
  RETURN gone;
END $$;
COMMENT ON FUNCTION admin_center.erase_person_events IS 'Removes the events of a user and of the visitors who turned out to be the user, exactly. Further ones are taken; `erase_person` refuses them. Returns how many events went.';

-- Of an id by which senders or the stream know a person: a user's own, the subject of its token, a visitor's.
CREATE FUNCTION admin_center.erasure_digest(id text) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(convert_to(lower(id), 'UTF8'));

-- Who writes events meanwhile waits, and then finds the person erased; who has begun is waited for, but not for long, since
-- everybody else waits behind us. The lock on the rollup comes first, as it does in a batch.
CREATE FUNCTION admin_center.erase_person(person uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, admin_center, pg_temp SET lock_timeout = '4s' AS $$
BEGIN
  PERFORM FROM admin_center.event_rollup FOR UPDATE;
  LOCK TABLE ONLY admin_center.event IN SHARE ROW EXCLUSIVE MODE;
  INSERT INTO admin_center.erased_person (digest)
  SELECT admin_center.erasure_digest(known.id)
  FROM (
    SELECT person::text
    UNION SELECT l.anonymous_id::text FROM admin_center.person_link l WHERE l.user_id = person
    UNION SELECT a.subject FROM admin_center.account a WHERE a.user_id = person
  ) AS known (id)
  WHERE known.id IS NOT NULL
  ON CONFLICT DO NOTHING;
  RETURN admin_center.erase_person_events(person);
END $$;
COMMENT ON FUNCTION admin_center.erase_person IS 'Removes the events of a user and of the visitors who turned out to be the user, exactly, and has further ones dropped. Returns how many events went.';
