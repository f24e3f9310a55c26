// Consent: a tier that is asked first, what its users say at the host, what ends when they take it back; and what they see
// of those who looked at their account.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { ask, callHost, REASON, type RequestedBody, startImpersonation } from '../../../test/impersonation.ts';
import { makeTestKey } from '../../../test/keys.ts';

let api: TestApi;
let ada: Client;
let sam: Client;
let key: string;
beforeAll(async () => {
  api = await startTestApi();
  await api.db.make.admin({ email: 'ada@acme.example', role: 'super_admin' });
  await api.db.make.admin({ email: 'sam@acme.example', role: 'support_admin' });
  [ada, sam] = ['ada', 'sam'].map((name) => api.as({ email: `${name}@acme.example` })) as [Client, Client];
  key = (await makeTestKey(api)).secret;
  await askPremium(true);
});
afterAll(() => api.close());
afterEach(async () => {
  await api.db.pool.query("UPDATE admin_center.impersonation_session SET state = 'ended', ended_at = clock_timestamp(), end_cause = 'ended_by_admin' WHERE ended_at IS NULL");
});

const askPremium = (needed: boolean) => ada.post('/api/v1/impersonation/consent/premium', { needed, reason: 'Our terms promise it to this tier.' });
const host = (path: string, body: unknown) => callHost(api, key, path, body);
async function premiumUser(): Promise<string> {
  const { id } = await api.db.make.user();
  await api.db.make.subscription(id);
  return id;
}
const entries = async (userId: string) =>
  (await api.db.pool.query("SELECT l.action, l.actor_subject FROM admin_center.audit_log l WHERE target_id = $1 AND action LIKE 'impersonation.%consent' ORDER BY sequence", [userId])).rows as unknown[];

describe('a tier that is asked first', () => {
  test('is chosen by a super admin, with a reason, and on record', async () => {
    expect(await sam.post('/api/v1/impersonation/consent/premium', { needed: false, reason: REASON })).toMatchObject({ status: 403 });
    expect(await ada.post('/api/v1/impersonation/consent/gold', { needed: false, reason: REASON })).toMatchObject({ status: 400 });
    const { body } = await sam.get('/api/v1/impersonation/consent');
    expect(body).toMatchObject({ items: [{ tier: 'free', needed: false, changedAt: null }, { tier: 'premium', needed: true, changedBy: 'ada@acme.example' }, { tier: 'enterprise', needed: false }] });
  });

  test('has no session without the consent of the user, whom the preview and the refusal name', async () => {
    const userId = await premiumUser();
    expect((await sam.get('/api/v1/impersonation/preview', { userId })).body).toMatchObject({ consent: { needed: true, until: null }, refusal: { code: 'consent_missing' } });
    expect(await ask(sam, userId)).toMatchObject({ status: 409, body: { code: 'consent_missing' } });
    expect((await api.db.pool.query('SELECT FROM admin_center.impersonation_session WHERE user_id = $1', [userId])).rowCount).toBe(0);
    const free = await api.db.make.user();
    expect(await ask(sam, free.id)).toMatchObject({ status: 200, body: { session: { consent: null } } });
  });

  test('has one with it, which says what the user agreed to', async () => {
    const userId = await premiumUser();
    expect(await host('consent', { userId })).toMatchObject({ status: 200, body: { needed: true, until: null } });
    const given = await host('consent', { userId, decision: 'give', hours: 2 });
    const { until } = given.body as { until: string };
    expect(Date.parse(until) - Date.now()).toBeGreaterThan(7_190_000);
    expect((await sam.get('/api/v1/impersonation/preview', { userId })).body).toMatchObject({ consent: { needed: true, until }, refusal: null });
    const { session } = await startImpersonation(api, sam, key, userId);
    expect((await sam.get(`/api/v1/impersonation/sessions/${session.id}`)).body).toMatchObject({ state: 'active', consent: { until, withdrawnAt: null } });
    expect(await host('check', { sessionId: session.id })).toMatchObject({ body: { live: true } });
    expect(await entries(userId)).toEqual([{ action: 'impersonation.consent', actor_subject: 'system:impersonation-host' }]);
  });
});

