// Impersonation from the admin's side and the hand-over to a host: who may, how often, how long, and what is recorded.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { impersonation } from '@admin-center/contracts/impersonation';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { describeEndpoints } from '../../../test/describe-endpoints.ts';
import { ask, asked, callHost, type ExchangedBody, REASON, type RequestedBody, startImpersonation } from '../../../test/impersonation.ts';
import { makeTestKey } from '../../../test/keys.ts';

/** Sessions of another admin, so that each sample finds one that is open. */
async function sampleSession(api: TestApi, state: 'requested' | 'active', adminId?: string): Promise<string> {
  const admin = adminId ?? (await api.db.make.admin({})).id;
  const { id: userId } = await api.db.make.user();
  await api.db.pool.query("UPDATE admin_center.impersonation_session SET state = 'ended', ended_at = now(), end_cause = 'ended_by_admin' WHERE admin_id = $1 AND ended_at IS NULL", [admin]);
  const { rows } = await api.db.pool.query<{ id: string }>(
    `INSERT INTO admin_center.impersonation_session (state, admin_id, admin_subject, admin_email, admin_role, user_id, scope, minutes, reason, reason_class, code_hash, code_expires_at, started_at, ends_at, hard_ends_at)
     SELECT $1, $2, 'user:1', 'super@acme.example', 'super_admin', $3, 'read', 20, $4, 'other', sha256(gen_random_uuid()::text::bytea), now() + interval '10 minutes', at, at + interval '20 minutes', at + interval '60 minutes'
     FROM (SELECT CASE WHEN $1 = 'active' THEN now() END AS at) started RETURNING id`,
    [state, admin, userId, REASON],
  );
  return (rows[0] as { id: string }).id;
}
const superAdmin = async (api: TestApi): Promise<string> => (await api.db.pool.query("SELECT id FROM public.users WHERE email = 'super@acme.example'")).rows[0].id as string;

/** Each sample is about another tier than the one before. */
let tiers: [string, string] = ['premium', 'enterprise'];

describeEndpoints(impersonation, {
  preview: async (api) => ({ query: { userId: (await api.db.make.user()).id } }),
  request: async (api) => {
    await sampleSession(api, 'requested', await superAdmin(api));
    return { body: asked((await api.db.make.user()).id) };
  },
  active: async () => ({}),
  list: async () => ({ query: { admin: 'super' } }),
  get: async (api) => ({ params: { sessionId: await sampleSession(api, 'active') } }),
  report: async (api) => ({ params: { sessionId: await sampleSession(api, 'active') } }),
  extend: async (api) => ({ params: { sessionId: await sampleSession(api, 'active', await superAdmin(api)) }, body: { reason: REASON } }),
  end: async (api) => ({ params: { sessionId: await sampleSession(api, 'active') }, body: { reason: REASON } }),
  actions: async () => ({}),
  consentRules: async () => ({}),
  setConsentRule: async () => ({ params: { tier: (tiers = [tiers[1], tiers[0]])[0] }, body: { needed: true, reason: REASON } }),
});

let api: TestApi;
let ada: Client;
let sam: Client;
let key: string;
const ids: Record<string, string> = {};

beforeAll(async () => {
  api = await startTestApi({ env: { HOST_HANDOFF_URL: 'https://host.example/impersonate?from=admin-center' } });
  ids['ada'] = (await api.db.make.admin({ email: 'ada@acme.example', role: 'super_admin' })).id;
  ids['sam'] = (await api.db.make.admin({ email: 'sam@acme.example', role: 'support_admin' })).id;
  [ada, sam] = ['ada', 'sam'].map((name) => api.as({ email: `${name}@acme.example` })) as [Client, Client];
  key = (await makeTestKey(api)).secret;
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.db.pool.query("UPDATE admin_center.impersonation_session SET state = 'ended', ended_at = clock_timestamp(), end_cause = 'ended_by_admin' WHERE ended_at IS NULL");
});

