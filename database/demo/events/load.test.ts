// The demo company's events in the database: there once, counted, and not mirrored a second time.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { loadDemo } from '../load.ts';
import { loadPast } from '../past.ts';
import { loadEvents } from './load.ts';

const now = new Date('2026-05-14T15:20:00Z');
let database: TestDatabase;
let written: number | null;
const progress: string[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  await loadDemo({ databaseUrl: database.url, seed: 11, users: 500, days: 30, now });
  await loadPast(database.url);
  written = await loadEvents(database.url, (text) => progress.push(text));
}, 60_000);
afterAll(() => database.close());

const row = async (text: string): Promise<Record<string, unknown>> => (await database.pool.query(text)).rows[0] as Record<string, unknown>;

test('are written once, in a stream that is counted', async () => {
  expect(written).toBeGreaterThan(3_000);
  expect(await loadEvents(database.url)).toBeNull();
  expect(await row('SELECT count(*) AS count, count(DISTINCT message_id) AS messages FROM admin_center.event')).toEqual({ count: written, messages: written });
  expect(await row('SELECT events FROM admin_center.event_rollup')).toEqual({ events: written });
  expect(progress).toContain('events 100%');
});

test('make active whom the host saw active, and nobody else', async () => {
  const actives = await row(`
    SELECT count(*) FILTER (WHERE s.user_id IS NULL) AS only_stream, count(*) FILTER (WHERE a.person_id IS NULL) AS only_host, count(*) AS days
    FROM (SELECT DISTINCT person_id, day FROM admin_center.active_day WHERE day BETWEEN '2026-04-10' AND '2026-05-13') a
    FULL JOIN (SELECT DISTINCT user_id, at::date AS day FROM admin_center.qualifying_event WHERE user_id IS NOT NULL AND kind <> 'session_used' AND at >= '2026-04-10' AND at < '2026-05-14') s ON s.user_id = a.person_id AND s.day = a.day`);
  expect(actives['days']).toBeGreaterThan(500);
  expect(actives['only_host']).toBe(0);
  // A session that runs past midnight, a subscription that begins by itself.
  expect(Number(actives['only_stream']) / Number(actives['days'])).toBeLessThan(0.05);
});

test('say whom visitors turned out to be, and begin where the mirror will go on', async () => {
  expect(await row('SELECT count(*) > 50 AS many FROM admin_center.person_link')).toEqual({ many: true });
  expect(await row('SELECT since, seen_until FROM admin_center.activity_mirror')).toEqual({ since: now, seen_until: now });
  expect(await row("SELECT count(*) FROM admin_center.event WHERE at > '2026-05-14T15:20:00Z'")).toEqual({ count: 0 });
});

test('lead people through the funnel', async () => {
  const { rows } = await database.pool.query<{ reached: number }>('SELECT cardinality(reached_at)::int AS reached FROM admin_center.funnel_entry');
  const counts = [1, 2, 3].map((step) => rows.filter(({ reached }) => reached >= step).length);
  expect(counts[0]).toBeGreaterThan(counts[1] as number);
  expect(counts[1]).toBeGreaterThan(counts[2] as number);
  expect(counts[2]).toBeGreaterThan(0);
});

test('leave a database without the demo company as it is', async () => {
  const empty = await createTestDatabase();
  try {
    expect(await loadEvents(empty.url)).toBeNull();
    expect((await empty.pool.query('SELECT FROM admin_center.event')).rowCount).toBe(0);
  } finally {
    await empty.close();
  }
});
