// Usage of flags: many reporters at once, and what they may not make up.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { createPool } from '@admin-center/platform/pool';
import type pg from 'pg';
import { makeFlag } from '../../../test/make-flag.ts';
import { createDatabase, type Database } from '../../platform/database.ts';
import { type EvaluationCount, recordEvaluations } from './usage.ts';

let db: TestDatabase;
let pool: pg.Pool;
let database: Database;
const keys: string[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  pool = createPool({ connectionString: db.apiUrl, applicationName: 'test-usage', max: 8, statementTimeoutMs: 30_000 });
  database = createDatabase(pool);
  keys.push(await makeFlag(db.pool, 'on'), await makeFlag(db.pool, 'on'));
});
afterAll(async () => {
  await pool.end();
  await db.close();
});

const record = (rows: readonly EvaluationCount[]) => database.transaction().execute((tx) => recordEvaluations(tx, rows));
const usage = async () => (await db.pool.query('SELECT flag, variant, reason, evaluations FROM admin_center.flag_usage ORDER BY 1, 2, 3')).rows as unknown[];
const tally = async () => (await db.pool.query(`SELECT sum(value)::integer AS value FROM admin_center.tally WHERE metric = 'admincenter_flag_evaluations_total'`)).rows[0] as { value: number };

test('reports of many hosts at once add up, in whatever order each has its rows', async () => {
  const [first, second] = keys as [string, string];
  const rows = [
    { flag: first, variant: 'on', reason: 'SPLIT', count: 3 }, { flag: second, variant: 'off', reason: 'DEFAULT', count: 2 }, { flag: first, variant: 'on', reason: 'SPLIT', count: 1 },
  ];
  await Promise.all(Array.from({ length: 40 }, (_, index) => record(index % 2 === 0 ? rows : rows.toReversed())));
  expect(await usage()).toEqual([
    { flag: first, variant: 'on', reason: 'SPLIT', evaluations: 160 }, { flag: second, variant: 'off', reason: 'DEFAULT', evaluations: 80 },
  ].toSorted((a, b) => (a.flag < b.flag ? -1 : 1)));
  expect(await tally()).toEqual({ value: 240 });
});

test('what is no flag, variant or reason makes no row and no series of its own', async () => {
  await db.pool.query('DELETE FROM admin_center.flag_usage');
  const [flag] = keys as [string];
  await record([
    { flag: 'made-up-by-somebody', variant: 'on', reason: 'STATIC', count: 1 }, { flag: 'another', variant: null, reason: 'ERROR', count: 2 },
    { flag, variant: 'made-up', reason: 'STATIC', count: 4 }, { flag, variant: 'on', reason: 'BECAUSE', count: 8 }, { flag, variant: 'on', reason: 'ERROR', count: 16 },
  ]);
  expect(await usage()).toEqual([
    { flag, variant: 'none', reason: 'ERROR', evaluations: 24 }, { flag, variant: 'none', reason: 'STATIC', evaluations: 4 },
    { flag: 'unknown', variant: 'none', reason: 'ERROR', evaluations: 2 }, { flag: 'unknown', variant: 'none', reason: 'STATIC', evaluations: 1 },
  ]);
});

test('a report that fails leaves nothing behind', async () => {
  const before = [await usage(), await tally()];
  await expect(database.transaction().execute(async (tx) => {
    await recordEvaluations(tx, [{ flag: keys[0] as string, variant: 'on', reason: 'SPLIT', count: 5 }]);
    throw new Error('The rest of the report could not be stored.');
  })).rejects.toThrow('could not be stored');
  expect([await usage(), await tally()]).toEqual(before);
});
