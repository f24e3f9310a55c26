-- Exposures and outcomes of experiments, and their sums by day. State is worked out anew from the stream for everybody who
-- did something that matters, so running it twice changes nothing; what is from months that were dropped stays.

-- Adds (or with -1 takes away) what these persons contribute to the sums of these experiments.
CREATE FUNCTION admin_center.count_exposures(experiments integer[], persons uuid[], sign integer) RETURNS void
LANGUAGE sql AS $$
  WITH pair AS (
    SELECT exposure.* FROM unnest(experiments, persons) AS pair (experiment, person_id) JOIN admin_center.exposure USING (experiment, person_id)
  ),
  so_far AS (
    SELECT pair.experiment, pair.variant, pair.value_before, outcome.day, outcome.value, sum(outcome.value) OVER (PARTITION BY pair.experiment, pair.person_id ORDER BY outcome.day) AS total
    FROM pair JOIN admin_center.experiment_outcome AS outcome USING (experiment, person_id)
  ),
  added AS (
    SELECT experiment, variant, (first_at AT TIME ZONE 'UTC')::date AS day, 1 AS users, (others <> '{}')::integer AS crossed, 0::bigint AS y, 0::numeric AS yy,
      value_before AS p, value_before::numeric * value_before AS pp, 0::numeric AS py
    FROM pair
    UNION ALL
    SELECT experiment, variant, day, 0, 0, value, total * total - (total - value) * (total - value), 0, 0, value_before::numeric * value FROM so_far
  )
  INSERT INTO admin_center.experiment_day AS counted (experiment, variant, day, users, crossed, y, yy, p, pp, py)
  SELECT experiment, variant, day, sign * sum(users), sign * sum(crossed), sign * sum(y), sign * sum(yy), sign * sum(p), sign * sum(pp), sign * sum(py)
  FROM added GROUP BY experiment, variant, day ORDER BY experiment, variant, day
  ON CONFLICT (experiment, variant, day) DO UPDATE SET
    users = counted.users + excluded.users, crossed = counted.crossed + excluded.crossed, y = counted.y + excluded.y, yy = counted.yy + excluded.yy,
    p = counted.p + excluded.p, pp = counted.pp + excluded.pp, py = counted.py + excluded.py
$$;

