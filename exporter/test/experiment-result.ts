// A running experiment with a result, as the worker keeps it.
import type pg from 'pg';

export async function makeExperimentResult(pool: pg.Pool, flag = 'checkout-layout'): Promise<void> {
  const definition = { defaultVariant: 'control', experiment: { metric: 'event:Bought', weights: [{ variant: 'control', weight: 1 }, { variant: 'short', weight: 1 }] } };
  await pool.query("INSERT INTO admin_center.flag (key, salt, state, definition, experiment_state, experiment_started_at) VALUES ($1, $1, 'on', $2, 'running', now())", [flag, JSON.stringify(definition)]);
  await pool.query(
    `INSERT INTO admin_center.experiment_result (experiment, fact, variant, bound, value)
     SELECT id, fact, variant, bound, value FROM admin_center.experiment,
       (VALUES ('exposed', 'control', '', 1000), ('exposed', 'short', '', 990), ('srm', '', '', 0.8), ('effect', 'short', 'lower', -0.02), ('effect', 'short', 'point', 0.05), ('effect', 'short', 'upper', 0.12)) AS result (fact, variant, bound, value)
     WHERE flag = $1`,
    [flag],
  );
}
