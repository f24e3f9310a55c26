// Erasing what a user did, over HTTP: every number goes down by exactly that, nothing more comes in, and who did it is on record.
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rollUpEverything } from '@admin-center/database/roll-up';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { sendEvents, track } from '../../../test/events.ts';
import { makeTestKey } from '../../../test/keys.ts';
import { personDigest } from '../../platform/events/ids.ts';

const REASON = 'Asked for by mail, ticket DSR-12';
const COUNTS = ['active_users_day', 'lifecycle_count', 'retention_count', 'session_count', 'frequency_count', 'event_count'] as const;
const NUMBER: Readonly<Record<string, string>> = { retention_count: 'active', session_count: 'sessions', event_count: 'events' };

let api: TestApi;
let ada: Client;
let key: string;
beforeAll(async () => {
  api = await startTestApi();
  await api.db.make.admin({ email: 'ada@acme.example' });
  await api.db.make.admin({ email: 'sam@acme.example', role: 'support_admin' });
  ada = api.as({ email: 'ada@acme.example' });
  key = (await makeTestKey(api)).secret;
});
afterAll(() => api.close());

const send = async (...batch: readonly unknown[]) => (await sendEvents(api.baseUrl, key, { batch })).body.results.map(({ result }) => result);
const path = (userId: string, what = 'erase') => `/api/v1/engagement/persons/${userId}/${what}`;
const erase = (userId: string, body: object = {}) => ada.post(path(userId), { reason: REASON, ...body });
const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const eventsIn = async (): Promise<number> => (await api.db.pool.query('SELECT count(*)::integer AS count FROM admin_center.event')).rows[0].count;
/** Every count there is, as text. */
async function numbers(): Promise<unknown[]> {
  await rollUpEverything(api.db.pool);
  return Promise.all(COUNTS.map(async (table) => (await api.db.pool.query(`SELECT row_to_json(t)::text AS row FROM admin_center.${table} t WHERE ${NUMBER[table] ?? 'users'} <> 0 ORDER BY 1`)).rows));
}

