-- Funnels (D9, D10) as steps on a grid (core.sql). Of the first funnels by key, as many as have 120 steps, each of which is
-- three series. Further ones have none.

CREATE VIEW admin_center.exported_funnel AS
SELECT funnel_id, key, steps, length
FROM (
  SELECT funnel_id, key, steps, length, sum(steps) OVER (ORDER BY key) AS steps_so_far
  FROM (
    SELECT funnel_id, key, jsonb_array_length(definition -> 'steps') AS steps, make_interval(secs => (definition ->> 'windowSeconds')::double precision) AS length
    FROM admin_center.funnel
    WHERE state = 'active' AND built_at IS NOT NULL
  ) AS built
) AS counted
WHERE steps_so_far <= 120;

CREATE VIEW admin_center.conversion_entry AS
SELECT funnel_id, person_id, day, first_at, last_at, reached_at FROM admin_center.funnel_entry;

-- How long something took is read from about 1,000 persons, those with the lowest hashes: up to which hash, of so many.
CREATE FUNCTION admin_center.funnel_sample(persons bigint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN greatest(4294967296 * least(1, 1000::double precision / greatest(persons, 1)) - 2147483649, -2147483648)::integer;

CREATE VIEW admin_center.conversion_count AS
SELECT funnel_id, day, next_day, chain AS stage, persons FROM admin_center.funnel_count WHERE chain < 11;

-- Persons who entered on the present UTC day and the 6 or 29 before it (stage 1) and those of them who have reached each
-- further step since. A person counts once, so what covers an instant twice is joined first.
CREATE FUNCTION admin_center.funnel_steps(grid timestamptz[])
RETURNS TABLE (fact text, funnel text, "window" text, stage integer, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH entry AS MATERIALIZED (
    SELECT f.key, e.person_id, e.day, e.first_at, e.reached_at
    FROM admin_center.exported_funnel f
    JOIN admin_center.conversion_entry e ON e.funnel_id = f.funnel_id
    WHERE e.day >= (grid[1] AT TIME ZONE 'UTC')::date - 31 AND e.first_at <= grid[cardinality(grid)]
  ),
  span AS (
    SELECT key, person_id, days, 1 AS stage, first_at AS since, (day + days)::timestamp AT TIME ZONE 'UTC' AS until FROM entry CROSS JOIN (VALUES (7), (30)) AS past (days)
    UNION ALL
    SELECT key, person_id, days, stage, reached_at[stage], (day + days)::timestamp AT TIME ZONE 'UTC'
    FROM entry CROSS JOIN (VALUES (7), (30)) AS past (days) CROSS JOIN LATERAL generate_series(2, cardinality(reached_at)) AS stage
    WHERE reached_at[stage] < (day + days)::timestamp AT TIME ZONE 'UTC'
  ),
  covered AS (
    SELECT *, max(until) OVER (PARTITION BY key, person_id, days, stage ORDER BY since ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM span
  ),
  edge AS (
    SELECT key, days, stage, CASE WHEN before >= since THEN before ELSE since END AS at, 1 AS delta FROM covered WHERE before IS NULL OR until > before
    UNION ALL
    SELECT key, days, stage, until, -1 FROM covered WHERE before IS NULL OR until > before
  ),
  placed AS (
    SELECT key, days, stage, admin_center.grid_step(at, grid) AS step, delta FROM edge
  )
  SELECT 'reached', key, days || 'd', stage, step, sum(delta)
  FROM placed
  WHERE step < cardinality(grid)
  GROUP BY key, days, stage, step
  HAVING sum(delta) <> 0
  UNION ALL
  -- A step that nobody reaches is 0: an alert has to see it.
  SELECT 'reached', key, days || 'd', stage, 0, 0 FROM admin_center.exported_funnel CROSS JOIN (VALUES (7), (30)) AS past (days) CROSS JOIN LATERAL generate_series(1, steps) AS stage
$$;

-- The same at present, from counts.
CREATE FUNCTION admin_center.funnel_now()
RETURNS TABLE (fact text, funnel text, "window" text, stage integer, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  SELECT 'reached', f.key, past.days || 'd', number.stage, 0, coalesce(sum(c.persons) FILTER (WHERE c.day > today.day - past.days), 0)::bigint
  FROM (SELECT (now() AT TIME ZONE 'UTC')::date AS day) AS today
  CROSS JOIN admin_center.exported_funnel f
  CROSS JOIN (VALUES (7), (30)) AS past (days)
  CROSS JOIN LATERAL generate_series(1, f.steps) AS number (stage)
  LEFT JOIN admin_center.conversion_count c ON c.funnel_id = f.funnel_id AND c.next_day = 'infinity' AND c.day > today.day - 30 AND c.stage = number.stage
  GROUP BY f.key, past.days, number.stage
$$;

-- Those whose window ran out in the 30 days before the present UTC day, so that nobody is pending: who entered, who reached
-- each step, and how long it took those who converted. They change once a day.
CREATE FUNCTION admin_center.funnel_elapsed_steps(grid timestamptz[])
RETURNS TABLE (fact text, funnel text, "window" text, stage integer, percentile text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH today AS (
    SELECT (at AT TIME ZONE 'UTC')::date AS day, min(ordinality)::integer - 1 AS step FROM unnest(grid) WITH ORDINALITY AS point (at, ordinality) GROUP BY 1
  ),
  best AS (
    SELECT DISTINCT ON (f.key, today.step, e.person_id) f.key, f.steps, today.step, e.person_id, e.reached_at
    FROM today
    CROSS JOIN admin_center.exported_funnel f
    JOIN admin_center.conversion_entry e ON e.funnel_id = f.funnel_id
      AND e.day > (today.day::timestamp - f.length)::date - 32 AND e.day < today.day
      AND (e.day + 1)::timestamp + f.length <= today.day::timestamp AND (e.day + 1)::timestamp + f.length > today.day::timestamp - interval '30 days'
    ORDER BY f.key, today.step, e.person_id, cardinality(e.reached_at) DESC, e.reached_at[cardinality(e.reached_at)] - e.reached_at[1]
  ),
  person AS MATERIALIZED (
    SELECT key, steps, step, reached_at, uuid_hash(person_id) <= admin_center.funnel_sample(count(*) OVER (PARTITION BY key, step)) AS sampled FROM best
  ),
  value AS (
    SELECT 'reached' AS fact, key, 'elapsed' AS "window", stage, NULL AS percentile, step, count(*) AS value
    FROM person CROSS JOIN LATERAL generate_series(1, cardinality(reached_at)) AS stage GROUP BY key, stage, step
    UNION ALL
    SELECT 'took', key, NULL, NULL, 'p50', step, round(extract(epoch FROM percentile_disc(0.5) WITHIN GROUP (ORDER BY reached_at[steps] - reached_at[1])))::bigint
    FROM person WHERE cardinality(reached_at) = steps AND sampled GROUP BY key, step
    UNION ALL
    SELECT 'took', key, NULL, NULL, 'p90', step, round(extract(epoch FROM percentile_disc(0.9) WITHIN GROUP (ORDER BY reached_at[steps] - reached_at[1])))::bigint
    FROM person WHERE cardinality(reached_at) = steps AND sampled GROUP BY key, step
  ),
  -- Each day with a value of its own, 0 where there is none, so that the changes add up.
  daily AS (
    SELECT known.fact, known.key, known."window", known.stage, known.percentile, today.step, coalesce(value.value, 0) AS value
    FROM (SELECT DISTINCT fact, key, "window", stage, percentile FROM value) AS known
    CROSS JOIN today
    LEFT JOIN value ON value.fact = known.fact AND value.key = known.key AND value.step = today.step AND value.stage IS NOT DISTINCT FROM known.stage AND value.percentile IS NOT DISTINCT FROM known.percentile
  )
  SELECT fact, key, "window", stage, percentile, step, delta
  FROM (
    SELECT daily.*, value - coalesce(lag(value) OVER (PARTITION BY fact, key, stage, percentile ORDER BY step), 0) AS delta FROM daily
  ) AS changed
  WHERE delta <> 0
  UNION ALL
  SELECT 'reached', key, 'elapsed', stage, NULL, 0, 0 FROM admin_center.exported_funnel CROSS JOIN LATERAL generate_series(1, steps) AS stage
$$;

-- The same at present. Days are those of entry from `since` to `until`.
CREATE FUNCTION admin_center.funnel_elapsed_now()
RETURNS TABLE (fact text, funnel text, "window" text, stage integer, percentile text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH asked AS (
    SELECT f.funnel_id, f.key, f.steps, (today.midnight - f.length - interval '30 days')::date AS since, (today.midnight - f.length)::date - 1 AS until
    FROM (SELECT (now() AT TIME ZONE 'UTC')::date::timestamp AS midnight) AS today
    CROSS JOIN admin_center.exported_funnel f
  ),
  reached AS MATERIALIZED (
    SELECT asked.funnel_id, asked.key, number.stage, (
      SELECT coalesce(sum(c.persons), 0)::bigint FROM admin_center.conversion_count c
      WHERE c.funnel_id = asked.funnel_id AND c.next_day > asked.until AND c.day BETWEEN asked.since AND asked.until AND c.stage = number.stage
    ) AS persons
    FROM asked
    CROSS JOIN LATERAL generate_series(1, asked.steps) AS number (stage)
  ),
  took AS (
    SELECT asked.key, person.took
    FROM asked
    JOIN reached ON reached.funnel_id = asked.funnel_id AND reached.stage = 1
    CROSS JOIN LATERAL (
      SELECT min(e.reached_at[asked.steps] - e.reached_at[1]) AS took
      FROM admin_center.conversion_entry e
      WHERE e.funnel_id = asked.funnel_id AND e.day = ANY (ARRAY(SELECT asked.since + n FROM generate_series(0, asked.until - asked.since) AS n))
        AND uuid_hash(e.person_id) <= admin_center.funnel_sample(reached.persons) AND cardinality(e.reached_at) = asked.steps
      GROUP BY e.person_id
    ) AS person
  )
  SELECT 'reached', key, 'elapsed', stage, NULL, 0, persons FROM reached
  UNION ALL
  SELECT 'took', key, NULL, NULL, percentile.label, 0, round(extract(epoch FROM percentile_disc(percentile.share) WITHIN GROUP (ORDER BY took)))::bigint
  FROM took CROSS JOIN (VALUES ('p50', 0.5), ('p90', 0.9)) AS percentile (label, share)
  GROUP BY key, percentile.label, percentile.share
$$;

GRANT SELECT ON admin_center.exported_funnel, admin_center.conversion_count, admin_center.conversion_entry TO admin_center_exporter;
