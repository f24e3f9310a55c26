// Clients make up features, versions and names as they like: however many come in one batch, it ends, and soon.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rollUpEverything } from './roll-up.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query("SELECT admin_center.ensure_event_partitions('2026-03-01', '2026-03-31')");
});
afterAll(() => database.close());

test('20,000 features, names and versions in one batch: 5,000 are kept, the rest is one, and every use counts', async () => {
  await database.pool.query(
    `INSERT INTO admin_center.event (at, message_id, person_id, known, source, type, name, feature, qualifies, app_version)
     SELECT '2026-03-10T12:00Z', gen_random_uuid(), md5('user ' || n % 500)::uuid, true, 'segment', 'track', 'Name ' || n, 'feature-' || n, true, n % 7 || '.' || n FROM generate_series(1, 20000) AS n`,
  );
  const client = await database.pool.connect();
  try {
    // Looked up one by one they took minutes.
    await client.query("SET statement_timeout = '25s'");
    await rollUpEverything(client, { batch: 50_000 });
  } finally {
    await client.query('RESET statement_timeout');
    client.release();
  }
  const one = async (sql: string) => Object.values((await database.pool.query(sql)).rows[0] as object);
  expect(await one("SELECT count(*)::integer, bool_or(value = 'other') FROM admin_center.dimension_value WHERE dimension = 'feature'")).toEqual([5_001, true]);
  expect(await one("SELECT count(*)::integer FROM admin_center.dimension_value WHERE dimension = 'version'")).toEqual([5_001]);
  expect(await one("SELECT sum(events)::integer, count(*)::integer FROM admin_center.event_count WHERE type = 'track'")).toEqual([20_000, 20_000]);
  expect(await one("SELECT d.users FROM admin_center.active_users_day d JOIN admin_center.dimension_value v ON v.id = d.value WHERE dimension = 'feature' AND v.value = 'other'")).toEqual([500]);
}, 60_000);