const user = async (): Promise<string> => (await api.db.make.user()).id;
const exchange = (code: string, more: Readonly<Record<string, unknown>> = {}) => callHost(api, key, 'exchange', { code, ...more });
const row = async (id: string) => (await api.db.pool.query('SELECT * FROM admin_center.impersonation_session WHERE id = $1', [id])).rows[0] as Record<string, unknown>;
const entries = async (userId: string) =>
  (await api.db.pool.query("SELECT l.action, l.outcome, l.actor_role, l.actor_subject, d.reason, d.after FROM admin_center.audit_log l JOIN admin_center.audit_detail d USING (sequence) WHERE target_id = $1 ORDER BY sequence", [userId])).rows as Record<string, unknown>[];
const rewind = (id: string, minutes: number) =>
  api.db.pool.query("UPDATE admin_center.impersonation_session SET started_at = started_at - $2 * interval '1 minute', ends_at = ends_at - $2 * interval '1 minute', hard_ends_at = hard_ends_at - $2 * interval '1 minute' WHERE id = $1", [id, minutes]);

describe('a request', () => {
  test('answers a code once, keeps only its hash, and is audited with reason and context', async () => {
    const userId = await user();
    const context = { url: '/d/errors?viewPanel=4', title: 'Errors', from: '2026-03-01T11:00:00Z', to: '2026-03-01T12:00:00Z' };
    const answer = await ask(sam, userId, { ticket: 'https://help.example/7', context, minutes: 15 });
    const { code, session, handOffUrl } = answer.body as RequestedBody;
    expect(answer).toMatchObject({ status: 200, body: { session: { state: 'requested', scope: 'read', reason: REASON, ticket: 'https://help.example/7', context, admin: { id: ids['sam'] }, user: { id: userId }, startedAt: null } } });
    expect(handOffUrl).toBe(`https://host.example/impersonate?from=admin-center&code=${code}`);
    expect(session.remainingSeconds).toBeGreaterThan(595);
    const { rows } = await api.db.pool.query("SELECT json_agg(s)::text || (SELECT coalesce(string_agg(response, ''), '') FROM admin_center.idempotency_key) AS kept FROM admin_center.impersonation_session s");
    expect(rows[0].kept).not.toContain(code);
    expect(await entries(userId)).toMatchObject([{ action: 'impersonation.request', outcome: 'success', actor_role: 'support_admin', reason: REASON, after: { session: session.id, context, ticket: 'https://help.example/7' } }]);
  });

  test.each([
    ['yourself', async () => ids['sam'] as string, 403, 'target_is_yourself'],
    ['an admin', async () => ids['ada'] as string, 403, 'target_is_admin'],
    ['an admin who is suspended', async () => (await api.db.make.admin({ suspendedAt: new Date() })).id, 403, 'target_is_admin'],
    ['who is suspended', async () => (await api.db.make.user({ suspendedAt: new Date() })).id, 409, 'user_suspended'],
    ['who was deleted', async () => (await api.db.make.user({ deletedAt: new Date() })).id, 409, 'user_deleted'],
    ['who does not exist', async () => '00000000-0000-4000-8000-000000000000', 404, 'not_found'],
  ])('to impersonate %s is refused, recorded and leaves no session', async (_, target, status, code) => {
    const userId = await target();
    expect(await ask(sam, userId)).toMatchObject({ status, body: { code } });
    expect((await api.db.pool.query('SELECT FROM admin_center.impersonation_session WHERE user_id = $1', [userId])).rowCount).toBe(0);
    expect(await entries(userId)).toMatchObject([{ action: 'impersonation.request', outcome: status === 403 ? 'denied' : 'failed', after: { error: code } }]);
    if (status !== 404) {
      expect((await sam.get('/api/v1/impersonation/preview', { userId })).body).toMatchObject({ refusal: { code } });
    }
  });

  test.each([
    ['a link that is a script', { context: { url: 'javascript:alert(1)', from: '2026-03-01T11:00:00Z', to: '2026-03-01T12:00:00Z' } }, 'body.context.url'],
    ['a time range that ends where it starts', { context: { url: '/d/errors', from: '2026-03-01T12:00:00Z', to: '2026-03-01T12:00:00Z' } }, 'body.context.to'],
    ['a time range that ends before it starts in another zone', { context: { url: '/d/errors', from: '2026-03-01T12:00:00Z', to: '2026-03-01T12:30:00+01:00' } }, 'body.context.to'],
    ['a time range of centuries', { context: { url: '/d/errors', from: '0001-01-01T00:00:00Z', to: '2026-03-01T12:00:00Z' } }, 'body.context.to'],
    ['a link to another host without a scheme', { context: { url: '//evil.example', from: '2026-03-01T11:00:00Z', to: '2026-03-01T12:00:00Z' } }, 'body.context.url'],
    ['a ticket that is a script', { ticket: 'javascript:alert(1)' }, 'body.ticket'],
    ['more than 30 minutes', { minutes: 31 }, 'body.minutes'],
    ['no class of reason', { reasonClass: 'fun' }, 'body.reasonClass'],
  ])('with %s is refused', async (_, more, path) => {
    expect(await ask(sam, await user(), more)).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  });

  test('must be of what was previewed', async () => {
    const userId = await user();
    const { body } = await sam.get('/api/v1/impersonation/preview', { userId });
    expect(body).toMatchObject({ users: 1, tiers: { free: 1 }, approval: 'not_needed', refusal: null, target: { id: userId, state: 'active' } });
    const { token: previewToken } = body as { token: string };
    expect(await ask(sam, userId, { previewToken, scope: 'write' })).toMatchObject({ status: 409, body: { code: 'preview_stale' } });
    await api.db.make.subscription(userId);
    expect(await ask(sam, userId, { previewToken })).toMatchObject({ status: 409, body: { code: 'preview_stale', preview: { tiers: { premium: 1 } } } });
  });

  test('for an enterprise customer needs another admin, once per session', async () => {
    const userId = await user();
    await api.db.make.subscription(userId, { tier: 'enterprise' });
    expect((await sam.get('/api/v1/impersonation/preview', { userId })).body).toMatchObject({ approval: 'needed' });
    const refused = await ask(sam, userId);
    expect(refused).toMatchObject({ status: 409, body: { code: 'approval_needed', ticket: expect.any(String) } });
    const approval = await sam.post('/api/v1/audit/approvals', { ticket: (refused.body as { ticket: string }).ticket, reason: REASON });
    expect(approval).toMatchObject({ status: 200 });
    const { rows } = await api.db.pool.query<{ id: string }>('SELECT id FROM admin_center.approval WHERE target_id = $1', [userId]);
    expect(await ada.post(`/api/v1/audit/approvals/${rows[0]?.id}/approve`, { reason: 'Agreed with the account manager.' })).toMatchObject({ status: 200 });
    const first = await ask(sam, userId);
    expect(first).toMatchObject({ status: 200 });
    expect(await ask(sam, userId)).toMatchObject({ status: 409, body: { code: 'approval_needed' } });
  });

  test('takes back a code of the same admin that still waits, and is refused beside an active session', async () => {
    const [first, second] = [await user(), await user()];
    const { code, session } = (await ask(sam, first)).body as RequestedBody;
    const { code: next } = (await ask(sam, second)).body as RequestedBody;
    expect(await row(session.id)).toMatchObject({ state: 'ended', end_cause: 'superseded', started_at: null });
    expect(await exchange(code)).toMatchObject({ status: 400, body: { code: 'code_invalid' } });
    const { body } = await exchange(next);
    expect(await ask(sam, first)).toMatchObject({ status: 409, body: { code: 'session_active', sessionId: (body as ExchangedBody).session.id } });
    expect(await ask(ada, first)).toMatchObject({ status: 200 });
  });

  test('by one admin many times at once leaves one code', async () => {
    const users = await Promise.all(Array.from({ length: 6 }, user));
    const answers = await Promise.all(users.map((userId) => ask(sam, userId)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await api.db.pool.query("SELECT FROM admin_center.impersonation_session WHERE admin_id = $1 AND state = 'requested'", [ids['sam']])).rowCount).toBe(1);
  });
});

