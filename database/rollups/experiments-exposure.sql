-- What an exposure is, in the forms it arrives in, and what an exposed person did: both are read from the stream, so that
-- late events, merged persons and a rebuild all give the same.

-- Segment's and the SDK's `Experiment Viewed`, OpenTelemetry's `feature_flag.evaluation` (also by the names its attributes
-- had before 2025), Amplitude's `$exposure` and PostHog's `$feature_flag_called`. Where OpenTelemetry names a reason, only
-- a split draws its variant by chance. Null for anything else.
CREATE FUNCTION admin_center.exposure_flag(name text, properties jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE name
  WHEN 'Experiment Viewed' THEN properties ->> 'experiment_id'
  WHEN 'feature_flag.evaluation' THEN CASE WHEN lower(coalesce(properties ->> 'feature_flag.result.reason', properties ->> 'feature_flag.evaluation.reason', 'split')) = 'split' THEN properties ->> 'feature_flag.key' END
  WHEN '$exposure' THEN properties ->> 'flag_key'
  WHEN '$feature_flag_called' THEN properties ->> '$feature_flag'
END;

CREATE FUNCTION admin_center.exposure_variant(name text, properties jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE name
  WHEN 'Experiment Viewed' THEN properties ->> 'variation_id'
  WHEN 'feature_flag.evaluation' THEN coalesce(properties ->> 'feature_flag.result.variant', properties ->> 'feature_flag.variant')
  WHEN '$exposure' THEN properties ->> 'variant'
  WHEN '$feature_flag_called' THEN properties ->> '$feature_flag_response'
END;

CREATE FUNCTION admin_center.is_exposure(type text, name text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN type = 'track' AND name IN ('Experiment Viewed', 'feature_flag.evaluation', '$exposure', '$feature_flag_called');

-- Whether an event is one of an experiment's metric.
CREATE FUNCTION admin_center.is_outcome(metric_kind text, metric_name text, type text, name text, feature text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE metric_kind
  WHEN 'event' THEN name = metric_name AND type IN ('track', 'page', 'screen')
  WHEN 'count' THEN name = metric_name AND type IN ('track', 'page', 'screen')
  WHEN 'feature' THEN feature = metric_name AND type = 'track'
  ELSE false
END;

-- Outcomes of exposed users in experiments on money, from the host's sales; `day` is null for what was before. Who had paid
-- before is not converted again.
CREATE FUNCTION admin_center.exposure_payments(experiments integer[], persons uuid[])
RETURNS TABLE (experiment integer, person_id uuid, day date, value bigint)
LANGUAGE sql STABLE AS $$
  WITH told AS (
    SELECT exposure.experiment, exposure.person_id, experiment.metric_kind, sale.created_at AS at, sale.amount_minor, sale.created_at >= exposure.first_at AS is_after,
      bool_or(sale.created_at < exposure.first_at) OVER (PARTITION BY exposure.experiment, exposure.person_id) AS had_paid,
      row_number() OVER (PARTITION BY exposure.experiment, exposure.person_id, sale.created_at >= exposure.first_at ORDER BY sale.created_at) AS place
    FROM unnest(experiments, persons) AS pair (experiment, person_id)
    JOIN admin_center.experiment ON experiment.id = pair.experiment AND experiment.metric_kind IN ('converted_to_paid', 'revenue')
    JOIN admin_center.exposure ON exposure.person_id = pair.person_id AND exposure.experiment = pair.experiment AND exposure.known
    JOIN admin_center.sale ON sale.user_id = exposure.person_id AND sale.amount_minor > 0 AND sale.created_at < coalesce(experiment.stopped_at, 'infinity')
      AND (experiment.metric_kind = 'converted_to_paid' OR (sale.currency = experiment.metric_name AND sale.created_at >= exposure.first_at - interval '14 days'))
  )
  SELECT told.experiment, told.person_id, CASE WHEN is_after THEN (at AT TIME ZONE 'UTC')::date END, sum(CASE metric_kind WHEN 'revenue' THEN amount_minor ELSE 1 END)::bigint
  FROM told
  WHERE metric_kind = 'revenue' OR (place = 1 AND NOT (is_after AND had_paid))
  GROUP BY 1, 2, 3
$$;
