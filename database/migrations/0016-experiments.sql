-- Experiments: each run of a flag's experiment with the plan it was started with, who was shown which variant and what came
-- of it, the sums that results are computed from, and the newest result for Prometheus.

-- One row per start. Nobody writes it but the trigger below, so a plan cannot be changed once somebody has seen results.
CREATE TABLE admin_center.experiment (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  flag        text NOT NULL REFERENCES admin_center.flag (key),
  run         integer NOT NULL CHECK (run > 0),
  started_at  timestamptz NOT NULL,
  stopped_at  timestamptz,
  plan        jsonb NOT NULL,
  control     text NOT NULL,
  variants    text[] NOT NULL,
  metric_kind text CHECK (metric_kind IN ('event', 'count', 'feature', 'converted_to_paid', 'revenue')),
  metric_name text,
  UNIQUE (flag, run),
  UNIQUE (flag, started_at)
);
COMMENT ON COLUMN admin_center.experiment.run IS 'Counts the starts of the flag''s experiment; one that is started again starts with nobody exposed.';
COMMENT ON COLUMN admin_center.experiment.plan IS 'The contract''s flagExperimentPlan as it was at the start.';
COMMENT ON COLUMN admin_center.experiment.control IS 'What the others are compared with: the flag''s default variant or, where that has no weight, the first of the plan.';
COMMENT ON COLUMN admin_center.experiment.variants IS 'Those with a weight above 0, in the order of the plan.';
COMMENT ON COLUMN admin_center.experiment.metric_kind IS 'Null where the plan''s metric is a text that cannot be computed here.';

CREATE FUNCTION admin_center.keep_experiment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = admin_center, pg_temp AS $$
DECLARE
  plan    jsonb := NEW.definition -> 'experiment';
  metric  text := trim(plan ->> 'metric');
  -- The contract's experimentMetric reads the same forms.
  named   text[] := regexp_match(metric, '^(event|count|feature):\s*(\S.{0,99})$');
  revenue text[] := regexp_match(metric, '^revenue:\s*([A-Z]{3})$');
  weighed text[];
BEGIN
  IF NEW.experiment_started_at IS NULL OR NEW.experiment_state NOT IN ('running', 'stopped') OR jsonb_typeof(plan) IS DISTINCT FROM 'object' THEN
    RETURN NULL;
  END IF;
  weighed := ARRAY(
    SELECT part ->> 'variant' FROM jsonb_array_elements(plan -> 'weights') WITH ORDINALITY AS parts (part, place)
    WHERE (part ->> 'weight')::numeric > 0 ORDER BY place
  );
  INSERT INTO experiment (flag, run, started_at, stopped_at, plan, control, variants, metric_kind, metric_name)
  VALUES (
    NEW.key, (SELECT 1 + count(*) FROM experiment WHERE flag = NEW.key), NEW.experiment_started_at, NEW.experiment_stopped_at, plan,
    CASE WHEN NEW.definition ->> 'defaultVariant' = ANY (weighed) THEN NEW.definition ->> 'defaultVariant' ELSE weighed[1] END, weighed,
    CASE WHEN named IS NOT NULL THEN named[1] WHEN revenue IS NOT NULL THEN 'revenue' WHEN metric = 'converted_to_paid' THEN metric END,
    coalesce(named[2], revenue[1])
  )
  ON CONFLICT (flag, started_at) DO UPDATE SET stopped_at = excluded.stopped_at;
  RETURN NULL;
END
$$;
CREATE TRIGGER keep_experiment AFTER INSERT OR UPDATE OF experiment_state ON admin_center.flag
FOR EACH ROW EXECUTE FUNCTION admin_center.keep_experiment();

-- Experiments that were started before there were results.
UPDATE admin_center.flag SET experiment_state = experiment_state WHERE experiment_state IN ('running', 'stopped');

-- State: who was shown what. The first variant counts, whatever came later.
CREATE TABLE admin_center.exposure (
  person_id    uuid NOT NULL,
  experiment   integer NOT NULL,
  variant      text NOT NULL,
  first_at     timestamptz NOT NULL,
  known        boolean NOT NULL,
  others       text[] NOT NULL,
  value_before bigint NOT NULL,
  tier         text NOT NULL,
  country      text NOT NULL,
  platform     text NOT NULL,
  PRIMARY KEY (person_id, experiment)
) WITH (fillfactor = 80);
COMMENT ON COLUMN admin_center.exposure.others IS 'Variants it was shown later: a person with any has crossed over.';
COMMENT ON COLUMN admin_center.exposure.value_before IS 'The metric in the 14 days before the exposure; whether somebody had paid before, where conversion to paid is the metric.';
CREATE INDEX exposure_variant ON admin_center.exposure (experiment, variant, person_id);

CREATE TABLE admin_center.experiment_outcome (
  person_id  uuid NOT NULL,
  experiment integer NOT NULL,
  day        date NOT NULL,
  value      bigint NOT NULL,
  PRIMARY KEY (person_id, experiment, day)
) WITH (fillfactor = 80);
COMMENT ON TABLE admin_center.experiment_outcome IS 'The metric of an exposed person on the UTC days after its exposure and before the stop. Money in minor units.';

-- Counts: what each day added to the sums over a variant's persons. y is a person's outcome so far, p its value before.
CREATE TABLE admin_center.experiment_day (
  experiment integer NOT NULL,
  variant    text NOT NULL,
  day        date NOT NULL,
  users      integer NOT NULL,
  crossed    integer NOT NULL,
  y          bigint NOT NULL,
  yy         numeric NOT NULL,
  p          bigint NOT NULL,
  pp         numeric NOT NULL,
  py         numeric NOT NULL,
  PRIMARY KEY (experiment, variant, day)
) WITH (fillfactor = 70);

-- The newest result of running experiments, which a worker computes (the statistics are TypeScript) and the exporter reads.
CREATE TABLE admin_center.experiment_result (
  experiment  integer NOT NULL,
  fact        text NOT NULL CHECK (fact IN ('exposed', 'srm', 'effect')),
  variant     text NOT NULL DEFAULT '',
  bound       text NOT NULL DEFAULT '' CHECK (bound IN ('', 'lower', 'point', 'upper')),
  value       double precision NOT NULL,
  computed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (experiment, fact, variant, bound)
);