describe('a code', () => {
  test('is exchanged for a token that names user and admin, and verifies by the published key', async () => {
    const userId = await user();
    const { code } = (await ask(sam, userId, { minutes: 15 })).body as RequestedBody;
    const { status, body } = await exchange(code);
    const { token, session } = body as ExchangedBody;
    expect(status).toBe(200);
    const jwks = (await (await fetch(`${api.baseUrl}/sdk/v1/jwks`)).json()) as JSONWebKeySet;
    expect(JSON.stringify(jwks)).not.toContain('"d"');
    const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), { issuer: 'urn:admin-center', audience: 'default' });
    expect(payload).toMatchObject({ sub: userId, act: { sub: ids['sam'] }, sid: session.id, scope: 'read' });
    expect((payload.exp as number) - (payload.iat as number)).toBe(3_600);
    expect(Date.parse(session.endsAt) - Date.parse(session.startedAt)).toBe(15 * 60_000);
    expect(session.banner).toContain('sam@acme.example');
    expect(await entries(userId)).toMatchObject([{ action: 'impersonation.request' }, { action: 'impersonation.start', actor_role: 'system', actor_subject: 'system:impersonation-exchange', reason: REASON, after: { admin: ids['sam'], user: userId, adminEmail: 'sam@acme.example' } }]);
  });

  test('that two hosts exchange at once is good for exactly one of them', async () => {
    const { code } = (await ask(sam, await user())).body as RequestedBody;
    const answers = await Promise.all(Array.from({ length: 10 }, () => exchange(code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 400)]);
  });

  test('that was used, has expired, or never was gets one and the same answer', async () => {
    const strip = ({ status, body }: Awaited<ReturnType<typeof exchange>>) => ({ status, body: { ...(body as object), requestId: null } });
    const used = (await ask(sam, await user())).body as RequestedBody;
    await exchange(used.code);
    await api.db.pool.query("UPDATE admin_center.impersonation_session SET state = 'ended', ended_at = clock_timestamp(), end_cause = 'ended_by_admin' WHERE id = $1", [used.session.id]);
    const expired = (await ask(sam, await user())).body as RequestedBody;
    await api.db.pool.query('UPDATE admin_center.impersonation_session SET code_expires_at = clock_timestamp() WHERE id = $1', [expired.session.id]);
    const answers = [await exchange(used.code), await exchange(expired.code), await exchange('imp_nobody-has-this')].map(strip);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 400, body: { code: 'code_invalid' } });
    expect(await row(expired.session.id)).toMatchObject({ state: 'expired', end_cause: 'code_unused' });
  });

  test('needs the key of a server', async () => {
    const { code } = (await ask(sam, await user())).body as RequestedBody;
    const client = await makeTestKey(api, 'client');
    expect(await callHost(api, client.secret, 'exchange', { code })).toMatchObject({ status: 403, body: { code: 'project_key_kind' } });
    expect(await callHost(api, 'acp_test_none', 'exchange', { code })).toMatchObject({ status: 401 });
    expect(await exchange(code, { nonsense: 1 })).toMatchObject({ status: 422 });
    expect(await exchange(code)).toMatchObject({ status: 200 });
  });
});

