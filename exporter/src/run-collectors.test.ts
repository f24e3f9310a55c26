// How collectors run: apart from one another, never twice at once, with old numbers that age visibly and then go.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbeddedPostgres } from '@admin-center/database/embedded';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { createLogger } from '@admin-center/platform/log';
import type pg from 'pg';
import { eventually } from '../test/eventually.ts';
import { freePort } from '../../database/testing/free-port.ts';
import { scratchFolder } from '../../database/testing/scratch.ts';
import { exporterPool, parseText, type Scraped } from '../test/observe.ts';
import type { Collector, CollectorName } from './collector.ts';
import { createExposition } from './exposition.ts';
import { runCollectors } from './run-collectors.ts';

/** Counts its own runs as `thing`; the query can be anything. */
function counting(name: CollectorName, options: Partial<Collector> = {}): Collector & { readonly runs: () => number } {
  let runs = 0;
  return {
    name,
    capability: { noun: name, title: name, permissions: {}, endpoints: {}, metrics: [{ name: `${name}_thing`, type: 'gauge', source: 'exporter', help: 'A thing.', labels: {} }] },
    intervalSeconds: 0.1,
    timeoutMs: 5_000,
    steps: [],
    present: ["SELECT 'thing' AS fact, 0 AS step, 1 AS delta"],
    mayBeAbsent: [`${name}_thing`],
    samples: (facts) => {
      runs += 1;
      return facts.totals('thing').map(({ value }) => ({ metric: `${name}_thing`, labels: {}, value }));
    },
    ...options,
    runs: () => runs,
  };
}

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

function start(pool: pg.Pool, collectors: readonly Collector[]) {
  const exposition = createExposition();
  const running = runCollectors({ pool, collectors, exposition, log: createLogger('exporter', 'silent'), clock: () => new Date(), random: () => 0.5 });
  stops.push(running.stop);
  const page = (): Scraped => parseText(exposition.current()?.plain.toString() ?? '');
  return {
    page,
    notReady: running.notReady,
    /** Waits until a page fulfils this. */
    until: (fulfils: (page: Scraped) => boolean, withinMs?: number) => eventually(() => (fulfils(page()) ? page() : null), withinMs),
  };
}

const success = (name: CollectorName): string => `admincenter_collector_success{collector="${name}"}`;
const timestamp = (name: CollectorName): string => `admincenter_snapshot_timestamp_seconds{collector="${name}"}`;