CREATE FUNCTION admin_center.forget_exposures(experiments integer[], persons uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM admin_center.count_exposures(experiments, persons, -1);
  DELETE FROM admin_center.experiment_outcome AS outcome USING unnest(experiments, persons) AS pair (experiment, person_id)
  WHERE outcome.person_id = pair.person_id AND outcome.experiment = pair.experiment;
  DELETE FROM admin_center.exposure USING unnest(experiments, persons) AS pair (experiment, person_id)
  WHERE exposure.person_id = pair.person_id AND exposure.experiment = pair.experiment;
END
$$;

-- Works these pairs, each named once, out anew. Events go from the stream with their month and else only with their person,
-- who is taken out first: so what is kept and not there any more stays, and days count what is more. Payments are the host's
-- own records, which are all there.
CREATE FUNCTION admin_center.settle_exposures(experiments integer[], persons uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM admin_center.count_exposures(experiments, persons, -1);

  WITH pair AS MATERIALIZED (
    SELECT pair.person_id, experiment.id AS experiment, experiment.flag, experiment.variants, experiment.started_at AS since, coalesce(experiment.stopped_at, 'infinity') AS until
    FROM unnest(experiments, persons) AS pair (experiment, person_id) JOIN admin_center.experiment ON experiment.id = pair.experiment
  ),
  shown AS MATERIALIZED (
    SELECT event.person_id, pair.experiment,
      array_agg(admin_center.exposure_variant(event.name, event.properties) ORDER BY event.at, event.message_id) AS variants, min(event.at) AS first_at, bool_or(event.known) AS known,
      array_agg(event.tier ORDER BY event.at, event.message_id) AS tiers, array_agg(event.country ORDER BY event.at, event.message_id) AS countries, array_agg(event.platform ORDER BY event.at, event.message_id) AS platforms
    FROM pair JOIN admin_center.event ON event.person_id = pair.person_id AND event.at >= pair.since AND event.at < pair.until
    WHERE admin_center.is_exposure(event.type, event.name) AND admin_center.exposure_flag(event.name, event.properties) = pair.flag
      AND admin_center.exposure_variant(event.name, event.properties) = ANY (pair.variants)
    GROUP BY event.person_id, pair.experiment
  )
  INSERT INTO admin_center.exposure AS kept (person_id, experiment, variant, first_at, known, others, value_before, tier, country, platform)
  SELECT shown.person_id, shown.experiment, shown.variants[1], shown.first_at, shown.known,
    ARRAY(SELECT DISTINCT variant FROM unnest(shown.variants) AS variant WHERE variant <> shown.variants[1] ORDER BY variant),
    0, shown.tiers[1], shown.countries[1], shown.platforms[1]
  FROM shown
  ON CONFLICT (person_id, experiment) DO UPDATE SET
    (variant, first_at, tier, country, platform, others, value_before) = (
      SELECT first.variant, first.first_at, first.tier, first.country, first.platform,
        ARRAY(SELECT DISTINCT variant FROM unnest(kept.variant || kept.others || excluded.variant || excluded.others) AS variant WHERE variant <> first.variant ORDER BY variant),
        CASE WHEN first.first_at = kept.first_at THEN kept.value_before ELSE 0 END
      FROM (VALUES
        (excluded.variant, excluded.first_at, excluded.tier, excluded.country, excluded.platform, 1),
        (kept.variant, kept.first_at, kept.tier, kept.country, kept.platform, 2)
      ) AS first (variant, first_at, tier, country, platform, place)
      ORDER BY first.first_at, first.place LIMIT 1
    ),
    known = kept.known OR excluded.known;

  DELETE FROM admin_center.experiment_outcome AS outcome
  USING unnest(experiments, persons) AS pair (experiment, person_id), admin_center.experiment
  WHERE outcome.person_id = pair.person_id AND outcome.experiment = pair.experiment AND experiment.id = pair.experiment AND experiment.metric_kind IN ('converted_to_paid', 'revenue');
  UPDATE admin_center.exposure SET value_before = 0
  FROM unnest(experiments, persons) AS pair (experiment, person_id), admin_center.experiment
  WHERE exposure.person_id = pair.person_id AND exposure.experiment = pair.experiment AND experiment.id = pair.experiment AND experiment.metric_kind IN ('converted_to_paid', 'revenue')
    AND exposure.value_before <> 0;

  PERFORM admin_center.ensure_batch_table('happened', 'experiment integer, person_id uuid, metric_kind text, day date, value bigint');
  WITH exposed AS MATERIALIZED (
    SELECT exposure.experiment, exposure.person_id, exposure.first_at, experiment.metric_kind, experiment.metric_name,
      exposure.first_at - interval '14 days' AS since, coalesce(experiment.stopped_at, 'infinity') AS until
    FROM unnest(experiments, persons) AS pair (experiment, person_id)
    JOIN admin_center.exposure USING (experiment, person_id)
    JOIN admin_center.experiment ON experiment.id = exposure.experiment
  )
  INSERT INTO happened
  SELECT exposed.experiment, event.person_id, exposed.metric_kind, CASE WHEN event.at >= exposed.first_at THEN (event.at AT TIME ZONE 'UTC')::date END AS day, count(*)
  FROM exposed JOIN admin_center.event ON event.person_id = exposed.person_id AND event.at >= exposed.since AND event.at < exposed.until
  WHERE admin_center.is_outcome(exposed.metric_kind, exposed.metric_name, event.type, event.name, event.feature)
  GROUP BY 1, 2, 3, 4;
  INSERT INTO happened
  SELECT payment.experiment, payment.person_id, 'payment', payment.day, payment.value
  FROM admin_center.exposure_payments(experiments, persons) AS payment;

  UPDATE admin_center.exposure SET value_before = greatest(exposure.value_before, CASE WHEN happened.metric_kind IN ('event', 'feature') THEN 1 ELSE happened.value END)
  FROM happened
  WHERE happened.day IS NULL AND exposure.experiment = happened.experiment AND exposure.person_id = happened.person_id;
  INSERT INTO admin_center.experiment_outcome AS kept (person_id, experiment, day, value)
  SELECT person_id, experiment, day, CASE WHEN metric_kind IN ('event', 'feature') THEN 1 ELSE value END
  FROM (SELECT *, row_number() OVER (PARTITION BY experiment, person_id ORDER BY day) AS place FROM happened WHERE day IS NOT NULL) AS after
  WHERE metric_kind NOT IN ('event', 'feature') OR place = 1
  ON CONFLICT (person_id, experiment, day) DO UPDATE SET value = greatest(kept.value, excluded.value);

  -- Converted or not: the first day says it.
  DELETE FROM admin_center.experiment_outcome AS outcome
  USING unnest(experiments, persons) AS pair (experiment, person_id), admin_center.experiment
  WHERE outcome.person_id = pair.person_id AND outcome.experiment = pair.experiment AND experiment.id = pair.experiment AND experiment.metric_kind IN ('event', 'feature')
    AND EXISTS (SELECT FROM admin_center.experiment_outcome AS earlier WHERE earlier.person_id = outcome.person_id AND earlier.experiment = outcome.experiment AND earlier.day < outcome.day);

  PERFORM admin_center.count_exposures(experiments, persons, 1);
END
$$;

-- Of the batch `rolled_event`: persons who were shown something, and exposed ones who did what the metric counts.
CREATE FUNCTION admin_center.roll_up_exposures() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  experiments integer[];
  persons     uuid[];
BEGIN
  IF NOT EXISTS (SELECT FROM admin_center.experiment) THEN
    RETURN;
  END IF;
  WITH touched AS (
    SELECT experiment.id AS experiment, event.person_id
    FROM rolled_event AS event
    JOIN admin_center.experiment ON experiment.flag = admin_center.exposure_flag(event.name, event.properties)
      AND event.at >= experiment.started_at AND event.at < coalesce(experiment.stopped_at, 'infinity')
    WHERE admin_center.is_exposure(event.type, event.name) AND NOT EXISTS (
      -- Shown the same again: nothing new.
      SELECT FROM admin_center.exposure
      WHERE exposure.person_id = event.person_id AND exposure.experiment = experiment.id AND exposure.first_at <= event.at
        AND admin_center.exposure_variant(event.name, event.properties) = ANY (exposure.variant || exposure.others)
    )
    UNION
    SELECT experiment.id, event.person_id
    FROM rolled_event AS event
    JOIN admin_center.experiment ON admin_center.is_outcome(experiment.metric_kind, experiment.metric_name, event.type, event.name, event.feature)
      AND event.at >= experiment.started_at - interval '14 days' AND event.at < coalesce(experiment.stopped_at, 'infinity')
    JOIN admin_center.exposure ON exposure.person_id = event.person_id AND exposure.experiment = experiment.id
      -- Who is converted stays so, unless it turns out to have happened sooner.
    WHERE experiment.metric_kind = 'count' OR NOT EXISTS (
      SELECT FROM admin_center.experiment_outcome AS outcome
      WHERE outcome.person_id = event.person_id AND outcome.experiment = experiment.id AND outcome.day <= (event.at AT TIME ZONE 'UTC')::date
    )
  )
  SELECT array_agg(touched.experiment ORDER BY person_id, experiment), array_agg(touched.person_id ORDER BY person_id, experiment) INTO experiments, persons FROM touched;
  IF experiments IS NOT NULL THEN
    PERFORM admin_center.settle_exposures(experiments, persons);
  END IF;
END
$$;

-- For merged and erased persons: what is left counts as if they had never been shown anything.
CREATE FUNCTION admin_center.take_out_exposures(persons uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  experiments integer[];
  exposed     uuid[];
BEGIN
  SELECT array_agg(exposure.experiment), array_agg(exposure.person_id) INTO experiments, exposed FROM admin_center.exposure WHERE exposure.person_id = ANY (persons);
  IF experiments IS NOT NULL THEN
    PERFORM admin_center.forget_exposures(experiments, exposed);
  END IF;
END
$$;

-- For a rebuild: the stream is rolled up anew. Plans stay.
CREATE FUNCTION admin_center.empty_exposures() RETURNS void
LANGUAGE sql AS $$
  TRUNCATE admin_center.exposure, admin_center.experiment_outcome, admin_center.experiment_day
$$;

-- Payments are no events: experiments on money follow the host's own records, by a job, for 7 days after their stop. Looked at
-- are users with payments that changed since the last run, less 5 minutes for transactions that committed late, or in full
-- all who ever paid. Whose sums differ is found out while the rollup goes on; only what is then settled holds it.
-- @returns how many were settled; as many as `most`: call again, others wait
CREATE FUNCTION admin_center.refresh_experiment_payments("full" boolean DEFAULT false, most integer DEFAULT 10000) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = admin_center, pg_temp SET plan_cache_mode = force_custom_plan SET work_mem = '64MB' AS $$
DECLARE
  since       timestamptz := '-infinity';
  watched     integer[] := ARRAY(SELECT id FROM experiment WHERE metric_kind IN ('converted_to_paid', 'revenue') AND (stopped_at IS NULL OR stopped_at > now() - interval '7 days'));
  experiments integer[];
  persons     uuid[];
BEGIN
  IF cardinality(watched) = 0 OR NOT pg_try_advisory_xact_lock(hashtextextended('admin_center.experiment_payments', 0)) THEN
    RETURN 0;
  END IF;
  IF NOT "full" THEN
    SELECT coalesce(max(at) - interval '5 minutes', '-infinity') INTO since FROM experiment_payment_watermark;
  END IF;
  SELECT array_agg(asked.experiment), array_agg(asked.person_id) INTO experiments, persons
  FROM (
    SELECT exposure.experiment, exposure.person_id
    FROM (SELECT DISTINCT user_id FROM payment WHERE since = '-infinity' OR updated_at >= since OR created_at >= since) AS payer
    JOIN exposure ON exposure.person_id = payer.user_id
    WHERE exposure.experiment = ANY (watched) AND exposure.known
    UNION
    SELECT experiment, person_id FROM experiment_outcome WHERE since = '-infinity' AND experiment = ANY (watched)
    UNION
    SELECT experiment, person_id FROM exposure WHERE since = '-infinity' AND experiment = ANY (watched) AND value_before <> 0
  ) AS asked;

  WITH paid AS (
    SELECT experiment, person_id, coalesce(sum(value) FILTER (WHERE day IS NOT NULL), 0) AS after, coalesce(sum(value) FILTER (WHERE day IS NULL), 0) AS before
    FROM exposure_payments(experiments, persons) GROUP BY experiment, person_id
  ),
  kept AS (
    SELECT exposure.experiment, exposure.person_id, coalesce(sum(outcome.value), 0) AS after, exposure.value_before AS before
    FROM unnest(experiments, persons) AS pair (experiment, person_id)
    JOIN exposure USING (experiment, person_id)
    LEFT JOIN experiment_outcome AS outcome ON outcome.person_id = exposure.person_id AND outcome.experiment = exposure.experiment
    GROUP BY exposure.experiment, exposure.person_id, exposure.value_before
  ),
  differing AS (
    SELECT kept.experiment, kept.person_id
    FROM kept LEFT JOIN paid USING (experiment, person_id)
    WHERE kept.after <> coalesce(paid.after, 0) OR kept.before <> coalesce(paid.before, 0)
    ORDER BY kept.person_id, kept.experiment LIMIT most
  )
  SELECT array_agg(experiment ORDER BY person_id, experiment), array_agg(person_id ORDER BY person_id, experiment) INTO experiments, persons FROM differing;
  IF experiments IS NOT NULL THEN
    -- The rollup keeps the same sums.
    PERFORM FROM event_rollup FOR UPDATE;
    PERFORM settle_exposures(experiments, persons);
  END IF;
  IF experiments IS NULL OR cardinality(experiments) < most THEN
    INSERT INTO experiment_payment_watermark (at) VALUES (now()) ON CONFLICT (singleton) DO UPDATE SET at = excluded.at;
  END IF;
  RETURN coalesce(cardinality(experiments), 0);
END
$$;
