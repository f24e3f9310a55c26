-- Takes a person out of the stream and out of everything counted from it, as if they had never been, and keeps them out.

-- The person behind an id that the host has no user for; as personDigest of actions-api/src/platform/events/ids.ts.
CREATE FUNCTION admin_center.unknown_person(project text, id text) RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN left(overlay(overlay(encode(sha256(convert_to(project || E'\n' || id, 'UTF8')), 'hex') PLACING '8' FROM 13) PLACING '8' FROM 17), 32)::uuid;

-- A user, the visitors who turned out to be the user, and whom the user was taken for before the host had the account.
CREATE FUNCTION admin_center.persons_of(person uuid) RETURNS uuid[] LANGUAGE sql STABLE AS $$
  SELECT ARRAY(
    SELECT person
    UNION SELECT l.anonymous_id FROM admin_center.person_link l WHERE l.user_id = person
    UNION SELECT admin_center.unknown_person(k.project, own.id)
    FROM (SELECT DISTINCT project FROM admin_center.project_key) AS k
    CROSS JOIN (SELECT person::text UNION SELECT a.subject FROM admin_center.account a WHERE a.user_id = person) AS own (id)
    WHERE own.id IS NOT NULL
    ORDER BY 1
  )
$$;

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
  persons := admin_center.persons_of(person);
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

-- A block of the key, for all digests of a statement. Without the key nobody would be recognised, so nothing is taken either.
CREATE FUNCTION admin_center.erasure_pad("outer" boolean) RETURNS bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, admin_center, pg_temp AS $$
DECLARE
  pad bytea := (SELECT CASE WHEN "outer" THEN k.outer_pad ELSE k.inner_pad END FROM admin_center.erasure_key k);
BEGIN
  IF pad IS NULL THEN
    RAISE EXCEPTION 'The key of erased persons is missing. Restore the table erasure_key; until then no events are taken.' USING ERRCODE = 'AC503';
  END IF;
  RETURN pad;
END $$;

-- Of an id by which senders or the stream know a person: a user's own, the subject of its token, a visitor's.
CREATE FUNCTION admin_center.erasure_digest(id text, inner_pad bytea, outer_pad bytea) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(outer_pad || sha256(inner_pad || sha256(convert_to(lower(id), 'UTF8'))));

CREATE FUNCTION admin_center.erasure_digest(id text) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT admin_center.erasure_digest(id, admin_center.erasure_pad(false), admin_center.erasure_pad(true))
$$;

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

-- After a backup from before an erasure was restored, and erased_person with its key were brought up to date.
CREATE FUNCTION admin_center.erase_restored_events() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, admin_center, pg_temp AS $$
DECLARE
  inner_pad CONSTANT bytea := admin_center.erasure_pad(false);
  outer_pad CONSTANT bytea := admin_center.erasure_pad(true);
  gone   bigint := 0;
  person uuid;
BEGIN
  FOR person IN
    SELECT DISTINCT known.person_id
    FROM (
      SELECT DISTINCT e.person_id, e.person_id::text AS id FROM admin_center.event e
      UNION ALL
      SELECT a.user_id, a.subject FROM admin_center.account a WHERE a.subject IS NOT NULL
    ) AS known
    JOIN admin_center.erased_person p ON p.digest = admin_center.erasure_digest(known.id, inner_pad, outer_pad)
    ORDER BY 1
  LOOP
    gone := gone + admin_center.erase_person_events(person);
  END LOOP;
  RETURN gone;
END $$;
COMMENT ON FUNCTION admin_center.erase_restored_events IS 'Removes the events of everybody in erased_person once more, exactly. Returns how many went.';
