// Erasing what a user did, over HTTP: every number goes down by exactly that, nothing more comes in, and who did it is on record.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rollUpEverything } from '@admin-center/database/roll-up';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { sendEvents, track } from '../../../test/events.ts';
import { makeTestKey } from '../../../test/keys.ts';

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
