// The mirror of the host's activity on a real database: again and again, rows that are rewritten, late or of nobody.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { createLogger } from '@admin-center/platform/log';
import { createPool } from '@admin-center/platform/pool';
import { metrics } from '@opentelemetry/api';
import type pg from 'pg';
import { eventually } from '../../../test/process.ts';
import { createDatabase } from '../database.ts';
import { createClientReader } from '../events/client-context.ts';
import { createMirror, lookBack, type Mirror } from './mirror.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DESKTOP = 'CloudToLocalLLM/7.12.0 (Windows 11; x64) Flutter Dart/3.9 (dart:io)';
const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Mobile/15E148 Safari/604.1';

let database: TestDatabase;
let pool: pg.Pool;
let mirror: Mirror;
beforeAll(async () => {
  database = await createTestDatabase();
  // As the worker: with the rights of the API's role.
  pool = createPool({ connectionString: database.apiUrl, applicationName: 'mirror test', max: 3 });
  mirror = createMirror(createDatabase(pool), await createClientReader({ GEOIP_DATABASE: [], GEOIP_COUNTRY_HEADER: undefined }, metrics.getMeter('test'), createLogger('test', 'silent')));
});
afterAll(async () => {
  await pool.end();
  await database.close();
});

const ago = (milliseconds: number): Date => new Date(Date.now() - milliseconds);
const events = async (userId: string): Promise<Record<string, unknown>[]> =>
  (await database.pool.query(
    'SELECT name, at, feature, qualifies, known, source, tier, country, platform, device, os, app_version FROM admin_center.event WHERE person_id = $1 ORDER BY at, name', [userId],
  )).rows;
const names = async (userId: string): Promise<unknown[]> => (await events(userId)).map(({ name }) => name);
const comeFrom = (sessionId: string, ip: string, userAgent: string): Promise<unknown> =>
  database.pool.query('UPDATE public.user_sessions SET ip_address = $2, user_agent = $3 WHERE id = $1', [sessionId, ip, userAgent]);

/** The host's rows of a test are of the past, and were written just now. */
async function runFromBefore(): Promise<number> {
  await database.pool.query("UPDATE admin_center.activity_mirror SET seen_until = now() - interval '1 day'");
  return mirror.run();
}

describe('what the host records', () => {
  test('is in the stream as it happened, once however often the mirror runs', async () => {
    const user = await database.make.user();
    const started = ago(300 * DAY);
    const used = new Date(started.getTime() + 20 * MINUTE);
    const session = await database.make.session(user.id, { createdAt: started, lastActivityAt: used });
    await comeFrom(session.id, '79.203.1.5', DESKTOP);
    const talked = ago(3 * HOUR);
    await database.make.conversation(user.subject as string, { createdAt: talked, messagesAt: [talked, new Date(talked.getTime() + MINUTE)] });
    expect(await mirror.run()).toBeGreaterThanOrEqual(5);
    const origin = { country: 'DE', platform: 'desktop', device: 'desktop', os: 'Windows', app_version: '7.12.0' };
    const nowhere = { country: 'unknown', platform: 'unknown', device: 'unknown', os: 'unknown', app_version: 'unknown' };
    const common = { qualifies: true, known: true, source: 'host', tier: 'free' };
    expect(await events(user.id)).toEqual([
      { name: 'Session Started', at: started, feature: null, ...common, ...origin },
      { name: 'Session Used', at: used, feature: null, ...common, ...origin },
      { name: 'Conversation Created', at: talked, feature: 'chat', ...common, ...nowhere },
      { name: 'Message Sent', at: talked, feature: 'chat', ...common, ...nowhere },
      { name: 'Message Sent', at: new Date(talked.getTime() + MINUTE), feature: 'chat', ...common, ...nowhere },
    ]);
    expect(await mirror.run()).toBe(0);
    expect(await mirror.run()).toBe(0);
  });

  test('also counts once when a run before had not noted how far it came', async () => {
    const before = (await database.pool.query('SELECT count(*)::int AS count FROM admin_center.event')).rows;
    await database.pool.query("UPDATE admin_center.activity_mirror SET seen_until = now() - interval '400 days'");
    expect(await mirror.run()).toBe(0);
    expect((await database.pool.query('SELECT count(*)::int AS count FROM admin_center.event')).rows).toEqual(before);
  });

  test('of a phone says so, and an address that nobody knows is unknown', async () => {
    const user = await database.make.user();
    const session = await database.make.session(user.id, { createdAt: ago(HOUR), lastActivityAt: ago(HOUR) });
    await comeFrom(session.id, '10.0.0.1', PHONE);
    await runFromBefore();
    expect((await events(user.id))[0]).toMatchObject({ country: 'unknown', platform: 'mobile', device: 'mobile', os: 'iOS' });
  });
});

