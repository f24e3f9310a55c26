// What the rollup reads follows the events that are new: of a long history it looks up a few rows, and never walks through it.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { rollUpEverything } from './roll-up.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

const STATE = ['person', 'active_day', 'usage_session', 'first_touch', 'retention_count', 'active_users_change', 'event_count'];
const USERS = 2_000;
const DAYS = 12;

let database: TestDatabase;
let client: pg.PoolClient;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query("SELECT admin_center.ensure_event_partitions('2025-12-01', '2026-03-01')");
  client = await database.pool.connect();
});
afterAll(async () => {
  client.release();
  await database.close();
});

/** Two sessions of two events a day of each user, on days from the first of January. */
const write = (from: string, until: string, where = 'true') =>
  database.pool.query(
    `INSERT INTO admin_center.event (at, message_id, person_id, known, source, type, name, feature, qualifies, platform)
     SELECT '2026-01-01T08:00Z'::timestamptz + d * interval '1 day' + s * interval '3 hours' + k * interval '7 minutes' + u * interval '1 second', gen_random_uuid(), md5('user ' || u)::uuid,
       true, 'sdk', 'track', 'Event ' || k, 'feature-' || (u + d) % 20, true, CASE WHEN (u + s) % 3 = 0 THEN 'desktop' ELSE 'web' END
     FROM generate_series(1, ${USERS}) u CROSS JOIN generate_series($1::integer, $2::integer) d CROSS JOIN generate_series(0, 1) s CROSS JOIN generate_series(0, 1) k WHERE ${where}`,
    [from, until],
  );

/** What this connection has read of tables that grow with the history, since the server last took note of it. */
async function read(): Promise<{ walked: number; lookedUp: number }> {
  const { rows: [sum] } = await client.query(
    `SELECT sum(seq_tup_read)::integer AS walked, sum(coalesce(idx_tup_fetch, 0))::integer AS "lookedUp" FROM pg_stat_xact_user_tables WHERE schemaname = 'admin_center' AND relname = ANY($1)`, [STATE],
  );
  return sum;
}

/** Rows that one refresh reads. Transactions of any database of the cluster hold the watermark back; they are waited for. */
async function refresh(): Promise<{ walked: number; lookedUp: number }> {
  while (!(await client.query('SELECT pg_snapshot_xmin(pg_current_snapshot()) > max(xid) AS over FROM admin_center.event')).rows[0].over) {
    await delay(5);
  }
  await client.query('BEGIN');
  const before = await read();
  const { rows: [rolled] } = await client.query('SELECT events FROM admin_center.roll_up_events(1000000)');
  expect(rolled.events).toBeGreaterThan(0);
  const after = await read();
  await client.query('COMMIT');
  return { walked: after.walked - before.walked, lookedUp: after.lookedUp - before.lookedUp };
}

test('a whole history, on a connection that has planned for a few rows', async () => {
  for (const where of ['u = 1', 'u = 2', 'u = 3']) {
    await write('0', String(DAYS - 1), where);
    await refresh();
    await database.pool.query('VACUUM ANALYZE');
  }
  await write('0', String(DAYS - 1), 'u > 3');
  expect((await refresh()).walked).toBeLessThan(5 * USERS * DAYS);
  await rollUpEverything(database.pool);
  await database.pool.query('VACUUM ANALYZE');
});

test.each([
  ['the next day of two users', `${DAYS}`, 'u <= 2'],
  ['some days ago, late, of two others', '5', 'u IN (11, 12)'],
  ['a day before the first of one', '-3', 'u = 21'],
])('%s', async (_, day, where) => {
  await write(day, day, where);
  const { walked, lookedUp } = await refresh();
  expect(walked).toBe(0);
  expect(lookedUp).toBeLessThan(500);
});
