-- Keeps funnel_entry and its counts: for whom something new was rolled up, the days whose entries it can change are worked out again from
-- the person's own events, so that late events, links and erasure need nothing of their own. One lock serves all writers:
-- whoever comes second sees what the first has written.

CREATE FUNCTION admin_center.lock_funnels() RETURNS void
LANGUAGE sql VOLATILE
BEGIN ATOMIC
  SELECT pg_advisory_xact_lock(hashtextextended('admin_center.funnels', 0));
END;

-- What the steps and exclusions of a definition match, with the bits funnel_attempts wants.
CREATE FUNCTION admin_center.funnel_matches(definition jsonb)
RETURNS TABLE (type text, name text, feature text, property text, value text, steps integer, kills integer)
LANGUAGE sql IMMUTABLE AS $$
  SELECT m.value ->> 'type', m.value ->> 'event', m.value ->> 'feature', m.value #>> '{property,name}', m.value #>> '{property,value}', 1 << (m.ordinality - 1)::integer, 0
  FROM jsonb_array_elements(definition -> 'steps') WITH ORDINALITY AS m
  UNION ALL
  SELECT m ->> 'type', m ->> 'event', m ->> 'feature', m #>> '{property,name}', m #>> '{property,value}', 0,
    (1 << (m ->> 'before')::integer - 1) - (1 << (m ->> 'after')::integer - 1)
  FROM jsonb_array_elements(definition -> 'exclusions') AS m
$$;