describe('what the host changes', () => {
  test('a session that goes on is used again, at most once in two minutes', async () => {
    const user = await database.make.user();
    const start = Math.floor(Date.now() / (2 * MINUTE)) * 2 * MINUTE - 20 * MINUTE;
    const session = await database.make.session(user.id, { createdAt: new Date(start), lastActivityAt: new Date(start) });
    for (const seconds of [0, 40, 80, 119, 121, 600]) {
      await database.pool.query('UPDATE public.user_sessions SET last_activity = $2 WHERE id = $1', [session.id, new Date(start + seconds * 1_000)]);
      await runFromBefore();
    }
    expect((await events(user.id)).map(({ name, at }) => `${name} ${((at as Date).getTime() - start) / 1_000}`)).toEqual(['Session Started 0', 'Session Used 0', 'Session Used 121', 'Session Used 600']);
  });

  test('a conversation whose messages are all written again adds the new one only', async () => {
    const user = await database.make.user();
    const first = ago(100 * DAY);
    const { id } = await database.make.conversation(user.id, { createdAt: first, messagesAt: [first, new Date(first.getTime() + MINUTE)] });
    await mirror.run();
    const save = async (times: readonly Date[]): Promise<void> => {
      await database.pool.query('DELETE FROM public.messages WHERE conversation_id = $1', [id]);
      for (const at of times) {
        await database.pool.query("INSERT INTO public.messages (conversation_id, role, content, timestamp) VALUES ($1, 'user', 'Hello', $2)", [id, at]);
      }
      await database.pool.query('UPDATE public.conversations SET updated_at = now() WHERE id = $1', [id]);
    };
    await save([first, new Date(first.getTime() + MINUTE), ago(5 * MINUTE)]);
    await mirror.run();
    await save([first, new Date(first.getTime() + MINUTE), ago(5 * MINUTE)].slice(0, 2));
    await mirror.run();
    expect(await names(user.id)).toEqual(['Conversation Created', 'Message Sent', 'Message Sent', 'Message Sent']);
  });

  test('rows that come late, of days ago, are found by when the host wrote them', async () => {
    const user = await database.make.user();
    await mirror.run();
    const { id } = await database.make.conversation(user.id, { createdAt: ago(9 * DAY), messagesAt: [ago(9 * DAY), ago(8 * DAY)] });
    await database.pool.query('UPDATE public.conversations SET updated_at = now() WHERE id = $1', [id]);
    await mirror.run();
    expect(await names(user.id)).toEqual(['Conversation Created', 'Message Sent', 'Message Sent']);
  });

  test('a message of the future waits until then', async () => {
    const user = await database.make.user();
    await database.make.conversation(user.id, { createdAt: ago(MINUTE), messagesAt: [new Date(Date.now() + 1_500)] });
    await mirror.run();
    expect(await names(user.id)).toEqual(['Conversation Created']);
    await new Promise((resolve) => setTimeout(resolve, 1_700));
    await mirror.run();
    expect(await names(user.id)).toEqual(['Conversation Created', 'Message Sent']);
  });
});

test('rows of the last week that were written unnoticed are found within a day', async () => {
  const user = await database.make.user();
  await database.make.session(user.id, { createdAt: ago(2 * DAY), lastActivityAt: ago(2 * DAY) });
  await mirror.run();
  expect(await names(user.id)).toEqual([]);
  await lookBack(createDatabase(pool));
  await mirror.run();
  expect(await names(user.id)).toEqual(['Session Started', 'Session Used']);
});

test('a mark that is set back while the mirror runs stays set back', async () => {
  const user = await database.make.user();
  await mirror.run();
  const holder = await database.pool.connect();
  try {
    // Whoever wrote rows of before holds the mark until they commit.
    await holder.query('BEGIN');
    await database.make.session(user.id, { createdAt: ago(3 * HOUR), lastActivityAt: ago(3 * HOUR) });
    const running = mirror.run();
    await holder.query("UPDATE admin_center.activity_mirror SET seen_until = now() - interval '4 hours'");
    await holder.query('COMMIT');
    await running;
  } finally {
    holder.release();
  }
  await mirror.run();
  expect(await names(user.id)).toEqual(['Session Started', 'Session Used']);
});

