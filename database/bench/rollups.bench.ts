// Numbers of the pages from the stream and from the rollups, and what a refresh costs on a history and on one ten times as
// long. BENCH_EVENTS sets the longer one (2,500,000). What funnels cost is measured beside them, in actions-api/bench.
import { createPool } from '@admin-center/platform/pool';
import type pg from 'pg';
import { rollUpEverything } from '../src/roll-up.ts';
import { createProduct, withScratchServer } from '../testing/scratch.ts';
import { ASKED } from './numbers.ts';
import { daysOfNews, usersOf, writeNews, writeStream } from './stream.ts';

export const name = 'Rollups of the stream of events';

const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 2_500_000);
const NEWS = [100, 1_000, 10_000, 100_000] as const;
const REPEATS = 5;
const BATCH = 200_000;
/** As a server of that size has them. Waiting for the disk is none of what is measured, so nothing does. */
const SETTINGS = { shared_buffers: '2GB', maintenance_work_mem: '512MB', max_wal_size: '8GB', checkpoint_timeout: '30min', work_mem: '64MB' };

type Report = (row: Readonly<Record<string, string | number>>) => void;

export async function run(report: Report): Promise<void> {
  await withScratchServer({ durable: false, settings: SETTINGS }, async (server) => {
    const costs = new Map<number, number[]>();
    for (const events of [Math.round(EVENTS / 10), EVENTS]) {
      for (const [news, ms] of await measure(server.url, events, report)) {
        costs.set(news, [...(costs.get(news) ?? []), ms]);
      }
    }
    for (const [news, [small = 0, large = 0]] of costs) {
      report({ what: `growth of a refresh after ${news} new events`, 'short history ms': small, 'long history ms': large, growth: large / small });
    }
  });
}

/** @returns milliseconds of the quickest refresh, by the number of new events: what else the machine does is not ours to measure */
async function measure(serverUrl: string, events: number, report: Report): Promise<Map<number, number>> {
  const { url } = await createProduct(serverUrl, `stream_${events}`);
  const pool = connect(url, 1);
  const writers = connect(url, 2);
  try {
    const stop = new Date(`${new Date().toISOString().slice(0, 10)}T00:00:00Z`);
    const written = await timed(() => writeStream(writers, events, stop));
    report({ what: 'write the stream', events: written.result, users: usersOf(events), seconds: written.ms / 1_000, 'events/s': (written.result / written.ms) * 1_000 });
    await pool.query('VACUUM ANALYZE admin_center.event');
    await pool.query('CHECKPOINT');
    const rolled = await timed(() => rollUpEverything(pool, { batch: BATCH }));
    report({ what: 'roll up all of it', events: written.result, seconds: rolled.ms / 1_000, 'events/s': (written.result / rolled.ms) * 1_000 });
    await pool.query('VACUUM ANALYZE');
    report(await sizes(pool, written.result));
    await compare(pool, written.result, new Date(stop.getTime() - 86_400_000), report);
    return await refresh(pool, usersOf(events), stop, (news, ms) => report({ what: `refresh after ${news} new events`, events: written.result, ms }));
  } finally {
    await Promise.all([pool.end(), writers.end()]);
  }
}

const connect = (connectionString: string, max: number): pg.Pool => createPool({ connectionString, applicationName: 'bench', max, statementTimeoutMs: 1_800_000 });

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const begun = performance.now();
  const result = await work();
  return { result, ms: performance.now() - begun };
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

async function sizes(pool: pg.Pool, events: number): Promise<Readonly<Record<string, string | number>>> {
  const { rows } = await pool.query<{ stream: number; rollups: number }>(
    `SELECT sum(pg_total_relation_size(oid)) FILTER (WHERE relname ~ '^event_[0-9]') / 1e6 AS stream,
       sum(pg_total_relation_size(oid)) FILTER (WHERE relname = ANY('{person,active_day,usage_session,active_users_day,active_users_change,lifecycle_count,retention_count,session_count,frequency_count,platform_change_count,event_count}')) / 1e6 AS rollups
     FROM pg_class WHERE relnamespace = 'admin_center'::regnamespace AND relkind = 'r'`,
  );
  return { what: 'size', events, 'stream MB': Math.round(Number(rows[0]?.stream)), 'rollups MB': Math.round(Number(rows[0]?.rollups)) };
}

/** Every answer of the rollups must be the one of the stream. */
async function compare(pool: pg.Pool, events: number, day: Date, report: Report): Promise<void> {
  const literal = `'${day.toISOString().slice(0, 10)}'`;
  const ask = (sql: string) => timed(async () => JSON.stringify((await pool.query({ text: sql.replaceAll('$day', literal), rowMode: 'array' })).rows.map((row) => row.map(String))));
  for (const { what, naive, kept } of ASKED) {
    const stream = await ask(naive);
    const answers = [];
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      answers.push(await ask(kept));
    }
    const ms = median(answers.map((answer) => answer.ms));
    report({ what, events, 'stream ms': stream.ms, 'rollups ms': ms, ratio: stream.ms / ms, same: answers.every(({ result }) => result === stream.result) ? 'yes' : 'NO' });
  }
}

/** Each round has days of its own, with other users than the day before. */
async function refresh(pool: pg.Pool, users: number, stop: Date, measured: (news: number, ms: number) => void): Promise<Map<number, number>> {
  const costs = new Map<number, number>();
  const days = REPEATS * NEWS.reduce((sum, news) => sum + daysOfNews(news, users), 0);
  await pool.query('SELECT admin_center.ensure_event_partitions($1::date, $1::date + $2::integer + 1)', [stop, days]);
  let round = 0;
  let at = stop;
  for (const news of NEWS) {
    const times: number[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      round++;
      await writeNews(pool, news, users, at, round);
      at = new Date(at.getTime() + daysOfNews(news, users) * 86_400_000);
      times.push((await timed(() => rollUpEverything(pool, { batch: 1_000_000 }))).ms);
    }
    costs.set(news, Math.min(...times));
    measured(news, Math.min(...times));
  }
  return costs;
}
