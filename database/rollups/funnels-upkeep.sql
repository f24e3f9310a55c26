-- What keeps funnels beside the rollup of new events: persons who are merged or erased, the past of funnels that are new or
-- changed, previews, and forgetting what no funnel needs any more.

-- Takes persons out, who are merged or erased. The caller moves or deletes their events in the same transaction.
CREATE FUNCTION admin_center.take_out_funnels(persons uuid[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM admin_center.lock_funnels();
  PERFORM admin_center.begin_funnel_counts();
  PERFORM admin_center.note_funnel_pairs(counted.funnel_id, counted.steps, counted.persons, counted.sinces, -1)
  FROM admin_center.counted_funnel_persons(take_out_funnels.persons, array_fill('-infinity'::date, ARRAY[cardinality(take_out_funnels.persons)])) AS counted;
  DELETE FROM admin_center.funnel_entry WHERE person_id = ANY (take_out_funnels.persons);
  DELETE FROM admin_center.first_touch WHERE person_id = ANY (take_out_funnels.persons);
  PERFORM admin_center.apply_funnel_counts();
END
$$;

-- For counting anew: the past of funnels is built again by the job, first touches come with the rollup.
CREATE FUNCTION admin_center.empty_funnels() RETURNS void
LANGUAGE sql VOLATILE AS $$
  SELECT admin_center.lock_funnels();
  TRUNCATE admin_center.funnel_entry, admin_center.funnel_count, admin_center.first_touch;
  UPDATE admin_center.funnel SET built_slices = 0, built_at = NULL;
$$;

-- Works out one of the 64 slices of a funnel that has slices missing, of all events there are. False when none has.
CREATE FUNCTION admin_center.build_funnel_slice() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = admin_center, pg_temp SET plan_cache_mode = force_custom_plan SET work_mem = '64MB' AS $$
DECLARE
  building record;
  entered  record;
  low  uuid;
  high uuid;
BEGIN
  PERFORM lock_funnels();
  SELECT funnel_id, definition, built_slices INTO building FROM funnel WHERE state = 'active' AND built_slices < 64 ORDER BY funnel_id LIMIT 1 FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  low := rpad(lpad(to_hex(building.built_slices * 4), 2, '0'), 32, '0')::uuid;
  high := rpad(lpad(to_hex(building.built_slices * 4 + 3), 2, '0'), 32, 'f')::uuid;
  -- What follows an earlier definition is not counted.
  IF building.built_slices = 0 THEN
    DELETE FROM funnel_count WHERE funnel_id = building.funnel_id;
  END IF;
  PERFORM begin_funnel_counts();
  DELETE FROM funnel_entry WHERE person_id BETWEEN low AND high AND funnel_id = building.funnel_id;
  WITH match AS MATERIALIZED (SELECT m.type, m.name FROM funnel_matches(building.definition) m WHERE m.steps > 0)
  SELECT array_agg(person_id) AS persons, array_agg(since) AS sinces, array_agg(until) AS untils INTO entered
  FROM (
    SELECT e.person_id, (min(e.at) AT TIME ZONE 'UTC')::date AS since, (max(e.at) AT TIME ZONE 'UTC')::date AS until
    FROM event e JOIN match m ON m.type = e.type AND m.name = e.name
    WHERE e.person_id BETWEEN low AND high
    GROUP BY e.person_id
  ) AS life;
  IF entered.persons IS NOT NULL THEN
    PERFORM write_funnel_entries(building.funnel_id, building.definition, entered.persons, entered.sinces, entered.untils);
  END IF;
  PERFORM note_funnel_pairs(building.funnel_id, jsonb_array_length(building.definition -> 'steps'), array_agg(person_id), array_agg('-infinity'::date), 1)
  FROM (SELECT DISTINCT person_id FROM funnel_entry WHERE person_id BETWEEN low AND high AND funnel_id = building.funnel_id) AS entered;
  PERFORM apply_funnel_counts();
  UPDATE funnel SET built_slices = built_slices + 1, built_at = CASE WHEN built_slices = 63 THEN clock_timestamp() END WHERE funnel_id = building.funnel_id;
  RETURN true;
END
$$;

-- The entries of days by a definition that is not kept. It reads the stream, so callers bound its days and its time.
CREATE FUNCTION admin_center.preview_funnel(definition jsonb, since date, until date)
RETURNS TABLE (person_id uuid, day date, last_at timestamptz, reached_at timestamptz[], open_until timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = admin_center, pg_temp SET plan_cache_mode = force_custom_plan SET work_mem = '64MB' AS $$
#variable_conflict use_column
DECLARE
  persons uuid[];
BEGIN
  WITH match AS MATERIALIZED (
    SELECT m.type, m.name FROM funnel_matches(definition) m WHERE CASE definition ->> 'order' WHEN 'any' THEN m.steps > 0 ELSE m.steps = 1 END
  )
  SELECT coalesce(array_agg(found.person_id), '{}') INTO persons
  FROM (
    SELECT DISTINCT e.person_id FROM event e JOIN match m ON m.type = e.type AND m.name = e.name
    WHERE e.at >= since::timestamp AT TIME ZONE 'UTC' AND e.at < (until + 1)::timestamp AT TIME ZONE 'UTC'
  ) AS found;
  RETURN QUERY
  SELECT e.person_id, e.day, e.last_at, e.reached_at, e.open_until
  FROM funnel_entries_of(definition, persons, array_fill(since, ARRAY[cardinality(persons)]), array_fill(until, ARRAY[cardinality(persons)])) AS e;
END
$$;

-- Deletes entries and counts of funnels that are gone or in the archive, some at a time, and counts of nobody.
-- @returns how many entries
CREATE FUNCTION admin_center.forget_funnel_entries() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = admin_center, pg_temp AS $$
DECLARE
  forgotten integer;
BEGIN
  PERFORM lock_funnels();
  DELETE FROM funnel_count c WHERE c.persons = 0 OR NOT EXISTS (SELECT FROM funnel f WHERE f.funnel_id = c.funnel_id AND f.state = 'active');
  -- Gone funnels are found by a walk over the index, not over the entries.
  WITH RECURSIVE present AS (
    (SELECT funnel_id FROM funnel_entry ORDER BY funnel_id LIMIT 1)
    UNION ALL
    SELECT (SELECT e.funnel_id FROM funnel_entry e WHERE e.funnel_id > present.funnel_id ORDER BY e.funnel_id LIMIT 1)
    FROM present WHERE present.funnel_id IS NOT NULL
  )
  DELETE FROM funnel_entry
  WHERE ctid = ANY (ARRAY(
    SELECT e.ctid FROM funnel_entry e
    WHERE e.funnel_id IN (
      SELECT funnel_id FROM present
      WHERE funnel_id IS NOT NULL AND NOT EXISTS (SELECT FROM funnel f WHERE f.funnel_id = present.funnel_id AND f.state = 'active')
    )
    LIMIT 20000
  ));
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END
$$;
