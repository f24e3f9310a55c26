-- Keeps funnel_count: before and after a change of persons' entries their pairs of days are written down, and what differs
-- is added. Counted are the persons of active funnels in slices that are built.

CREATE FUNCTION admin_center.begin_funnel_counts() RETURNS void
LANGUAGE sql VOLATILE AS $$
  SELECT admin_center.ensure_batch_table('funnel_pair', 'funnel_id integer, chain smallint, day date, next_day date, persons integer');
$$;

-- Writes down with this sign what the entries of persons come to, as far as what happens from their days `sinces` on can
-- change it: pairs that end before do not. Of the entries before, only the last ones of each chain matter.
CREATE FUNCTION admin_center.note_funnel_pairs(funnel integer, steps integer, noted uuid[], sinces date[], sign integer) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  settled timestamptz := (SELECT at FROM admin_center.funnel_settled);
BEGIN
  INSERT INTO funnel_pair (funnel_id, chain, day, next_day, persons)
  SELECT funnel, chain, day, next_day, sign * sum(weight)
  FROM (
    SELECT chain, day, weight, since, coalesce(lead(day) OVER (PARTITION BY person_id, chain, weight ORDER BY day), 'infinity') AS next_day
    FROM (
      SELECT asked.person_id, asked.since, e.day, e.depth, e.is_open, bool_or(e.is_open) OVER (PARTITION BY asked.person_id) AS has_open
      FROM unnest(noted, sinces) AS asked (person_id, since)
      CROSS JOIN LATERAL (
        SELECT day, cardinality(reached_at) AS depth, open_until > settled AND cardinality(reached_at) < steps AS is_open
        FROM admin_center.funnel_entry WHERE person_id = asked.person_id AND funnel_id = funnel AND day >= asked.since
        UNION
        SELECT last.*
        FROM generate_series(1, steps + 1) AS number (step)
        CROSS JOIN LATERAL (
          SELECT day, cardinality(reached_at), open_until > settled AND cardinality(reached_at) < steps
          FROM admin_center.funnel_entry
          WHERE person_id = asked.person_id AND funnel_id = funnel AND day < asked.since
            AND CASE WHEN number.step <= steps THEN cardinality(reached_at) >= number.step ELSE open_until > settled AND cardinality(reached_at) < steps END
          ORDER BY day DESC LIMIT 1
        ) AS last
      ) AS e
    ) AS entry
    CROSS JOIN LATERAL (
      SELECT reached AS chain, 1 AS weight FROM generate_series(1, depth) AS reached
      UNION ALL
      SELECT 11, 1 WHERE is_open
      UNION ALL
      SELECT 10 + reached, 1 FROM generate_series(2, depth) AS reached WHERE has_open
      UNION ALL
      SELECT 10 + reached, -1 FROM generate_series(2, CASE WHEN is_open THEN steps ELSE depth END) AS reached WHERE has_open
    ) AS member
  ) AS pair
  WHERE next_day >= since
  GROUP BY chain, day, next_day
  HAVING sum(weight) <> 0;
END
$$;

CREATE FUNCTION admin_center.apply_funnel_counts() RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO admin_center.funnel_count AS counted (funnel_id, next_day, day, chain, persons)
  SELECT funnel_id, next_day, day, chain, sum(persons) FROM funnel_pair
  GROUP BY funnel_id, next_day, day, chain
  HAVING sum(persons) <> 0
  ORDER BY funnel_id, next_day, day, chain
  ON CONFLICT (funnel_id, next_day, day, chain) DO UPDATE SET persons = counted.persons + excluded.persons;
END
$$;

-- Of these persons those who are counted, by funnel, with their days `sinces`.
CREATE FUNCTION admin_center.counted_funnel_persons(persons uuid[], sinces date[]) RETURNS TABLE (funnel_id integer, steps integer, persons uuid[], sinces date[])
LANGUAGE sql STABLE AS $$
  SELECT f.funnel_id, jsonb_array_length(f.definition -> 'steps'), array_agg(asked.person_id), array_agg(asked.since)
  FROM admin_center.funnel f
  JOIN unnest(persons, sinces) AS asked (person_id, since) ON admin_center.funnel_slice(asked.person_id) < f.built_slices
  WHERE f.state = 'active'
  GROUP BY f.funnel_id
$$;

-- Counts those as dropped out who cannot convert any more; with an earlier instant, those as pending who then still could.
CREATE FUNCTION admin_center.settle_funnels(until timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = admin_center, pg_temp AS $$
DECLARE
  before  timestamptz;
  changed uuid[];
  days    date[];
BEGIN
  PERFORM lock_funnels();
  PERFORM begin_funnel_counts();
  SELECT at INTO before FROM funnel_settled;
  SELECT array_agg(person_id), array_agg(day) INTO changed, days
  FROM (
    SELECT e.person_id, min(e.day) AS day FROM funnel_entry e
    WHERE e.open_until > least(before, until) AND e.open_until <= greatest(before, until)
    GROUP BY e.person_id
  ) AS found;
  PERFORM note_funnel_pairs(counted.funnel_id, counted.steps, counted.persons, counted.sinces, -1) FROM counted_funnel_persons(changed, days) AS counted;
  UPDATE funnel_settled SET at = until;
  PERFORM note_funnel_pairs(counted.funnel_id, counted.steps, counted.persons, counted.sinces, 1) FROM counted_funnel_persons(changed, days) AS counted;
  PERFORM apply_funnel_counts();
END
$$;
COMMENT ON FUNCTION admin_center.settle_funnels IS 'Results say who is pending as of the instant that was settled last.';

-- Who entered from day to day and came as far as each step, each person once: and of those who went no further who still
-- may, and who may not.
CREATE FUNCTION admin_center.funnel_bars(funnel integer, steps integer, since date, until date)
RETURNS TABLE (step integer, users integer, pending integer, dropped integer)
LANGUAGE sql STABLE AS $$
  WITH chain AS (
    SELECT c.chain, sum(c.persons)::integer AS persons
    FROM admin_center.funnel_count c
    WHERE c.funnel_id = funnel AND c.next_day > until AND c.day BETWEEN since AND until
    GROUP BY c.chain
  ),
  stage AS (
    SELECT number.step, coalesce(reached.persons, 0) AS users, coalesce(opened.persons, 0) + CASE WHEN number.step > 1 THEN coalesce(also.persons, 0) ELSE 0 END AS may_convert
    FROM generate_series(1, steps) AS number (step)
    LEFT JOIN chain AS reached ON reached.chain = number.step
    LEFT JOIN chain AS opened ON opened.chain = 11
    LEFT JOIN chain AS also ON also.chain = 10 + number.step
  ),
  bar AS (
    SELECT stage.step, stage.users, CASE WHEN stage.step < steps THEN stage.may_convert - lead(stage.may_convert) OVER life ELSE 0 END AS pending, lead(stage.users) OVER life AS further
    FROM stage WINDOW life AS (ORDER BY stage.step)
  )
  SELECT bar.step, bar.users, bar.pending, CASE WHEN bar.step < steps THEN bar.users - bar.further - bar.pending ELSE 0 END FROM bar ORDER BY bar.step
$$;