describe('a consent that is over', () => {
  test('taken back ends the session with the next request, and the code that waits is good for nothing', async () => {
    const [userId, other] = [await premiumUser(), await premiumUser()];
    await host('consent', { userId, decision: 'give' });
    await host('consent', { userId: other, decision: 'give' });
    const { session } = await startImpersonation(api, sam, key, userId);
    const waiting = (await ask(ada, other)).body as RequestedBody;
    expect(await host('consent', { userId, decision: 'withdraw' })).toMatchObject({ body: { until: null } });
    await host('consent', { userId: other, decision: 'withdraw' });
    expect(await host('check', { sessionId: session.id })).toMatchObject({ body: { live: false } });
    expect(await host('exchange', { code: waiting.code })).toMatchObject({ status: 400, body: { code: 'code_invalid' } });
    expect((await sam.get(`/api/v1/impersonation/sessions/${waiting.session.id}`)).body).toMatchObject({ state: 'refused', endCause: 'consent_over' });
    await host('consent', { userId, decision: 'withdraw' });
    expect(await entries(userId)).toHaveLength(2);
  });

  test('run out does the same; a new one given meanwhile keeps the session', async () => {
    const userId = await premiumUser();
    await host('consent', { userId, decision: 'give', hours: 1.4 / 3_600 });
    const { session } = await startImpersonation(api, sam, key, userId);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await host('check', { sessionId: session.id })).toMatchObject({ body: { live: false } });
    await host('consent', { userId, decision: 'give', hours: 1 });
    expect(await host('check', { sessionId: session.id })).toMatchObject({ body: { live: true } });
  });

  test('does not touch sessions that were asked for without one, and a given one is never rewritten', async () => {
    const free = await api.db.make.user();
    const { session } = await startImpersonation(api, sam, key, free.id);
    await host('consent', { userId: free.id, decision: 'give' });
    await host('consent', { userId: free.id, decision: 'withdraw' });
    expect(await host('check', { sessionId: session.id })).toMatchObject({ body: { live: true } });
    await expect(api.db.pool.query("UPDATE admin_center.impersonation_consent SET until = until + interval '1 minute'")).rejects.toThrow('append-only');
    await expect(api.db.pool.query('DELETE FROM admin_center.impersonation_consent')).rejects.toThrow('append-only');
  });

  test.each([
    ['longer than 30 days', { decision: 'give', hours: 721 }, 422],
    ['for no time', { decision: 'give', hours: 0 }, 422],
    ['and what else there is', { decision: 'perhaps' }, 422],
    ['of nobody', { userId: '00000000-0000-4000-8000-000000000000', decision: 'give' }, 404],
  ])('cannot be given %s', async (_, more, status) => {
    expect(await host('consent', { userId: await premiumUser(), ...more })).toMatchObject({ status });
  });
});

describe('the history of a user', () => {
  test('says who acted as them, when, why and what was done, newest first and theirs alone', async () => {
    const [user, other] = [await api.db.make.user(), await api.db.make.user()];
    const first = await startImpersonation(api, sam, key, user.id, { ticket: 'SUP-7' });
    await api.db.pool.query(
      `INSERT INTO admin_center.impersonation_request (session_id, admin_id, user_id, key_id, at, method, route, status, action_class, blocked)
       SELECT id, admin_id, user_id, 'key', now(), m, r, s, c, c IS NOT NULL FROM admin_center.impersonation_session, (VALUES ('GET', '/api/profile', 200, NULL), ('POST', '/api/password', 403, 'password')) AS made (m, r, s, c) WHERE id = $1`,
      [first.session.id],
    );
    await host('end', { sessionId: first.session.id });
    const second = await startImpersonation(api, ada, key, user.id);
    await ask(sam, user.id);

    const page = (await host('history', { userId: user.id, limit: 1 })).body as { items: unknown[]; nextCursor: string };
    expect(page.items).toMatchObject([{ id: second.session.id, admin: 'ada@acme.example', endedAt: null, requests: 0 }]);
    const rest = (await host('history', { userId: user.id, cursor: page.nextCursor })).body as { items: unknown[]; nextCursor: null };
    expect(rest.items).toMatchObject([{ id: first.session.id, admin: 'sam@acme.example', reason: REASON, reasonClass: 'support_request', ticket: 'SUP-7', scope: 'read', endCause: 'ended_at_host', requests: 2, blocked: 1 }]);
    expect(rest.nextCursor).toBeNull();
    expect((await host('history', { userId: user.id, sessionId: first.session.id })).body).toMatchObject({ items: [{ method: 'GET', route: '/api/profile', blocked: false }, { method: 'POST', route: '/api/password', blocked: true }] });

    expect((await host('history', { userId: other.id })).body).toEqual({ items: [], nextCursor: null });
    expect(await host('history', { userId: other.id, sessionId: first.session.id })).toMatchObject({ status: 404 });
    expect(await host('history', { userId: user.id, cursor: 'made-up' })).toMatchObject({ status: 400 });
    expect(await callHost(api, (await makeTestKey(api, 'client')).secret, 'history', { userId: user.id })).toMatchObject({ status: 403 });
  });
});
