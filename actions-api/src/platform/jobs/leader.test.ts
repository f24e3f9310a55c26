// Who leads: one at a time, until its work ends, its connection dies, or it hangs for too long.
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { createPool } from '@admin-center/platform/pool';
import { sql } from 'kysely';
import type pg from 'pg';
import { createDatabase, type Database } from '../database.ts';
import { asLeader, type ConfirmLead, leadWhileAlive } from './leader.ts';

let db: TestDatabase;
let pool: pg.Pool;
let database: Database;

beforeAll(async () => {
  db = await createTestDatabase();
  pool = createPool({ connectionString: db.apiUrl, applicationName: 'test-leader', max: 4 });
  database = createDatabase(pool);
});
afterAll(async () => {
  await pool.end();
  await db.close();
});

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test('one at a time, and the next once it has ended', async () => {
  let end = (): void => undefined;
  const first = leadWhileAlive(database, 'one', () => new Promise((resolve) => (end = resolve)));
  await pause(200);
  expect(await leadWhileAlive(database, 'one', async () => undefined)).toBe(false);
  expect(await leadWhileAlive(database, 'another', async () => undefined)).toBe(true);
  end();
  expect(await first).toBe(true);
  expect(await leadWhileAlive(database, 'one', async () => undefined)).toBe(true);
});

test('who confirms leads for longer, and leaves a connection behind that is ended no sooner than others', async () => {
  const led = await asLeader(database, 'long', async (confirm) => {
    for (let round = 0; round < 8; round += 1) {
      await pause(50);
      await confirm();
    }
  }, 200);
  expect(led).toBe(true);
  const { rows } = await sql<{ limit: string }>`SELECT current_setting('idle_session_timeout') AS limit`.execute(database);
  expect(rows).toEqual([{ limit: '0' }]);
});

test('work that takes longer keeps the lead while its process runs', async () => {
  let rivals = 0;
  const led = await leadWhileAlive(database, 'slow', async () => {
    for (let round = 0; round < 9; round += 1) {
      await pause(500);
      rivals += (await leadWhileAlive(database, 'slow', async () => undefined)) ? 1 : 0;
    }
  }, 3_000);
  expect([led, rivals]).toEqual([true, 0]);
});

test('work that hangs gives the lead away, and cannot confirm it any more', async () => {
  let confirmLate: ConfirmLead = async () => undefined;
  const hung = asLeader(database, 'hung', (confirm) => {
    confirmLate = confirm;
    return new Promise(() => undefined);
  }, 200);
  await expect(hung).rejects.toThrow('The lead of hung was lost');
  expect(await leadWhileAlive(database, 'hung', async () => undefined)).toBe(true);
  await expect(confirmLate()).rejects.toThrow('The lead of hung was lost');
});

/** Another replica: takes the lead as soon as it can, and says so. */
const OTHER = `
  const { workerData: { url, key, taken } } = require('node:worker_threads');
  const { Client } = require('pg');
  (async () => {
    const client = new Client(url);
    await client.connect();
    for (let mine = false; !mine; ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      mine = (await client.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS mine', [key])).rows[0].mine;
    }
    await client.end();
    Atomics.store(taken, 0, 1);
    Atomics.notify(taken, 0);
  })();
`;

test.each<[string, typeof asLeader]>([['confirms', asLeader], ['leads while it is alive', leadWhileAlive]])('a process that %s and hangs altogether gives the lead away too', async (_, lead) => {
  const taken = new Int32Array(new SharedArrayBuffer(4));
  let other: Worker | undefined;
  const hung = lead(database, 'frozen', async (confirm) => {
    other = new Worker(OTHER, { eval: true, workerData: { url: db.url, key: 'admin-center:frozen', taken } });
    // Nothing of this process runs meanwhile, no timer either.
    expect(Atomics.wait(taken, 0, 0, 20_000)).toBe('ok');
    await confirm();
  }, 300);
  await expect(hung).rejects.toThrow();
  await other?.terminate();
  expect(await leadWhileAlive(database, 'frozen', async () => undefined)).toBe(true);
});