describe('with a database', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await createTestDatabase({ host: 'empty' });
    await database.pool.query('CREATE TABLE public.switch (broken boolean NOT NULL, things integer NOT NULL); INSERT INTO public.switch VALUES (false, 1)');
    // Tables of a test, not of the product: the owner reads them.
    pool = exporterPool(database.url);
  });
  afterAll(async () => {
    await pool.end();
    await database.close();
  });
  const turn = (broken: boolean, things = 1) => database.pool.query('UPDATE public.switch SET broken = $1, things = $2', [broken, things]);
  /** Fails while the switch is broken; gives as many rows as it has things. */
  const switched = ["SELECT 'thing' AS fact, 0 AS step, 1 / (CASE WHEN broken THEN 0 ELSE 1 END) AS delta FROM public.switch CROSS JOIN generate_series(1, things)"];

  test('says nothing of a collector before it ran, and what it found after', async () => {
    // Holds its first run back, however slow the rest of the machine is.
    const holder = await database.pool.connect();
    await holder.query('BEGIN; LOCK TABLE public.switch IN ACCESS EXCLUSIVE MODE');
    const { page, until, notReady } = start(pool, [counting('users', { present: switched })]);
    expect(notReady()).toEqual(['Collector users has not succeeded yet']);
    const first = await until((now) => now.size > 0);
    await holder.query('COMMIT');
    holder.release();
    expect(first.has('users_thing')).toBe(false);
    expect(first.get(success('users'))).toBe(0);
    expect(first.has(timestamp('users'))).toBe(false);
    await until((now) => now.get(success('users')) === 1);
    expect(page().get('users_thing')).toBe(1);
    expect(page().get(timestamp('users'))).toBeGreaterThan(Date.now() / 1_000 - 60);
    expect(page().get('admincenter_snapshot_interval_seconds{collector="users"}')).toBeGreaterThanOrEqual(0.1);
    expect(notReady()).toEqual([]);
  });

  test('keeps the last good numbers of a failing collector, their age standing still, for three intervals', async () => {
    await turn(false);
    const { page, until, notReady } = start(pool, [counting('users', { present: switched, intervalSeconds: 0.5 }), counting('core')]);
    await until((now) => now.get('users_thing') === 1);
    await turn(true);
    const failing = await until((now) => now.get(success('users')) === 0);
    expect(failing.get('users_thing')).toBe(1);
    const age = failing.get(timestamp('users'));
    await delay(300);
    expect(page().get(timestamp('users'))).toBe(age);
    // It succeeded once and the database is there: still ready, the alert on its age tells.
    expect(notReady()).toEqual([]);

    const gone = await until((now) => !now.has('users_thing'));
    expect(Date.now() / 1_000 - (age ?? 0)).toBeGreaterThanOrEqual(1.4);
    expect(gone.get(timestamp('users'))).toBe(age);
    expect(gone.get('core_thing')).toBe(1);

    await turn(false);
    expect((await until((now) => now.get(success('users')) === 1)).get('users_thing')).toBe(1);
  });

  test('takes an empty result at once', async () => {
    await turn(false);
    const { until } = start(pool, [counting('users', { present: switched })]);
    await until((now) => now.get('users_thing') === 1);
    await turn(false, 0);
    expect((await until((now) => !now.has('users_thing'))).get(success('users'))).toBe(1);
  });

  test('a sample that breaks the contract fails its collector', async () => {
    const { until, notReady } = start(pool, [counting('users', { samples: () => [{ metric: 'users_thing', labels: { email: 'a@acme.example' }, value: 1 }] })]);
    expect((await until((now) => now.has(success('users')) && notReady()[0]?.includes('its contract has') === true)).get(success('users'))).toBe(0);
  });

  test('never runs one collector twice at once, and slows down one that takes long', async () => {
    const [slow, quick] = [counting('users', { present: ["SELECT 'thing' AS fact, 0 AS step, 1 AS delta FROM pg_sleep(0.25)"], intervalSeconds: 0.05 }), counting('core', { intervalSeconds: 0.05 })];
    const { until } = start(pool, [slow, quick]);
    const watched: number[] = [];
    const until4s = Date.now() + 2_000;
    while (Date.now() < until4s) {
      const { rows } = await database.pool.query<{ running: number }>("SELECT count(*) AS running FROM pg_stat_activity WHERE query LIKE '%pg_sleep(0.25)%' AND state = 'active' AND pid <> pg_backend_pid()");
      watched.push(rows[0]?.running ?? 0);
      await delay(10);
    }
    expect(Math.max(...watched)).toBe(1);
    expect(quick.runs()).toBeGreaterThan(slow.runs());
    // Busy for a fifth of the time at most.
    const page = await until((now) => now.get(success('users')) === 1);
    expect(page.get('admincenter_snapshot_interval_seconds{collector="users"}')).toBeGreaterThanOrEqual(1.25);
  });

  test('reads all of a run as of one instant, and may not write', async () => {
    await turn(false);
    const both = counting('users', {
      present: [
        "SELECT 'thing' AS fact, 0 AS step, things AS delta FROM public.switch",
        "SELECT 'slept' AS fact, 0 AS step, 0 AS delta FROM pg_sleep(0.4)",
        "SELECT 'thing' AS fact, 0 AS step, -things AS delta FROM public.switch",
      ],
    });
    const { until } = start(pool, [both, counting('core', { present: ["INSERT INTO public.switch VALUES (false, 9) RETURNING 'thing' AS fact, 0 AS step, 1 AS delta"] })]);
    await delay(100);
    await turn(false, 5);
    const page = await until((now) => now.get(success('users')) === 1);
    expect(page.get('users_thing')).toBe(0);
    expect(page.get(success('core'))).toBe(0);
    expect((await database.pool.query('SELECT FROM public.switch')).rowCount).toBe(1);
  });

  test('a hanging query ends with its timeout and costs nobody else', async () => {
    const { until } = start(pool, [counting('users', { present: ["SELECT 'thing' AS fact, 0 AS step, 1 AS delta FROM pg_sleep(60)"], timeoutMs: 150 }), counting('core')]);
    const page = await until((now) => (now.get('admincenter_snapshot_duration_seconds{collector="users"}') ?? 0) > 0);
    expect(page.get(success('users'))).toBe(0);
    expect(page.get('core_thing')).toBe(1);
  });
});

test('stays up while PostgreSQL is stopped and recovers by itself', async () => {
  const dataDir = path.join(await scratchFolder(), 'postgres');
  const port = await freePort();
  const begin = () => startEmbeddedPostgres({ dataDir, port, database: 'postgres', durable: false });
  let server = await begin();
  const pool = exporterPool(server.url);
  const { page, until, notReady } = start(pool, [counting('users', { intervalSeconds: 0.4 }), counting('core', { intervalSeconds: 0.4 })]);
  try {
    await until((now) => now.get('users_thing') === 1 && now.get('core_thing') === 1);
    expect(notReady()).toEqual([]);

    await server.stop();
    const away = await until((now) => now.get(success('users')) === 0 && now.get(success('core')) === 0);
    expect(away.get('users_thing')).toBe(1);
    expect(away.get(timestamp('users'))).toBeLessThanOrEqual(Date.now() / 1_000);
    expect(notReady()).toEqual([expect.stringMatching(/^The database is away: /)]);
    await until((now) => !now.has('users_thing') && !now.has('core_thing'));
    expect(page().has(timestamp('users'))).toBe(true);

    server = await begin();
    await until((now) => now.get('users_thing') === 1 && now.get('core_thing') === 1, 60_000);
    expect(notReady()).toEqual([]);
  } finally {
    await Promise.all(stops.splice(0).map((stop) => stop()));
    await pool.end();
    await server.stop();
    await rm(path.dirname(dataDir), { recursive: true, force: true });
  }
}, 120_000);
