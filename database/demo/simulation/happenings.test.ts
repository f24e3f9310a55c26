// The product's own events while the company lives: sent once, of who is there, as the real intake takes them.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { createLogger } from '@admin-center/platform/log';
import { createPool } from '@admin-center/platform/pool';
import { Kysely, PostgresDialect } from 'kysely';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import { loadDemo } from '../load.ts';
import type { HostTables } from '../tables.ts';
import type { TrackingMessage } from './happenings.ts';
import { createSimulator } from './simulator.ts';
import { createTracking } from './tracking.ts';

const loadedAt = Date.parse('2026-05-14T15:20:00Z');
const log = createLogger('simulator', 'silent');
let database: TestDatabase;
let db: Kysely<HostTables>;
const sent: TrackingMessage[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await loadDemo({ databaseUrl: database.url, seed: 21, users: 1_500, days: 20, now: new Date(loadedAt) });
  await database.pool.query('UPDATE admin_center.activity_mirror SET since = $1, seen_until = $2', [new Date(loadedAt), new Date(loadedAt + 3 * DAY)]);
  db = new Kysely<HostTables>({ dialect: new PostgresDialect({ pool: createPool({ connectionString: database.url, applicationName: 'simulator test', max: 2 }) }) }).withSchema('public');
  let now = loadedAt;
  const simulator = await createSimulator({ db, log, now: () => now, tracking: { send: (messages) => void sent.push(...messages) } });
  for (const until of [HOUR, 5 * HOUR, 2 * DAY, 2 * DAY + MINUTE]) {
    now = loadedAt + until;
    await simulator.tick();
  }
}, 60_000);
afterAll(async () => {
  await db.destroy();
  await database.close();
});

const of = (name: string) => sent.filter((message) => message['event'] === name || message['name'] === name);

test('each is sent once, when it happened, with where it came from', () => {
  expect(sent.length).toBeGreaterThan(100);
  expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(sent.length);
  // A visitor's pages are sent when they turn out to be somebody.
  const late = sent.filter(({ type, timestamp }) => type === 'track' && (Date.parse(String(timestamp)) <= loadedAt || Date.parse(String(timestamp)) > loadedAt + 2 * DAY + MINUTE));
  expect(late).toEqual([]);
  expect(sent.filter(({ context }) => typeof (context as { ip?: unknown }).ip !== 'string')).toEqual([]);
});

test('they are visits, sign-ups, chats, uses of features and subscriptions; what the host records is left to the mirror', () => {
  for (const name of ['Pricing', 'Home', 'Signed Up', 'First Chat', 'Prompt Sent', 'Trial Started']) {
    expect({ name, sent: of(name).length > 0 }).toEqual({ name, sent: true });
  }
  expect(of('Session Started')).toEqual([]);
  expect(of('Message Sent')).toEqual([]);
  expect(of('Prompt Sent')[0]).toMatchObject({ type: 'track', userId: expect.any(String), properties: { feature: 'chat' } });
});

test('who was a visitor before is told with the sign-up', () => {
  const [identified] = sent.filter(({ type }) => type === 'identify');
  expect(identified).toMatchObject({ userId: expect.any(String), anonymousId: expect.any(String) });
  expect(sent.some(({ type, anonymousId }) => type === 'page' && anonymousId === identified?.['anonymousId'])).toBe(true);
});

test('sign-ups and trials are those of the host', async () => {
  const { rows } = await database.pool.query<{ id: string }>("SELECT id FROM public.users WHERE created_at > $1", [new Date(loadedAt)]);
  expect(of('Signed Up').map(({ userId }) => userId).toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
  const trials = await database.pool.query<{ id: string }>('SELECT user_id AS id FROM public.subscriptions WHERE trial_start > $1', [new Date(loadedAt)]);
  expect(of('Trial Started').map(({ userId }) => userId).toSorted()).toEqual(trials.rows.map(({ id }) => id).toSorted());
});

test('rows that are written late set the mirror of the host back to their time', async () => {
  const { rows } = await database.pool.query<{ seen_until: Date }>('SELECT seen_until FROM admin_center.activity_mirror');
  expect(rows[0]?.seen_until).toEqual(new Date(loadedAt));
});

describe('sending', () => {
  let server: Server;
  let answer = 503;
  const batches: { batch: TrackingMessage[] }[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        if (answer === 200) {
          batches.push(JSON.parse(body) as { batch: TrackingMessage[] });
        }
        response.writeHead(answer).end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('keeps what is not taken, and sends it in batches when it is', async () => {
    const tracking = createTracking(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'acp_test', log);
    tracking.send(Array.from({ length: 150 }, (_, index) => ({ messageId: String(index) })));
    await tracking.settled();
    expect(batches).toEqual([]);
    answer = 200;
    await new Promise((resolve) => setTimeout(resolve, 5_100));
    tracking.send([]);
    await tracking.settled();
    expect(batches.map(({ batch }) => batch.length)).toEqual([100, 50]);
  }, 15_000);
});