test('a mark that is set back before the mirror adds what it found stays set back, too', async () => {
  const [late, user] = [await database.make.user(), await database.make.user()];
  await mirror.run();
  await database.make.session(user.id, { createdAt: ago(MINUTE), lastActivityAt: ago(MINUTE) });
  await database.make.session(late.id, { createdAt: ago(3 * HOUR), lastActivityAt: ago(3 * HOUR) });
  const holder = await database.pool.connect();
  try {
    // The mirror asks for it between what it looks for and what it adds.
    await holder.query('BEGIN; LOCK TABLE admin_center.qualifying_definition');
    const running = mirror.run();
    await eventually(async () => (await database.pool.query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")).rowCount, (waiting) => waiting === 1);
    await database.pool.query("UPDATE admin_center.activity_mirror SET seen_until = now() - interval '4 hours'");
    await holder.query('COMMIT');
    await running;
  } finally {
    holder.release();
  }
  expect(await names(user.id)).toEqual(['Session Started', 'Session Used']);
  await mirror.run();
  expect(await names(late.id)).toEqual(['Session Started', 'Session Used']);
});

describe('what is not mirrored', () => {
  test('admins, sessions in which one impersonates a user, ids of nobody, and what is older than 400 days', async () => {
    const admin = await database.make.admin();
    await database.make.session(admin.id, { createdAt: ago(HOUR), lastActivityAt: ago(HOUR) });
    const user = await database.make.user();
    await database.make.session(user.id, { createdAt: ago(500 * DAY), lastActivityAt: ago(HOUR) });
    const imitated = await database.make.session(user.id, { createdAt: ago(2 * HOUR), lastActivityAt: ago(2 * HOUR) });
    await database.pool.query(
      `INSERT INTO admin_center.impersonation_session
         (id, state, admin_id, admin_subject, admin_email, admin_role, user_id, scope, minutes, reason, reason_class, code_hash, code_expires_at, started_at, ends_at, hard_ends_at, host_session_id)
       SELECT gen_random_uuid(), 'active', $1, 'user:1', 'ada@acme.example', 'super_admin', $2, 'read', 30, 'A ticket about it.', 'support_request', sha256('mirror'), now(), now(), now() + interval '30 minutes', now() + interval '60 minutes', $3`,
      [admin.id, user.id, imitated.id],
    );
    await database.make.conversation('nobody|7', { createdAt: ago(HOUR) });
    await runFromBefore();
    expect(await names(admin.id)).toEqual([]);
    expect(await names(user.id)).toEqual(['Session Used']);
    expect((await database.pool.query('SELECT FROM admin_center.event WHERE person_id IS NULL OR NOT known')).rowCount).toBe(0);
  });

  test('who was erased, although the host still holds it all', async () => {
    const user = await database.make.user();
    await database.make.session(user.id, { createdAt: ago(HOUR), lastActivityAt: ago(HOUR) });
    await runFromBefore();
    expect(await names(user.id)).toEqual(['Session Started', 'Session Used']);
    await database.pool.query('SELECT admin_center.erase_person($1)', [user.id]);
    await runFromBefore();
    expect(await names(user.id)).toEqual([]);
  });

  test('what the definition in force excludes does not qualify', async () => {
    await database.pool.query(`INSERT INTO admin_center.qualifying_definition (version, mode, events, created_by, reason) VALUES (2, 'only', '{"Message Sent"}', 'test', 'For a test.')`);
    const user = await database.make.user();
    await database.make.session(user.id, { createdAt: ago(HOUR), lastActivityAt: ago(HOUR) });
    await database.make.conversation(user.id, { createdAt: ago(HOUR), messagesAt: [ago(HOUR)] });
    await runFromBefore();
    expect(Object.fromEntries((await events(user.id)).map(({ name, qualifies }) => [name, qualifies]))).toEqual({ 'Session Started': false, 'Session Used': false, 'Conversation Created': false, 'Message Sent': true });
  });
});

test('many rows are taken in pieces, and a run that is broken off goes on where it was', async () => {
  const user = await database.make.user();
  await database.pool.query(
    `INSERT INTO public.user_sessions (user_id, session_token, expires_at, created_at, last_activity, is_active)
     SELECT $1, 'many-' || n, now() + interval '1 day', now() - n * interval '10 minutes', now() - n * interval '10 minutes', true FROM generate_series(1, 12000) AS n`, [user.id],
  );
  await database.pool.query("UPDATE admin_center.activity_mirror SET seen_until = now() - interval '400 days'");
  expect(await mirror.run()).toBeGreaterThanOrEqual(24_000);
  const { rows } = await database.pool.query<{ most: number; transactions: number }>(
    'SELECT max(count)::int AS most, count(*)::int AS transactions FROM (SELECT count(*) FROM admin_center.event WHERE person_id = $1 GROUP BY xid) AS t (count)', [user.id],
  );
  expect(rows[0]?.most).toBeLessThanOrEqual(50_000);
  expect(rows[0]?.transactions).toBeGreaterThan(1);
  expect(await mirror.run()).toBe(0);
}, 60_000);

test('two runs that meet, since the process of one had hung, add nothing twice', async () => {
  const user = await database.make.user();
  await database.make.session(user.id, { createdAt: ago(HOUR), lastActivityAt: ago(HOUR) });
  await database.pool.query("UPDATE admin_center.activity_mirror SET seen_until = now() - interval '1 day'");
  const holder = await database.pool.connect();
  try {
    // Both have read what is to be mirrored before either of them writes.
    await holder.query('BEGIN; LOCK TABLE admin_center.event IN SHARE MODE');
    const running = [mirror.run(), mirror.run()];
    await eventually(async () => (await database.pool.query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")).rowCount, (waiting) => waiting === 2);
    await holder.query('COMMIT');
    await Promise.all(running);
  } finally {
    holder.release();
  }
  expect(await names(user.id)).toEqual(['Session Started', 'Session Used']);
});