describe('the activity of a user', () => {
  let user: { readonly id: string; readonly subject: string | null };
  const visitor = randomUUID();
  let before: unknown[];
  beforeAll(async () => {
    user = await api.db.make.user();
    const other = await api.db.make.user();
    await send(track('Chat Sent', { userId: other.id, anonymousId: '', timestamp: ago(1) }), track('Looked Around'));
    before = await numbers();
    await send(track('Looked Around', { anonymousId: visitor, timestamp: ago(3) }));
    await send(track('Signed Up', { userId: user.id, anonymousId: visitor, timestamp: ago(2) }), track('Chat Sent', { userId: user.subject, anonymousId: '', timestamp: ago(1), properties: { feature: 'chat' } }));
  });

  test('is shown before it is erased, to super admins only', async () => {
    expect(await numbers()).not.toEqual(before);
    expect(await ada.get(path(user.id, 'erase-preview'))).toMatchObject({ status: 200, body: { users: 1, events: 3, days: 3, visitors: 1, erasedBefore: false, approval: 'not_needed', token: expect.any(String) } });
    const sam = api.as({ email: 'sam@acme.example' });
    expect(await sam.get(path(user.id, 'erase-preview'))).toMatchObject({ status: 403, body: { code: 'permission_missing' } });
    expect(await sam.post(path(user.id), { reason: REASON })).toMatchObject({ status: 403, body: { code: 'permission_missing' } });
    expect(await erase(user.id, { reason: 'no' })).toMatchObject({ status: 422 });
    expect(await eventsIn()).toBe(5);
  });

  test('goes with that of the visitor the user was, and every number is as if it had never been', async () => {
    // It is not counted yet and goes all the same.
    await send(track('Chat Sent', { userId: user.id, anonymousId: visitor }));
    const { body: preview } = await ada.get(path(user.id, 'erase-preview'));
    const answer = await ada.post(path(user.id), { reason: REASON, previewToken: (preview as { token: string }).token }, { key: 'erase-1-of-this-user' });
    expect(answer).toMatchObject({ status: 200, body: { events: 4, message: expect.stringContaining('Erased: 4 events') } });
    expect(await eventsIn()).toBe(2);
    expect(await numbers()).toEqual(before);
    expect((await api.db.pool.query('SELECT FROM admin_center.person_link WHERE user_id = $1', [user.id])).rowCount).toBe(0);
    expect(await ada.post(path(user.id), { reason: REASON, previewToken: (preview as { token: string }).token }, { key: 'erase-1-of-this-user' })).toMatchObject({ status: 200, body: answer.body as object });
  });

  test('is on record with the reason and how much it was, not with what', async () => {
    const { rows } = await api.db.pool.query("SELECT outcome, target_id, reason, before, after FROM admin_center.audit_log JOIN admin_center.audit_detail USING (sequence) JOIN admin_center.outbox ON audit_sequence = sequence WHERE action = 'engagement.erase' AND outcome = 'success'");
    expect(rows).toEqual([{ outcome: 'success', target_id: user.id, reason: REASON, before: { events: 4, days: expect.any(Number), visitors: 1 }, after: { events: 0, erased: 4 } }]);
  });

  test('is not stored again, by whichever id it comes', async () => {
    expect(await send(
      track('Chat Sent', { userId: user.id, anonymousId: '' }), track('Chat Sent', { userId: user.id.toUpperCase(), anonymousId: randomUUID() }), track('Chat Sent', { userId: user.subject }),
      track('Looked Around', { anonymousId: visitor }), track('Looked Around'),
    )).toEqual(['erased', 'erased', 'erased', 'erased', 'accepted']);
    expect(await eventsIn()).toBe(3);
    expect((await api.db.pool.query('SELECT FROM admin_center.person_link WHERE user_id = $1', [user.id])).rowCount).toBe(0);
  });

  test('nor when the host has deleted the account meanwhile', async () => {
    await api.db.pool.query('DELETE FROM public.users WHERE id = $1', [user.id]);
    expect(await send(track('Chat Sent', { userId: user.id }), track('Chat Sent', { userId: user.subject, anonymousId: '' }))).toEqual(['erased', 'erased']);
    expect(await eventsIn()).toBe(3);
  });

  test('may be erased again, and then there is nothing left', async () => {
    expect(await ada.get(path(user.id, 'erase-preview'))).toMatchObject({ body: { events: 0, days: 0, since: null, erasedBefore: true } });
    expect(await erase(user.id)).toMatchObject({ status: 200, body: { events: 0, message: expect.stringContaining('nothing left') } });
  });

  test('is remembered by digests that hold none of the ids', async () => {
    const { rows } = await api.db.pool.query("SELECT encode(digest, 'hex') AS digest FROM admin_center.erased_person");
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify(rows)).not.toContain(user.id.replaceAll('-', ''));
  });
});

test('what was sent of a user before the host had the account goes too', async () => {
  const subject = `auth0|${randomUUID()}`;
  await send(track('Signed Up', { userId: subject, anonymousId: '' }));
  const user = await api.db.make.user({ subject });
  expect(await ada.get(path(user.id, 'erase-preview'))).toMatchObject({ body: { events: 1, visitors: 0 } });
  expect(await erase(user.id)).toMatchObject({ status: 200, body: { events: 1 } });
  expect((await api.db.pool.query('SELECT FROM admin_center.event WHERE person_id = $1', [personDigest('default', subject)])).rowCount).toBe(0);
});

test('digests are keyed: nobody who has a list of ids finds out whose activity was erased', async () => {
  const user = await api.db.make.user();
  await erase(user.id);
  const { rows: [found] } = await api.db.pool.query(
    `SELECT count(*) FILTER (WHERE digest IN (sha256($1), sha256(sha256($1))))::integer AS plain,
       count(*) FILTER (WHERE digest = sha256(k.outer_pad || sha256(k.inner_pad || sha256($1))))::integer AS keyed
     FROM admin_center.erased_person CROSS JOIN admin_center.erasure_key k`, [Buffer.from(user.id)],
  );
  expect(found).toEqual({ plain: 0, keyed: 1 });
  const { rows: [pads] } = await api.db.pool.query<{ inner_pad: Buffer; outer_pad: Buffer }>('SELECT inner_pad, outer_pad FROM admin_center.erasure_key');
  const hmacKey = Buffer.from(pads?.inner_pad.subarray(0, 32).map((byte) => byte ^ 0x36) ?? []);
  const { rows: [digest] } = await api.db.pool.query<{ digest: Buffer }>('SELECT admin_center.erasure_digest($1) AS digest', [user.id.toUpperCase()]);
  // HMAC, as anybody else computes it.
  expect(digest?.digest.equals(createHmac('sha256', hmacKey).update(createHash('sha256').update(user.id).digest()).digest())).toBe(true);
});

