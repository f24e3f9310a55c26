// Several writers, several workers that roll up, all at once: nothing is lost, nothing is counted twice.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { createPool } from '@admin-center/platform/pool';
import type pg from 'pg';
import pino from 'pino';
import { personId, writeEvents } from '../../../../database/testing/write-events.ts';
import { createDatabase } from '../database.ts';
import { eventually } from '../../../test/process.ts';
import { eventJobs, rollUpBatch, startRollupLoop } from './rollup-loop.ts';

const WRITERS = 4;
const WORKERS = 3;
const TRANSACTIONS = 40;
const SILENT = pino({ level: 'silent' });

let db: TestDatabase;
let pools: pg.Pool[];
beforeAll(async () => {
  db = await createTestDatabase();
  pools = Array.from({ length: WORKERS }, (_, n) => createPool({ connectionString: db.apiUrl, applicationName: `worker-${n}`, max: 3 }));
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await db.close();
});

const counted = async () =>
  (await db.pool.query<{ counted: number; stored: number; users: number }>(
    `SELECT coalesce((SELECT sum(events) FROM admin_center.event_count), 0)::integer AS counted, (SELECT count(*) FROM admin_center.event)::integer AS stored,
       coalesce((SELECT sum(users) FROM admin_center.lifecycle_count WHERE "interval" = 'day'), 0)::integer AS users`,
  )).rows[0];

test('transactions that commit in another order than they began, workers that come and go', async () => {
  let loops = pools.map((pool) => startRollupLoop(createDatabase(pool), SILENT));
  const writer = async (n: number): Promise<void> => {
    const client = await db.pool.connect();
    for (let i = 0; i < TRANSACTIONS; i++) {
      await client.query('BEGIN');
      await writeEvents(client, Array.from({ length: 5 }, (_, k) => ({ person: personId(n * 1_000 + i), at: new Date(Date.now() - k * 60_000).toISOString() })));
      await delay(((n * 7 + i * 13) % 11) * 4);
      await client.query(i % 9 === 8 ? 'ROLLBACK' : 'COMMIT');
      loops[i % WORKERS]?.wake();
    }
    client.release();
  };
  const writing = Promise.all(Array.from({ length: WRITERS }, (_, n) => writer(n)));
  await delay(300);
  // The one that leads may be among these.
  await Promise.all(loops.slice(0, 2).map((loop) => loop.close()));
  loops = [startRollupLoop(createDatabase(pools[0] as pg.Pool), SILENT), ...loops.slice(2)];
  // Who does not ask for leadership is held off by the lock of the watermark.
  await Promise.all([writing, ...pools.map((pool) => rollUpBatch(createDatabase(pool), 3))]);
  const written = WRITERS * (TRANSACTIONS - Math.floor(TRANSACTIONS / 9)) * 5;
  const end = await eventually(counted, (now) => now?.counted === written, 30_000);
  expect(end?.stored).toBe(written);
  await delay(1_200);
  expect((await counted())?.counted).toBe(written);
  await Promise.all(loops.map((loop) => loop.close()));
}, 60_000);

test('a worker that fails in the middle of a batch has counted none of it', async () => {
  const database = createDatabase(pools[0] as pg.Pool);
  const before = await counted();
  await writeEvents(db.pool, [{ person: personId(9_999), at: new Date().toISOString() }]);
  await db.pool.query(`ALTER TABLE admin_center.event_count ADD CONSTRAINT broken CHECK (events < 0) NOT VALID`);
  await expect(rollUpBatch(database)).rejects.toThrow(/broken/).catch(async () => {
    // Another test file's transaction may hold the watermark for a moment.
    await eventually(() => rollUpBatch(database).then(() => false, () => true), (failed) => failed);
  });
  await db.pool.query('ALTER TABLE admin_center.event_count DROP CONSTRAINT broken');
  expect((await counted())?.users).toBe(before?.users);
  await eventually(async () => (await rollUpBatch(database), counted()), (now) => now?.counted === (before?.counted ?? 0) + 1);
});

test('the jobs make months ahead and let go of old receipts', async () => {
  await db.pool.query(`INSERT INTO admin_center.event_receipt (message_id, received_at) VALUES (gen_random_uuid(), now() - interval '8 days'), (gen_random_uuid(), now() - interval '6 days')`);
  await db.pool.query(`DO $$ BEGIN EXECUTE format('DROP TABLE admin_center.event_%s', to_char(now() + interval '2 months', 'YYYY_MM')); END $$`);
  for (const job of eventJobs(createDatabase(pools[0] as pg.Pool))) {
    await job.run();
  }
  expect((await db.pool.query('SELECT count(*)::integer AS receipts FROM admin_center.event_receipt')).rows).toEqual([{ receipts: 1 }]);
  expect((await db.pool.query(`SELECT to_regclass('admin_center.event_' || to_char(now() + interval '2 months', 'YYYY_MM')) IS NOT NULL AS there`)).rows).toEqual([{ there: true }]);
});
