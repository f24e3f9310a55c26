// A database that is slow, full of other work, or gone: what is acknowledged is there, what is not is told to come again,
// and the process stays small.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import { sendEvents, track } from '../../../test/events.ts';
import { makeTestKey } from '../../../test/keys.ts';
import { createAdmission } from './admission.ts';
import type { EventRow, StoredResult } from './event-row.ts';
import { messageDigest } from './ids.ts';
import { createWriter } from './writer.ts';

let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await startTestApi();
  key = (await makeTestKey(api)).secret;
});
afterAll(() => api.close());

const stored = async (ids: readonly string[]) =>
  Number((await api.db.pool.query('SELECT count(*) AS count FROM admin_center.event WHERE message_id = ANY ($1)', [ids.map((id) => messageDigest('default', id))])).rows[0].count);

test('while the database takes nothing, senders are told to come again, and nothing that is acknowledged is lost', async () => {
  const client = await api.db.pool.connect();
  await client.query('BEGIN; LOCK TABLE admin_center.event_receipt IN ACCESS EXCLUSIVE MODE');
  const text = 'x'.repeat(4_000);
  const requests = Array.from({ length: 80 }, () => Array.from({ length: 100 }, () => track('Flood', { properties: { text } })));
  const sending = requests.map((batch) => sendEvents(api.baseUrl, key, { batch }));
  const { status, headers } = await Promise.any(sending.map(async (answer) => ((await answer).status === 503 ? answer : Promise.reject(new Error('taken')))));
  expect([status, Number(headers.get('retry-after')) > 0]).toEqual([503, true]);
  await client.query('COMMIT');
  client.release();
  const answers = await Promise.all(sending);
  const taken = requests.filter((_batch, index) => answers[index]?.status === 200);
  expect(answers.filter(({ status: each }) => each !== 200 && each !== 503)).toEqual([]);
  expect(await stored(taken.flat().map(({ messageId }) => messageId))).toBe(taken.length * 100);
  const again = requests.filter((_batch, index) => answers[index]?.status === 503);
  for (const batch of again) {
    expect((await sendEvents(api.baseUrl, key, { batch })).status).toBe(200);
  }
  expect(await stored(requests.flat().map(({ messageId }) => messageId))).toBe(8_000);
}, 60_000);

test('what could not be written is not remembered as written', async () => {
  const event = track('Later');
  await api.db.pool.query('ALTER TABLE admin_center.event RENAME TO event_away');
  const failed = await sendEvents(api.baseUrl, key, { batch: [event] });
  await api.db.pool.query('ALTER TABLE admin_center.event_away RENAME TO event');
  expect(failed.status).toBe(500);
  expect((await sendEvents(api.baseUrl, key, { batch: [event] })).body.results).toMatchObject([{ result: 'accepted' }]);
});

test('a month that is missing is made', async () => {
  const at = new Date(Date.now() - 34 * 86_400_000);
  const month = `event_${at.toISOString().slice(0, 7).replace('-', '_')}`;
  await api.db.pool.query(`DROP TABLE admin_center.${month}`);
  const event = track('Old', { timestamp: at.toISOString() });
  expect((await sendEvents(api.baseUrl, key, { batch: [event] })).body.results).toMatchObject([{ result: 'accepted' }]);
  expect(await stored([event.messageId])).toBe(1);
});

describe('the writer', () => {
  const row = (messageId: string) => ({ messageId }) as EventRow;
  const options = { atOnce: 2, enough: 20, momentMs: 2, most: 50, patienceMs: 100 };

  test('gathers single events into few statements, and gives each request its own results', async () => {
    const sizes: number[] = [];
    const writer = createWriter({ ...options, insert: async (rows) => {
      sizes.push(rows.length);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return rows.map(({ messageId }): StoredResult => (messageId.endsWith('7') ? 'duplicate' : 'accepted'));
    } });
    const results = await Promise.all(Array.from({ length: 200 }, (_, index) => writer.write([row(String(index))])));
    expect(results.map(([result]) => result)).toEqual(Array.from({ length: 200 }, (_, index) => (index % 10 === 7 ? 'duplicate' : 'accepted')));
    expect(sizes.length).toBeLessThan(20);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(50);
  });

  test('counts a message of two requests for one of them', async () => {
    const writer = createWriter({ ...options, insert: async (rows) => rows.map((): StoredResult => 'accepted') });
    expect((await Promise.all([writer.write([row('a'), row('b')]), writer.write([row('b'), row('b')])])).flat().toSorted()).toEqual(['accepted', 'accepted', 'duplicate', 'duplicate']);
  });

  test('lets one request that breaks the statement break only itself', async () => {
    const writer = createWriter({ ...options, atOnce: 1, insert: async (rows) => {
      if (rows.some(({ messageId }) => messageId === 'bad')) {
        throw new Error('invalid input');
      }
      return rows.map((): StoredResult => 'accepted');
    } });
    const outcomes = await Promise.allSettled(['a', 'bad', 'c'].map((id) => writer.write([row(id)])));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('tells who waits too long to come again', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const writer = createWriter({ ...options, atOnce: 1, insert: async (rows) => {
      await held;
      return rows.map((): StoredResult => 'accepted');
    } });
    const first = writer.write(Array.from({ length: 20 }, (_, index) => row(String(index))));
    await expect(writer.write([row('late')])).rejects.toMatchObject({ status: 503, code: 'overloaded' });
    release();
    expect(await first).toHaveLength(20);
  });
});

test('admission is by bytes, and what is given back is free again', () => {
  const admission = createAdmission(100);
  const first = admission.take(60);
  expect(() => admission.take(60)).toThrow('More arrives');
  first.shrink(40);
  const second = admission.take(60);
  first.giveBack();
  first.giveBack();
  second.giveBack();
  expect(() => admission.take(101)).toThrow('More arrives');
  admission.take(100).giveBack();
});
