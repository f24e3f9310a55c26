// What an experiment costs when very many were exposed: its result, the users behind a variant, a split, the series of the
// worker, and following payments. Of each the time, what PostgreSQL's process took in memory at most, and for how long the
// process of the API did nothing else. BENCH_EXPOSED sets the number of users (1,000,000).
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readFile } from 'node:fs/promises';
import { flagDefinition } from '@admin-center/contracts/flags-definition';
import { createPool } from '@admin-center/platform/pool';
import type pg from 'pg';
import { createProduct, withScratchServer } from '../../database/testing/scratch.ts';
import { assess } from '../src/capabilities/conversion/experiments/assess.ts';
import { followPayments, keepResults } from '../src/capabilities/conversion/experiments/jobs.ts';
import { listExposed } from '../src/capabilities/conversion/experiments/people.ts';
import { readBreakdown, readDays, readExperiment, readGuardrails } from '../src/capabilities/conversion/experiments/store.ts';
import { createDatabase } from '../src/platform/database.ts';
import { timed } from './timing.ts';

export const name = 'Experiments by the number of exposed users';

const EXPOSED = Number(process.env['BENCH_EXPOSED'] ?? 1_000_000);
const MONEY = 'bench-money';

type Report = (row: Readonly<Record<string, string | number>>) => void;

export async function run(report: Report): Promise<void> {
  await withScratchServer({ durable: false }, async (server) => {
    const { url } = await createProduct(server.url, 'experiments');
    const pool = createPool({ connectionString: url, applicationName: 'bench', max: 1, statementTimeoutMs: 1_800_000 });
    try {
      for (const users of [Math.round(EXPOSED / 10), EXPOSED]) {
        await fill(pool, users);
        await measure(pool, users, report);
      }
    } finally {
      await pool.end();
    }
  });
}

/** Everybody was shown one of two variants in the last 60 days; one in twenty paid after it. */
async function fill(pool: pg.Pool, users: number): Promise<void> {
  await pool.query('TRUNCATE admin_center.exposure, admin_center.experiment_outcome, admin_center.experiment_day, admin_center.experiment, admin_center.experiment_payment_watermark, public.payment_transactions, public.users CASCADE');
  const definition = flagDefinition.parse({
    name: MONEY, type: 'boolean', variants: [{ key: 'control', value: false }, { key: 'short', value: true }], offVariant: 'control', defaultVariant: 'control',
    experiment: { hypothesis: 'It is worth the while.', metric: 'revenue:USD', weights: [{ variant: 'control', weight: 1 }, { variant: 'short', weight: 1 }], plannedN: 5_000 },
  });
  await pool.query("DELETE FROM admin_center.flag");
  await pool.query("INSERT INTO admin_center.flag (key, salt, state, definition, experiment_state, experiment_started_at) VALUES ($1, $1, 'on', $2, 'running', date_trunc('day', now()) - interval '61 days')", [MONEY, JSON.stringify(definition)]);
  await pool.query(
    `INSERT INTO public.users (id, jwt_id, email, created_at, updated_at) SELECT md5('shown ' || u)::uuid, 'auth0|' || u, u || '@mail.example', now() - interval '100 days', now() FROM generate_series(1, $1::integer) AS u`,
    [users],
  );
  await pool.query(
    `INSERT INTO public.payment_transactions (user_id, stripe_payment_intent_id, amount, currency, status, payment_method_type, created_at, updated_at)
     SELECT md5('shown ' || u)::uuid, 'pi_' || u || '_' || n, 9.99, 'USD', 'succeeded', 'card', at, at FROM generate_series(1, $1::integer, 20) AS u CROSS JOIN (VALUES (1), (2)) AS times (n)
     CROSS JOIN LATERAL (SELECT now() - (u % 70 + n) * interval '1 day' AS at) AS paid`,
    [users],
  );
  await pool.query(
    `INSERT INTO admin_center.exposure (person_id, experiment, variant, first_at, known, others, value_before, tier, country, platform)
     SELECT md5('shown ' || u)::uuid, e.id, CASE WHEN u % 2 = 0 THEN 'control' ELSE 'short' END, now() - u % 60 * interval '1 day' - u % 1000 * interval '1 second', true, '{}', 0, 'free', (ARRAY['DE','US','FR','unknown'])[1 + u % 4], 'web'
     FROM admin_center.experiment e CROSS JOIN generate_series(1, $1::integer) AS u`,
    [users],
  );
  await pool.query('VACUUM ANALYZE admin_center.exposure, public.payment_transactions, public.users');
  await pool.query('SELECT admin_center.count_exposures(array_agg(experiment), array_agg(person_id), 1) FROM admin_center.exposure');
}

async function measure(pool: pg.Pool, users: number, report: Report): Promise<void> {
  const database = createDatabase(pool);
  const { rows: [backend] } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const experiment = await readExperiment(database, MONEY, undefined);
  const result = async () => assess(experiment, (await readDays(database, [experiment.id])).get(experiment.id) ?? [], await readGuardrails(database, experiment), new Date());
  const first = await listExposed(database, experiment, { variant: 'short', limit: 50 });
  const steps: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['payments followed for the first time', () => followPayments(database, false)],
    ['payments followed again', () => followPayments(database, false)],
    ['payments followed again, all of them', () => followPayments(database, true)],
    ['result', result],
    ['series of the worker', () => keepResults(database, new Date())],
    ['first page of a variant', () => listExposed(database, experiment, { variant: 'short', limit: 50 })],
    ['second page of a variant', () => listExposed(database, experiment, { variant: 'short', limit: 50, cursor: first.nextCursor ?? '' })],
    ['split by country', () => readBreakdown(database, experiment, 'country')],
  ];
  for (const [what, work] of steps) {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const ms = await timed(work);
    delay.disable();
    report({ 'exposed users': users, what, ms: Math.round(ms), 'event loop held at most, ms': Math.round(delay.max / 1e6), 'PostgreSQL at most, MB': await peakMegabytes(backend?.pid ?? 0) });
  }
}

/** Of its own memory and what it read of the shared one since it began. */
async function peakMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1_024);
}