describe('a session', () => {
  test('is extended once, by its own admin, for a new reason, and to 60 minutes in total', async () => {
    const { session } = await startImpersonation(api, sam, key, await user());
    const extend = (client: Client) => client.post(`/api/v1/impersonation/sessions/${session.id}/extend`, { reason: 'The customer is still on the phone.', minutes: 30 });
    expect(await ada.post(`/api/v1/impersonation/sessions/${session.id}/extend`, { reason: 'Because I can do it.' })).toMatchObject({ status: 403, body: { code: 'not_your_session' } });
    expect(await extend(sam)).toMatchObject({ status: 200, body: { session: { extended: true, extensionReason: 'The customer is still on the phone.', endsAt: session.hardEndsAt } } });
    expect(await extend(sam)).toMatchObject({ status: 409, body: { code: 'session_extended' } });
    expect(Date.parse(session.hardEndsAt) - Date.parse(session.startedAt)).toBe(3_600_000);
  });

  test('whose time is over is neither extended nor live, even before anybody has ended it', async () => {
    const { session } = await startImpersonation(api, sam, key, await user(), { minutes: 1 });
    await rewind(session.id, 1);
    expect(await sam.post(`/api/v1/impersonation/sessions/${session.id}/extend`, { reason: 'A moment too late for it.' })).toMatchObject({ status: 409, body: { code: 'session_not_active' } });
    expect((await callHost(api, key, 'check', { sessionId: session.id })).body).toEqual({ live: false, endsAt: null });
  });

  test('is ended by any admin, once, and what was recorded in it is tied to the chain', async () => {
    const userId = await user();
    const { session } = await startImpersonation(api, sam, key, userId);
    const end = () => ada.post(`/api/v1/impersonation/sessions/${session.id}/end`, { reason: 'The question is answered.' });
    const answers = await Promise.all([end(), end()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await row(session.id)).toMatchObject({ state: 'ended', end_cause: 'ended_by_admin' });
    const ended = (await entries(userId)).find(({ action, outcome }) => action === 'impersonation.end' && outcome === 'success');
    expect(ended).toMatchObject({ reason: 'The question is answered.', after: { requests: 0, blocked: 0, digest: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    await expect(api.db.pool.query('UPDATE admin_center.impersonation_session SET reason = $2 WHERE id = $1', [session.id, 'Another reason'])).rejects.toThrow('append-only');
  });

  test('is ended by the host: itself, or all of a user whose password was reset', async () => {
    const userId = await user();
    const one = await startImpersonation(api, sam, key, userId);
    const other = await startImpersonation(api, ada, key, userId);
    expect((await callHost(api, key, 'end', { sessionId: one.session.id })).body).toEqual({ ended: 1 });
    expect(await row(one.session.id)).toMatchObject({ state: 'ended', end_cause: 'ended_at_host' });
    expect((await callHost(api, key, 'end', { userId, cause: 'password_reset' })).body).toEqual({ ended: 1 });
    expect(await row(other.session.id)).toMatchObject({ state: 'revoked', end_cause: 'password_reset' });
    expect((await callHost(api, key, 'end', { userId, cause: 'boredom' })).status).toBe(422);
  });

  test('counts down in the list of the open ones and is found in the history', async () => {
    const userId = await user();
    const { session } = await startImpersonation(api, sam, key, userId, { reasonClass: 'bug_investigation' });
    const active = ((await ada.get('/api/v1/impersonation/active')).body as { items: { id: string; remainingSeconds: number }[] }).items;
    expect(active.map(({ id }) => id)).toEqual([session.id]);
    expect(active[0]?.remainingSeconds).toBeGreaterThan(1_790);
    const find = async (query: Record<string, string>) => ((await ada.get('/api/v1/impersonation/sessions', query)).body as { items: { id: string }[] }).items.map(({ id }) => id);
    expect(await find({ userId })).toEqual([session.id]);
    expect(await find({ userId, admin: 'SAM@', state: 'active', reasonClass: 'bug_investigation' })).toEqual([session.id]);
    expect(await find({ userId, state: 'expired' })).toEqual([]);
    expect(await find({ userId, admin: 'ada' })).toEqual([]);
    expect(await find({ userId, to: session.startedAt, from: '2020-01-01T00:00:00Z' })).toEqual([session.id]);
    expect((await ada.get(`/api/v1/impersonation/sessions/${session.id}`)).body).toMatchObject({ banner: expect.stringContaining('to look only') });
  });

  test('pages of the history lose and repeat nobody', async () => {
    const all = ((await ada.get('/api/v1/impersonation/sessions', { limit: '100' })).body as { items: { id: string }[] }).items.map(({ id }) => id);
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { items, nextCursor }: { items: { id: string }[]; nextCursor: string | null } = (await ada.get('/api/v1/impersonation/sessions', { limit: '3', ...(cursor === '' ? {} : { cursor }) })).body as never;
      paged.push(...items.map(({ id }) => id));
      cursor = nextCursor;
    }
    expect(paged).toEqual(all);
    expect(all.length).toBeGreaterThan(6);
  });
});