-- Where somebody came from, as an event says it: the campaign's source, else the site that led here; null where it says nothing.
CREATE FUNCTION admin_center.event_source(properties jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT left(lower(coalesce(
    nullif(properties ->> 'utm_source', ''),
    nullif(properties ->> 'source', ''),
    nullif(properties #>> '{campaign,source}', ''),
    substring(coalesce(properties ->> 'search', properties ->> 'url') FROM '[?&]utm_source=([A-Za-z0-9_.-]+)'),
    nullif(properties ->> 'referring_domain', ''),
    substring(properties ->> 'referrer' FROM '^[a-z]+://(?:www\.)?([^/:?#]+)')
  )), 60)
$$;

-- The entries of persons on the days from `sinces` to `untils` by a definition. Events of other types than track, page and
-- screen are nothing that somebody does.
CREATE FUNCTION admin_center.funnel_entries_of(definition jsonb, persons uuid[], sinces date[], untils date[])
RETURNS TABLE (
  person_id uuid, day date, known boolean, first_at timestamptz, last_at timestamptz, reached_at timestamptz[], open_until timestamptz,
  tier text, country text, platform text, device text, source text
)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH asked AS MATERIALIZED (
    SELECT person_id, since::timestamp AT TIME ZONE 'UTC' AS since, (until + 1)::timestamp AT TIME ZONE 'UTC' + length AS until, until AS last_day
    FROM unnest(persons, sinces, untils) AS given (person_id, since, until)
    CROSS JOIN make_interval(secs => (definition ->> 'windowSeconds')::double precision) AS length
  ),
  match AS MATERIALIZED (
    SELECT * FROM admin_center.funnel_matches(definition)
  ),
  happened AS (
    SELECT e.person_id, e.at, e.message_id, e.known, e.tier, e.country, e.platform, e.device, e.properties, asked.last_day, coalesce(bit_or(m.steps), 0) AS steps, coalesce(bit_or(m.kills), 0) AS kills
    FROM asked
    JOIN admin_center.event e ON e.person_id = asked.person_id AND e.at >= asked.since AND e.at < asked.until AND e.type IN ('track', 'page', 'screen')
    LEFT JOIN match m ON m.type = e.type AND m.name = e.name AND (m.feature IS NULL OR m.feature = e.feature) AND (m.property IS NULL OR e.properties ->> m.property = m.value)
    GROUP BY e.person_id, e.at, e.message_id, e.known, e.tier, e.country, e.platform, e.device, e.properties, asked.last_day
    HAVING definition ->> 'order' = 'strict' OR bit_or(m.steps) IS NOT NULL
  ),
  -- Of the same instant: those of lower steps first, those of none last.
  ranked AS (
    SELECT *, CASE WHEN steps = 0 THEN 512 ELSE steps & -steps END AS rank
    FROM happened
  ),
  life AS MATERIALIZED (
    SELECT
      person_id, last_day,
      array_agg(at ORDER BY at, rank, message_id) AS ats,
      array_agg(steps ORDER BY at, rank, message_id) AS steps,
      array_agg(kills ORDER BY at, rank, message_id) AS kills,
      array_agg(ARRAY[known::text, tier, country, platform, device, coalesce(CASE WHEN steps > 0 THEN admin_center.event_source(properties) END, 'direct')] ORDER BY at, rank, message_id) AS facts
    FROM ranked
    GROUP BY person_id, last_day
    HAVING bit_or(steps) > 0
  )
  SELECT
    life.person_id, a.day, facts[entry][1]::boolean, a.first_at, a.last_at, a.reached_at, a.open_until,
    facts[entry][2], facts[entry][3], facts[entry][4], facts[entry][5], facts[entry][6]
  FROM life
  CROSS JOIN LATERAL admin_center.funnel_attempts(
    definition ->> 'order',
    make_interval(secs => (definition ->> 'windowSeconds')::double precision),
    (SELECT array_agg(make_interval(secs => (step.value ->> 'windowSeconds')::double precision) ORDER BY step.ordinality) FROM jsonb_array_elements(definition -> 'steps') WITH ORDINALITY AS step),
    life.ats, life.steps, life.kills, life.last_day
  ) AS a;
END
$$;

CREATE FUNCTION admin_center.write_funnel_entries(funnel integer, definition jsonb, persons uuid[], sinces date[], untils date[]) RETURNS void
LANGUAGE sql VOLATILE AS $$
  DELETE FROM admin_center.funnel_entry AS old
  USING unnest(persons, sinces, untils) AS given (person_id, since, until)
  WHERE old.person_id = given.person_id AND old.funnel_id = funnel AND old.day BETWEEN given.since AND given.until;
  INSERT INTO admin_center.funnel_entry (person_id, funnel_id, day, known, first_at, last_at, reached_at, open_until, tier, country, platform, device, source)
  SELECT person_id, funnel, day, known, first_at, last_at, reached_at, open_until, tier, country, platform, device, source
  FROM admin_center.funnel_entries_of(definition, persons, sinces, untils);
$$;

-- Which of the 64 slices of build_funnel_slice a person is in.
CREATE FUNCTION admin_center.funnel_slice(person uuid) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN get_byte(uuid_send(person), 0) / 4;

-- Follows the temp table rolled_event. Who is in a slice that is not built yet is worked out with it.
CREATE FUNCTION admin_center.roll_up_funnels() RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  funnel record;
BEGIN
  PERFORM admin_center.lock_funnels();
  PERFORM admin_center.roll_up_first_touch();
  PERFORM admin_center.begin_funnel_counts();
  -- Where each step must be the very next event, any event can break what was begun.
  FOR funnel IN
    WITH match AS MATERIALIZED (
      SELECT f.funnel_id, f.built_slices, m.* FROM admin_center.funnel f CROSS JOIN LATERAL admin_center.funnel_matches(f.definition) m WHERE f.state = 'active' AND f.built_slices > 0
    ),
    touched AS (
      SELECT m.funnel_id, r.person_id, r.at
      FROM rolled_event r
      JOIN match m ON m.type = r.type AND m.name = r.name AND (m.feature IS NULL OR m.feature = r.feature) AND (m.property IS NULL OR r.properties ->> m.property = m.value)
      WHERE admin_center.funnel_slice(r.person_id) < m.built_slices
      UNION ALL
      SELECT f.funnel_id, r.person_id, r.at
      FROM admin_center.funnel f
      JOIN rolled_event r ON r.type IN ('track', 'page', 'screen')
      WHERE f.state = 'active' AND f.definition ->> 'order' = 'strict'
        AND admin_center.funnel_slice(r.person_id) < f.built_slices
        AND EXISTS (SELECT FROM admin_center.funnel_entry e WHERE e.person_id = r.person_id AND e.funnel_id = f.funnel_id)
    ),
    span AS (
      SELECT funnel_id, person_id, min(at) AS since, max(at) AS until FROM touched GROUP BY funnel_id, person_id
    )
    SELECT
      f.funnel_id, f.definition, jsonb_array_length(f.definition -> 'steps') AS steps,
      array_agg(span.person_id) AS persons,
      array_agg(((span.since - make_interval(secs => (f.definition ->> 'windowSeconds')::double precision)) AT TIME ZONE 'UTC')::date) AS sinces,
      array_agg((span.until AT TIME ZONE 'UTC')::date) AS untils
    FROM span
    JOIN admin_center.funnel f USING (funnel_id)
    GROUP BY f.funnel_id, f.definition
  LOOP
    PERFORM admin_center.note_funnel_pairs(funnel.funnel_id, funnel.steps, funnel.persons, funnel.sinces, -1);
    PERFORM admin_center.write_funnel_entries(funnel.funnel_id, funnel.definition, funnel.persons, funnel.sinces, funnel.untils);
    PERFORM admin_center.note_funnel_pairs(funnel.funnel_id, funnel.steps, funnel.persons, funnel.sinces, 1);
  END LOOP;
  PERFORM admin_center.apply_funnel_counts();
END
$$;

-- The first event that says where its person came from, and the first use of a feature.
CREATE FUNCTION admin_center.roll_up_first_touch() RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  -- Few batches bring somebody's first: the others need no sorting.
  WITH sooner AS MATERIALIZED (
    SELECT b.person_id
    FROM (
      SELECT person_id, min(at) FILTER (WHERE type IN ('track', 'page', 'screen')) AS at, min(at) FILTER (WHERE feature IS NOT NULL) AS feature_at FROM rolled_event GROUP BY 1
    ) b
    LEFT JOIN LATERAL (SELECT k.at, k.feature_at FROM admin_center.first_touch k WHERE k.person_id = b.person_id OFFSET 0) k ON true
    WHERE k.at IS NULL OR b.at <= k.at OR b.feature_at <= k.feature_at OR (k.feature_at IS NULL AND b.feature_at IS NOT NULL)
  ),
  touch AS (
    SELECT person_id, at, message_id, coalesce(admin_center.event_source(properties), 'direct') AS source, country
    FROM (
      SELECT DISTINCT ON (person_id) person_id, at, message_id, properties, country
      FROM sooner JOIN rolled_event USING (person_id)
      WHERE type IN ('track', 'page', 'screen')
      ORDER BY person_id, at, message_id
    ) e
  ),
  used AS (
    SELECT DISTINCT ON (person_id) person_id, feature, at FROM sooner JOIN rolled_event USING (person_id) WHERE feature IS NOT NULL ORDER BY person_id, at, feature
  )
  INSERT INTO admin_center.first_touch AS known (person_id, at, message_id, source, country, feature, feature_at)
  SELECT touch.person_id, touch.at, touch.message_id, touch.source, touch.country, used.feature, used.at
  FROM touch LEFT JOIN used USING (person_id)
  ON CONFLICT (person_id) DO UPDATE SET
    (at, message_id, source, country) = (SELECT t.* FROM (VALUES (known.at, known.message_id, known.source, known.country), (excluded.at, excluded.message_id, excluded.source, excluded.country)) AS t (at, message_id, source, country) ORDER BY t.at, t.message_id LIMIT 1),
    (feature_at, feature) = (SELECT t.* FROM (VALUES (known.feature_at, known.feature), (excluded.feature_at, excluded.feature)) AS t (feature_at, feature) ORDER BY t.feature_at, t.feature LIMIT 1)
  WHERE (excluded.at, excluded.message_id) < (known.at, known.message_id)
    OR (excluded.feature IS NOT NULL AND (known.feature IS NULL OR (excluded.feature_at, excluded.feature) < (known.feature_at, known.feature)));
END
$$;
