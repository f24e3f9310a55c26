// What conversion rates (D22) and the result of an experiment cost with so many users and with ten times as many; the latter
// beside the same means and variances asked of the stream. BENCH_USERS sets the larger number (200,000).
import { flagDefinition } from '@admin-center/contracts/flags-definition';
import { createPool } from '@admin-center/platform/pool';
import type pg from 'pg';
import { rollUpEverything } from '../../database/src/roll-up.ts';
import { createProduct, withScratchServer } from '../../database/testing/scratch.ts';
import { assess } from '../src/capabilities/conversion/experiments/assess.ts';
import { readDays, readExperiment, readGuardrails } from '../src/capabilities/conversion/experiments/store.ts';
import { readRates } from '../src/capabilities/conversion/rates.ts';
import { createDatabase } from '../src/platform/database.ts';
import { quickest, timed } from './timing.ts';

export const name = 'Conversion rates and results of experiments by the number of users';

const USERS = Number(process.env['BENCH_USERS'] ?? 200_000);
const DAY_MS = 86_400_000;

type Report = (row: Readonly<Record<string, string | number>>) => void;

export async function run(report: Report): Promise<void> {
  await withScratchServer({ durable: false }, async (server) => {
    const { url } = await createProduct(server.url, 'conversion');
    const pool = createPool({ connectionString: url, applicationName: 'bench', max: 4, statementTimeoutMs: 1_800_000 });
    try {
      for (const users of [Math.round(USERS / 10), USERS]) {
        await measureRates(pool, users, report);
        await measureExperiment(pool, users, report);
      }
    } finally {
      await pool.end();
    }
  });
}

/** Two years of sign-ups, of which a quarter paid. */
async function measureRates(pool: pg.Pool, users: number, report: Report): Promise<void> {
  await pool.query('TRUNCATE admin_center.user_directory, admin_center.paid_span');
  await pool.query(
    `INSERT INTO admin_center.user_directory (user_id, email, tier, state, created_at)
     SELECT md5('rate ' || n)::uuid, n || '@mail.example', 'free', CASE WHEN n % 50 = 0 THEN 'deleted' ELSE 'active' END, now() - n::double precision / $1 * interval '720 days' FROM generate_series(1, $1::integer) AS n`,
    [users],
  );
  const { rowCount: conversions } = await pool.query(
    `INSERT INTO admin_center.paid_span (user_id, tier, started_at, ended_at)
     SELECT user_id, CASE WHEN hashtext(email) % 20 = 0 THEN 'enterprise' ELSE 'premium' END, at, at + (30 + abs(hashtext(email || 'e')) % 400) * interval '1 day'
     FROM admin_center.user_directory CROSS JOIN LATERAL (SELECT created_at + (abs(hashtext(email || 's')) % 90) * interval '1 day' AS at) AS paid
     WHERE hashtext(email || 'p') % 4 = 0 AND at < now()`,
  );
  await pool.query('VACUUM ANALYZE admin_center.user_directory, admin_center.paid_span');
  const database = createDatabase(pool);
  const now = new Date();
  const rates = (days: number) => timed(() => readRates(database, { from: dayOf(now.getTime() - days * DAY_MS), to: dayOf(now.getTime()), fromTier: 'free', split: 'none', matureDays: 30 }, now));
  report({
    users, conversions: conversions ?? 0,
    'rates of 30 days, ms': await quickest(() => rates(30)), 'of 365 days, ms': await quickest(() => rates(365)),
    'live rates, ms': await quickest(() => timed(() => pool.query('SELECT * FROM admin_center.conversion_now()'))),
    'live rates as the past is worked out, ms': await quickest(() => timed(() => pool.query('SELECT * FROM admin_center.conversion_steps(ARRAY[now()])'))),
  });
}

/** Everybody is shown a variant three times; half of them do what counts, one in ten of those before it too. */
async function measureExperiment(pool: pg.Pool, users: number, report: Report): Promise<void> {
  const flag = `bench-${users}`;
  const definition = flagDefinition.parse({
    name: flag, type: 'boolean', variants: [{ key: 'control', value: false }, { key: 'short', value: true }], offVariant: 'control', defaultVariant: 'control',
    experiment: { hypothesis: 'It is worth the while.', metric: 'count:Bought', weights: [{ variant: 'control', weight: 1 }, { variant: 'short', weight: 1 }], plannedN: 5_000 },
  });
  await pool.query("INSERT INTO admin_center.flag (key, salt, state, definition, experiment_state, experiment_started_at) VALUES ($1, $1, 'on', $2, 'running', date_trunc('day', now()) - interval '20 days')", [flag, JSON.stringify(definition)]);
  await pool.query(
    `INSERT INTO admin_center.event (at, message_id, person_id, known, source, type, name, qualifies, properties)
     SELECT date_trunc('day', now()) - interval '19 days' + day * interval '1 day' + u % 1000 * interval '1 minute', gen_random_uuid(), md5($1 || u)::uuid, true, 'segment', 'track', name, true,
       CASE WHEN name = 'Bought' THEN NULL ELSE jsonb_build_object('experiment_id', $1, 'variation_id', CASE WHEN u % 2 = 0 THEN 'control' ELSE 'short' END) END
     FROM generate_series(1, $2::integer) AS u
     CROSS JOIN (VALUES ('Experiment Viewed', 0), ('Experiment Viewed', 4), ('Experiment Viewed', 8), ('Bought', -2), ('Bought', 1), ('Bought', 6)) AS happened (name, day)
     WHERE name <> 'Bought' OR hashtext(u::text) % 2 = 0 AND (day > 0 OR hashtext(u::text) % 20 = 0)`,
    [flag, users],
  );
  await pool.query('ANALYZE admin_center.event');
  const counted = await timed(() => rollUpEverything(pool));
  const database = createDatabase(pool);
  const ours = await quickest(() => timed(async () => {
    const experiment = await readExperiment(database, flag, undefined);
    return assess(experiment, (await readDays(database, [experiment.id])).get(experiment.id) ?? [], await readGuardrails(database, experiment), new Date());
  }));
  const naive = await quickest(() => timed(() => pool.query(
    `WITH shown AS (
       SELECT DISTINCT ON (person_id) person_id, properties ->> 'variation_id' AS variant, at FROM admin_center.event WHERE name = 'Experiment Viewed' AND properties ->> 'experiment_id' = $1 ORDER BY person_id, at
     )
     SELECT variant, count(*), avg(bought), var_samp(bought) FROM (
       SELECT shown.person_id, variant, count(event.at) AS bought
       FROM shown LEFT JOIN admin_center.event ON event.person_id = shown.person_id AND event.name = 'Bought' AND event.at >= shown.at GROUP BY shown.person_id, variant
     ) AS person GROUP BY variant`,
    [flag],
  )));
  report({ 'exposed users': users, 'counted, s': counted / 1_000, 'result, ms': ours, 'means and variances from the stream, ms': naive, 'naive / ours': naive / ours });
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
