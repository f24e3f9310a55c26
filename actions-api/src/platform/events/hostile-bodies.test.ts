// Whatever a body holds, each event gets an answer of its own, and nothing that one holds can spoil others.
import { randomUUID } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rollUpEverything } from '@admin-center/database/roll-up';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import { sendEvents, track } from '../../../test/events.ts';
import { makeTestKey } from '../../../test/keys.ts';

let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await startTestApi();
  key = (await makeTestKey(api)).secret;
});
afterAll(() => api.close());

const send = (body: unknown, path = 'batch', headers: Readonly<Record<string, string>> = {}) => sendEvents(api.baseUrl, key, body, path, headers);
const whole = gzipSync(JSON.stringify({ batch: [track('Zipped')] }));

describe('a body', () => {
  test.each([
    ['no gzip at all', Buffer.from('{"batch":[]}'), 'gzip', 400],
    ['half a gzip', whole.subarray(0, whole.length - 12), 'gzip', 400],
    ['a gzip with a wrong checksum', Buffer.concat([whole.subarray(0, whole.length - 8), Buffer.alloc(8, 1)]), 'gzip', 400],
    ['no deflate', Buffer.from('xx'), 'deflate', 400],
    ['no brotli', Buffer.from('xx'), 'br', 400],
    ['deflate', deflateSync(JSON.stringify({ batch: [track('Zipped')] })), 'deflate', 200],
    ['an unknown encoding', Buffer.from('{}'), 'zstd-of-old', 415],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), '', 400],
    ['250,000 brackets', Buffer.from(`{"batch":[${'['.repeat(120_000)}${']'.repeat(120_000)}]}`), '', 200],
    ['brackets that do not close', Buffer.from('['.repeat(400_000)), '', 400],
    ['a batch in batches', Buffer.from(JSON.stringify({ batch: [[track('x')], { batch: [track('x')] }] })), '', 200],
  ])('of %s is answered', async (_what, bytes, encoding, status) => {
    const answer = await send(new Uint8Array(bytes), 'batch', encoding === '' ? {} : { 'content-encoding': encoding });
    expect([answer.status, answer.body.code]).toEqual([status, status === 200 ? undefined : expect.stringMatching(/^body_/)]);
  });
});

describe('a batch of', () => {
  test('what a database could refuse takes the rest, and is counted', async () => {
    const half = '\ud800';
    const strange: readonly (readonly [string, Record<string, unknown>, string])[] = [
      ['null in the name', track('a\u0000b'), 'invalid'],
      ['null in an id', track('x', { userId: 'a\u0000' }), 'invalid'],
      ['half a character in the message id', { ...track('x'), messageId: half }, 'invalid'],
      ['half a character in the name of a page', { ...track('x'), type: 'page', name: half }, 'invalid'],
      ['half a character in properties.name', { ...track('x'), type: 'page', properties: { name: half } }, 'invalid'],
      ['half a character in a personal property', track('x', { properties: { email: half, [half]: 1 } }), 'invalid'],
      ['half a character in the context', track('x', { context: { app: { version: half }, os: { name: `a\u0000${half}` }, device: { type: half }, userAgent: `${half}\u0000`, ip: half, platform: half, library: { name: half } } }), 'accepted'],
      ['a huge number', track('x', { properties: { a: 1e308, b: -1e308, c: 5e-324, d: [Number.MAX_SAFE_INTEGER] } }), 'accepted'],
      ['a feature that is none', track('x', { properties: { feature: { a: 1 } } }), 'accepted'],
      ['a feature with half a character', track('x', { properties: { feature: half } }), 'invalid'],
      ['the year 0', track('x', { timestamp: '0000-01-01T00:00:00Z' }), 'too_old'],
      ['the year 9999', track('x', { timestamp: '9999-12-31T23:59:59Z' }), 'future'],
      ['the year 9999 by both clocks', track('x', { timestamp: '9999-12-31T23:59:58Z', sentAt: '9999-12-31T23:59:59Z' }), 'accepted'],
      ['the year 0 by both clocks', track('x', { timestamp: '0000-01-01T00:00:00Z', sentAt: '0000-01-01T00:00:01Z' }), 'accepted'],
      ['a year of six digits', track('x', { timestamp: '+275760-09-13T00:00:00Z' }), 'invalid'],
      ['31 February', track('x', { timestamp: '2026-02-31T25:61:00Z' }), 'invalid'],
      ['an instant that is a number', track('x', { timestamp: 1_790_000_000_000 }), 'invalid'],
      ['a number as id', track('x', { userId: 1e21, anonymousId: -0 }), 'accepted'],
      ['true as id', track('x', { userId: true }), 'invalid'],
      ['context that is an array', track('x', { context: [1] }), 'invalid'],
      ['keys of a prototype', track('x', JSON.parse('{"__proto__":{"type":"identify"},"constructor":1,"properties":{"__proto__":{"a":1},"constructor":{"prototype":1},"toString":1}}') as Record<string, unknown>), 'accepted'],
      ['right-to-left and no-width characters', track('a\u202eb\u200b'), 'accepted'],
      ['a user id of only spaces', track('x', { userId: '  ' }), 'accepted'],
      ['a name of 100 characters outside of the plane', track('😀'.repeat(50)), 'accepted'],
    ];
    const { status, body } = await send({ batch: strange.map(([, event]) => event) });
    expect(status).toBe(200);
    expect(body.results.map(({ result }, index) => [strange[index]?.[0], result])).toEqual(strange.map(([what, , result]) => [what, result]));
    const { rows } = await api.db.pool.query('SELECT count(*)::integer AS events FROM admin_center.event_receipt');
    await rollUpEverything(api.db.pool);
    const counted = await api.db.pool.query('SELECT events::integer AS events FROM admin_center.event_rollup');
    expect(counted.rows[0].events).toBe(rows[0].events);
  });

  test('2,500 names, and a message many times over, each get an answer', async () => {
    const twice = track('Twice');
    const batch = Array.from({ length: 2_500 }, (_, index) => (index % 10 === 0 ? twice : { type: 'track', event: `Name ${index}`, messageId: `${index}`, userId: 'u' }));
    const { status, body } = await send({ batch });
    expect([status, body.accepted, body.results.length]).toEqual([200, 2_251, 2_500]);
    expect(body.results.filter(({ result }) => result === 'duplicate')).toHaveLength(249);
  });

  test('one event as large as may be, and one that is a byte larger', async () => {
    const of = (bytes: number) => {
      const event = { type: 'track', event: 'Large', messageId: randomUUID(), userId: 'u', properties: { text: '' } };
      return { ...event, properties: { text: 'ü'.repeat((bytes - JSON.stringify(event).length) / 2) + 'x'.repeat((bytes - JSON.stringify(event).length) % 2) } };
    };
    const { body } = await send({ batch: [of(32 * 1_024), of(32 * 1_024 + 1)] });
    expect(body.results.map(({ result }) => result)).toEqual(['accepted', 'invalid']);
  });
});
