// Counters that only rise.
import { createPool } from '@admin-center/platform/pool';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
let api: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  api = createPool({ connectionString: database.apiUrl, applicationName: 'test' });
});
afterAll(async () => {
  await api.end();
  await database.close();
});

const add = (metric: string, labels: Record<string, string>, by: number | null = 1) => api.query('SELECT tally_add($1, $2, $3)', [metric, JSON.stringify(labels), by]);
const valueOf = async (metric: string, labels: Record<string, string>) => (await api.query<{ value: number }>('SELECT value FROM tally WHERE metric = $1 AND labels = $2', [metric, JSON.stringify(labels)])).rows[0]?.value;

test('the order of labels does not matter, their values do', async () => {
  await add('a_total', { x: '1', y: '2' });
  await add('a_total', { y: '2', x: '1' }, 4);
  await add('a_total', { x: '1', y: '3' });
  expect(await valueOf('a_total', { x: '1', y: '2' })).toBe(5);
  expect(await valueOf('a_total', { x: '1', y: '3' })).toBe(1);
});

test('adding 0 makes a counter appear', async () => {
  await add('zero_total', {}, 0);
  expect(await valueOf('zero_total', {})).toBe(0);
});

test.each([-1, null])('adding %p is refused', async (by) => {
  const labels = { by: String(by) };
  await add('b_total', labels, 3);
  await expect(add('b_total', labels, by)).rejects.toMatchObject({ code: '22023' });
  expect(await valueOf('b_total', labels)).toBe(3);
});

test('labels are an object', async () => {
  await expect(api.query("SELECT tally_add('c_total', '[1]')")).rejects.toThrow(/check constraint/);
});

test('what is rolled back was not counted', async () => {
  const client = await api.connect();
  await client.query('BEGIN');
  await client.query("SELECT tally_add('d_total', '{}')");
  await client.query('ROLLBACK');
  client.release();
  expect(await valueOf('d_total', {})).toBeUndefined();
});

test('many at once lose nothing', async () => {
  await Promise.all(Array.from({ length: 40 }, () => add('e_total', { k: 'v' })));
  expect(await valueOf('e_total', { k: 'v' })).toBe(40);
});