test('without the key nothing is taken, since nobody would be recognised', async () => {
  const user = await api.db.make.user();
  await erase(user.id);
  await api.db.pool.query('CREATE TABLE kept_key AS SELECT * FROM admin_center.erasure_key; DELETE FROM admin_center.erasure_key');
  try {
    const answer = await sendEvents(api.baseUrl, key, { batch: [track('Chat Sent')] });
    expect(answer).toMatchObject({ status: 503, body: { code: 'erasure_key_missing' } });
    expect(answer.headers.get('retry-after')).toBe('60');
  } finally {
    await api.db.pool.query('INSERT INTO admin_center.erasure_key SELECT * FROM kept_key');
  }
});

test('what a restored backup brings back is erased again by what was remembered', async () => {
  const [user, other] = [await api.db.make.user(), await api.db.make.user()];
  const visitor = randomUUID();
  await send(track('Chat Sent', { userId: other.id, anonymousId: '' }));
  const before = await numbers();
  const life = [track('Looked Around', { anonymousId: visitor, timestamp: ago(3) }), track('Signed Up', { userId: user.id, anonymousId: visitor, timestamp: ago(2) })];
  await send(...life);
  const whole = await numbers();
  await api.db.pool.query('CREATE TABLE backup AS SELECT * FROM admin_center.event WHERE person_id = $1', [user.id]);
  await erase(user.id);
  // The backup: from before the erasure, and counted.
  const columns = 'at, received_at, message_id, person_id, known, source, type, name, feature, qualifies, tier, country, region, platform, device, os, browser, app_version, properties';
  await api.db.pool.query(`INSERT INTO admin_center.event (${columns}) SELECT ${columns} FROM backup`);
  expect(await numbers()).toEqual(whole);
  expect((await api.db.pool.query('SELECT admin_center.erase_restored_events()::integer AS gone')).rows).toEqual([{ gone: 2 }]);
  expect(await numbers()).toEqual(before);
  expect((await api.db.pool.query('SELECT admin_center.erase_restored_events()::integer AS gone')).rows).toEqual([{ gone: 0 }]);
});

test('what is sent while a user is erased is erased or refused, all of it', async () => {
  const user = await api.db.make.user();
  await send(track('Chat Sent', { userId: user.id, anonymousId: '' }));
  const some = () => send(...Array.from({ length: 10 }, () => track('Chat Sent', { userId: user.id })));
  const over = new AbortController();
  const senders = Array.from({ length: 8 }, async () => {
    const results = await some();
    while (!over.signal.aborted) {
      results.push(...(await some()));
    }
    return [...results, ...(await some())];
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await erase(user.id)).toMatchObject({ status: 200 });
  over.abort();
  for (const results of await Promise.all(senders)) {
    // Once refused, always refused.
    expect(results.join(' ')).toMatch(/^(accepted )+erased( erased)*$/);
  }
  expect((await api.db.pool.query('SELECT FROM admin_center.event WHERE person_id = $1', [user.id])).rowCount).toBe(0);
});

test('a writer that does not end is not waited for: nothing is erased, and later it is', async () => {
  const user = await api.db.make.user();
  await send(track('Chat Sent', { userId: user.id, anonymousId: '' }));
  const writer = await api.db.pool.connect();
  try {
    await writer.query('BEGIN; LOCK TABLE admin_center.event IN ROW EXCLUSIVE MODE');
    expect(await erase(user.id)).toMatchObject({ status: 503, body: { code: 'database_busy' } });
    expect(await ada.get(path(user.id, 'erase-preview'))).toMatchObject({ body: { events: 1, erasedBefore: false } });
  } finally {
    await writer.query('ROLLBACK');
    writer.release();
  }
  expect(await erase(user.id)).toMatchObject({ status: 200, body: { events: 1 } });
}, 30_000);

test('a preview that is no longer true is shown anew, and an id of nobody is not found', async () => {
  const user = await api.db.make.user();
  const { body: preview } = await ada.get(path(user.id, 'erase-preview'));
  await send(track('Chat Sent', { userId: user.id }));
  expect(await erase(user.id, { previewToken: (preview as { token: string }).token })).toMatchObject({ status: 409, body: { code: 'preview_stale', preview: { visitors: 1, events: 1 } } });
  expect(await erase(randomUUID())).toMatchObject({ status: 404 });
  expect(await ada.get(path(randomUUID(), 'erase-preview'))).toMatchObject({ status: 404 });
});
