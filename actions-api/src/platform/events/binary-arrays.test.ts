// Binary arrays against the server that reads them: what goes in comes out, whatever it is.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { booleans, instants, integers, jsons, texts, uuids } from './binary-arrays.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const itself = <T>(value: T): T => value;
async function read(type: string, array: Buffer): Promise<unknown> {
  const { rows } = await database.pool.query(`SELECT (SELECT json_agg(value ORDER BY position) FROM unnest($1::${type}[]) WITH ORDINALITY AS u (value, position)) AS value`, [array]);
  return rows[0].value;
}

test('texts of all scripts and lengths, NULL and what needs quotes elsewhere', async () => {
  const values = ['', 'Chat Sent', null, 'NULL', '{"a\\b"}', 'Grüße', '日本語', '🚇'.repeat(40), 'x'.repeat(5_000), 'nearly ascii é'];
  expect(await read('text', texts(values, itself))).toEqual(values);
});

test('JSON as it was written', async () => {
  const values = [{ a: [1, 'ü', null] }, null, 'text'];
  expect(await read('jsonb', jsons(values, (value) => (value === null ? null : JSON.stringify(value))))).toEqual(values);
});

test('ids in both cases, truths and numbers', async () => {
  const ids = ['0f8fad5b-d9cb-469f-a165-70867728950e', null, 'FFFFFFFF-0000-8000-8000-00000000000A'];
  expect(await read('uuid', uuids(ids, itself))).toEqual(ids.map((id) => id?.toLowerCase() ?? null));
  expect(await read('boolean', booleans([true, false], itself))).toEqual([true, false]);
  expect(await read('integer', integers([0, 1, -7, 2_147_483_647], itself))).toEqual([0, 1, -7, 2_147_483_647]);
});

test('instants to the millisecond, before and after 2000', async () => {
  const values = ['1969-12-31T23:59:59.999Z', '1999-12-31T23:59:59.001Z', '2000-01-01T00:00:00.000Z', '2026-11-28T20:00:00.123Z', '2100-02-28T00:00:00.007Z'];
  const { rows } = await database.pool.query('SELECT unnest($1::timestamptz[]) AS at', [instants(values, (text) => Date.parse(text))]);
  expect(rows.map(({ at }) => (at as Date).toISOString())).toEqual(values);
});

test('none at all', async () => {
  expect(await read('text', texts([], itself))).toBeNull();
});
