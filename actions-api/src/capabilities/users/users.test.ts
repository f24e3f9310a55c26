// Users: what the list finds, what each role sees, and when a suspension or reactivation is refused.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { users } from '@admin-center/contracts/users';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { describeEndpoints } from '../../../test/describe-endpoints.ts';

const reason = 'Repeated abuse of the API.';
const suspended = (api: TestApi) => api.db.make.user({ suspendedAt: new Date() });

describeEndpoints(users, {
  list: async () => ({ query: { q: 'acme' } }),
  get: async (api) => ({ params: { userId: (await api.db.make.user()).id } }),
  suspendPreview: async (api) => ({ params: { userId: (await api.db.make.user()).id } }),
  suspend: async (api) => ({ params: { userId: (await api.db.make.user()).id }, body: { reason } }),
  reactivatePreview: async (api) => ({ params: { userId: (await suspended(api)).id } }),
  reactivate: async (api) => ({ params: { userId: (await suspended(api)).id }, body: { reason } }),
});

let api: TestApi;
let ada: Client;
let sam: Client;
let fin: Client;
const ids: Record<string, string> = {};

beforeAll(async () => {
  api = await startTestApi();
  const { make } = api.db;
  ids['ada'] = (await make.admin({ email: 'ada@acme.example', role: 'super_admin' })).id;
  ids['sam'] = (await make.admin({ email: 'sam@acme.example', role: 'support_admin' })).id;
  ids['fin'] = (await make.admin({ email: 'fin@acme.example', role: 'finance_admin' })).id;
  [ada, sam, fin] = ['ada', 'sam', 'fin'].map((name) => api.as({ email: `${name}@acme.example` })) as [Client, Client, Client];
});
afterAll(() => api.close());

const items = (body: unknown): { id: string; email: string }[] => (body as { items: { id: string; email: string }[] }).items;
const refresh = () => api.db.pool.query('SELECT admin_center.refresh_user_directory(true), admin_center.refresh_recurring_revenue(true)');

describe('the list', () => {
  beforeAll(async () => {
    const { make } = api.db;
    for (let day = 1; day <= 9; day++) {
      const { id } = await make.user({ email: `wanda.${day}@widgets.example`, name: day % 2 === 0 ? 'Wanda Even' : 'Wanda 100%_odd', createdAt: new Date(`2026-01-0${day}T12:00:00.000Z`) });
      ids[`wanda${day}`] = id;
      if (day <= 3) {
        await make.subscription(id, { tier: 'enterprise' });
        await make.session(id, { createdAt: new Date(`2026-02-0${day}T00:00:00Z`), lastActivityAt: new Date(`2026-02-0${day}T01:00:00Z`) });
      }
    }
    await refresh();
  });
  const search = async (query: Record<string, string>) => (await ada.get('/api/v1/users', query)).body as { items: { email: string; tier: string }[]; nextCursor: string | null; total: number; totalIsExact: boolean };

  test('finds by parts of e-mail and name, every word counting, in any case', async () => {
    expect((await search({ q: 'WIDGETS even' })).items.map(({ email }) => email).sort()).toEqual([2, 4, 6, 8].map((day) => `wanda.${day}@widgets.example`));
    expect(await search({ q: 'wanda' })).toMatchObject({ total: 9, totalIsExact: true });
  });

  test('takes wildcards of LIKE for what they are', async () => {
    expect((await search({ q: '100%_o' })).total).toBe(5);
    expect((await search({ q: '100_%o' })).total).toBe(0);
    expect((await search({ q: '\\' })).total).toBe(0);
  });

  test('filters by tier, state, dates of sign-up and of last use; from inclusive, to exclusive', async () => {
    expect((await search({ q: 'wanda', tier: 'enterprise' })).total).toBe(3);
    expect((await search({ q: 'wanda', state: 'suspended' })).total).toBe(0);
    expect((await search({ q: 'wanda', createdFrom: '2026-01-02T12:00:00Z', createdTo: '2026-01-04T12:00:00Z' })).total).toBe(2);
    expect((await search({ q: 'wanda', seenFrom: '2026-02-02T00:00:00Z', seenTo: '2026-02-03T00:00:00+00:00' })).total).toBe(1);
  });

  test.each([
    ['createdAt', 'desc'], ['createdAt', 'asc'], ['email', 'asc'], ['email', 'desc'], ['lastSeenAt', 'desc'], ['lastSeenAt', 'asc'],
  ])('pages by %s %s without losing or repeating anybody', async (sort, order) => {
    const whole = (await search({ q: 'wanda', sort, order, limit: '100' })).items.map(({ email }) => email);
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Awaited<ReturnType<typeof search>> = await search({ q: 'wanda', sort, order, limit: '2', ...(cursor === '' ? {} : { cursor }) });
      paged.push(...page.items.map(({ email }) => email));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(whole);
    expect(new Set(paged).size).toBe(9);
    const seen = whole.filter((email) => /\.[123]@/.test(email));
    if (sort === 'lastSeenAt') {
      expect(order === 'desc' ? whole.slice(0, 3) : whole.slice(-3)).toEqual(seen);
    }
  });

  test('refuses a cursor of another order, and one that is none', async () => {
    const { nextCursor } = await search({ q: 'wanda', limit: '2', sort: 'email' });
    for (const cursor of [nextCursor as string, 'nonsense', Buffer.from('["users:createdAt:desc",{"at":"2026-01-01\'; DROP","id":"x"}]').toString('base64url')]) {
      expect(await ada.get('/api/v1/users', { sort: 'createdAt', cursor })).toMatchObject({ status: 400, body: { code: 'cursor_invalid' } });
    }
  });

  test('finds a whole id or address at once, before the directory knows the user, and still filters', async () => {
    const { id, email } = await api.db.make.user({ email: 'Just.Now@acme.example' });
    expect(items(await ada.get('/api/v1/users', { q: id }).then(({ body }) => body))).toMatchObject([{ id }]);
    expect(await search({ q: email })).toMatchObject({ items: [{ id }], total: 1, nextCursor: null });
    expect((await search({ q: email, state: 'suspended' })).total).toBe(0);
    expect((await search({ q: '00000000-0000-0000-0000-000000000000' })).total).toBe(0);
  });

  test('says what is wrong with each field', async () => {
    expect(await ada.get('/api/v1/users', { tier: 'gold', limit: '1000' })).toMatchObject({
      status: 400,
      body: { errors: expect.arrayContaining([expect.objectContaining({ path: 'query.tier' }), expect.objectContaining({ path: 'query.limit' })]) },
    });
  });

  test('shows what a user pays a month', async () => {
    const { id } = await api.db.make.user({ email: 'payer@acme.example' });
    const subscription = await api.db.make.subscription(id, { createdAt: new Date(Date.now() - 86_400_000) });
    await api.db.make.payment(id, { subscriptionId: subscription.id, amount: '9.99', createdAt: new Date(Date.now() - 86_400_000) });
    await refresh();
    expect(await search({ q: 'payer@acme.example' })).toMatchObject({ items: [{ tier: 'premium', mrr: [{ currency: 'USD', amountMinor: 999 }] }] });
  });
});

describe('one user', () => {
  test('is shown whole to who may see all of it, and in part to others', async () => {
    const { make } = api.db;
    const { id } = await make.user({ email: 'whole@acme.example', locale: 'de' });
    const session = await make.session(id, { ip: '198.51.100.9', userAgent: 'Firefox' });
    const subscription = await make.subscription(id);
    const payment = await make.payment(id, { subscriptionId: subscription.id, amount: '9.99', status: 'partially_refunded' });
    await make.refund(payment.id, { amount: '4.00' });
    await make.refund(payment.id, { amount: '1.00', status: 'pending' });
    await ada.post(`/api/v1/users/${id}/suspend`, { reason });

    const seen = await ada.get(`/api/v1/users/${id}`);
    expect(seen).toMatchObject({
      status: 200,
      body: {
        email: 'whole@acme.example', locale: 'de', state: 'suspended', suspensionReason: reason, isAdmin: false, emailVerified: true,
        sessions: [{ id: session.id, live: false, ip: '198.51.100.9', userAgent: 'Firefox' }],
        subscriptions: [{ id: subscription.id, tier: 'premium', status: 'active' }],
        payments: [{ id: payment.id, amountMinor: 999, refundedMinor: 400, currency: 'USD', method: 'card ···4242' }],
        actions: [{ action: 'users.suspend', outcome: 'success', actor: 'ada@acme.example', reason }],
      },
    });
    expect((await sam.get(`/api/v1/users/${id}`)).body).toMatchObject({ payments: null, actions: [{ action: 'users.suspend' }] });
    expect(await ada.get('/api/v1/users/00000000-0000-4000-8000-000000000000')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

describe('suspending', () => {
  const live = async (id: string): Promise<number> => Number((await api.db.pool.query('SELECT count(*) FROM admin_center.session WHERE user_id = $1 AND live', [id])).rows[0].count);

  test('touches what its preview said: the sessions end, the rows stay, the directory and the host\'s own log know', async () => {
    const { id } = await api.db.make.user();
    await api.db.make.session(id);
    await api.db.make.session(id);
    const { body: preview } = await sam.get(`/api/v1/users/${id}/suspend-preview`);
    expect(preview).toMatchObject({ users: 1, tiers: { free: 1 }, sessions: 2, warnings: [] });
    const answer = await sam.post(`/api/v1/users/${id}/suspend`, { reason, previewToken: (preview as { token: string }).token });
    expect(answer).toMatchObject({ status: 200, body: { user: { id, state: 'suspended' }, sessionsRevoked: 2, auditSequence: expect.any(Number) } });
    expect(await live(id)).toBe(0);
    expect((await api.db.pool.query('SELECT FROM public.user_sessions WHERE user_id = $1', [id])).rowCount).toBe(2);
    expect((await api.db.pool.query('SELECT state FROM admin_center.user_directory WHERE user_id = $1', [id])).rows).toEqual([{ state: 'suspended' }]);
    expect((await api.db.pool.query('SELECT actor_id, action, target_id, affected_user_id FROM admin_center.host_audit_entry WHERE affected_user_id = $1', [id])).rows).toEqual([
      { actor_id: ids['sam'], action: 'users.suspend', target_id: id, affected_user_id: id },
    ]);
    const { rows } = await api.db.pool.query('SELECT d.before, d.after, d.reason FROM admin_center.audit_detail d WHERE sequence = $1', [(answer.body as { auditSequence: number }).auditSequence]);
    expect(rows).toMatchObject([{ before: { state: 'active', liveSessions: 2 }, after: { state: 'suspended', liveSessions: 0, suspensionReason: reason }, reason }]);

    expect(await sam.post(`/api/v1/users/${id}/reactivate`, { reason })).toMatchObject({ status: 200, body: { user: { state: 'active' }, sessionsRevoked: 0 } });
    expect(await live(id)).toBe(0);
  });

  test('answers 409 with the new preview when the user has changed since, and does nothing', async () => {
    const { id } = await api.db.make.user();
    const { body: preview } = await sam.get(`/api/v1/users/${id}/suspend-preview`);
    await api.db.make.session(id);
    const answer = await sam.post(`/api/v1/users/${id}/suspend`, { reason, previewToken: (preview as { token: string }).token });
    expect(answer).toMatchObject({ status: 409, body: { code: 'preview_stale', preview: { sessions: 1 } } });
    expect(await live(id)).toBe(1);
    const { token } = (answer.body as { preview: { token: string } }).preview;
    expect(await sam.post(`/api/v1/users/${id}/suspend`, { reason, previewToken: token })).toMatchObject({ status: 200 });
  });

  const outcomes = async (id: string) =>
    (await api.db.pool.query('SELECT l.action, l.outcome, d.after FROM admin_center.audit_log l JOIN admin_center.audit_detail d USING (sequence) WHERE target_id = $1 ORDER BY sequence', [id])).rows;

  test('refuses yourself, and an admin unless you are a super admin; both are recorded as denied', async () => {
    expect(await sam.post(`/api/v1/users/${ids['sam']}/suspend`, { reason })).toMatchObject({ status: 403, body: { code: 'target_is_yourself' } });
    expect(await sam.post(`/api/v1/users/${ids['fin']}/suspend`, { reason })).toMatchObject({ status: 403, body: { code: 'target_is_admin' } });
    expect(await outcomes(ids['fin'] as string)).toEqual([{ action: 'users.suspend', outcome: 'denied', after: { error: 'target_is_admin' } }]);
    const other = await api.db.make.admin({ role: 'finance_admin' });
    expect(await ada.post(`/api/v1/users/${other.id}/suspend`, { reason })).toMatchObject({ status: 200 });
    // Otherwise a support admin could give a suspended admin their power back.
    expect(await sam.post(`/api/v1/users/${other.id}/reactivate`, { reason })).toMatchObject({ status: 403, body: { code: 'target_is_admin' } });
    expect(await ada.post(`/api/v1/users/${other.id}/reactivate`, { reason })).toMatchObject({ status: 200 });
  });

  test('refuses who is suspended already, deleted, or not there; each is recorded as failed', async () => {
    const { id } = await suspended(api);
    expect(await sam.post(`/api/v1/users/${id}/suspend`, { reason })).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
    expect(await outcomes(id)).toEqual([{ action: 'users.suspend', outcome: 'failed', after: { error: 'state_conflict' } }]);
    const gone = await api.db.make.user({ deletedAt: new Date() });
    expect(await sam.post(`/api/v1/users/${gone.id}/suspend`, { reason })).toMatchObject({ status: 409, body: { code: 'user_deleted' } });
    const never = '00000000-0000-4000-8000-000000000000';
    expect(await sam.post(`/api/v1/users/${never}/suspend`, { reason })).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await outcomes(never)).toHaveLength(1);
  });

  test('needs a reason of ten characters, and the permission', async () => {
    const { id } = await api.db.make.user();
    expect(await sam.post(`/api/v1/users/${id}/suspend`, { reason: '   short   ' })).toMatchObject({
      status: 422, body: { code: 'body_invalid', errors: [{ path: 'body.reason', message: 'Say why in at least 10 characters.' }] },
    });
    expect(await fin.post(`/api/v1/users/${id}/suspend`, { reason })).toMatchObject({ status: 403, body: { code: 'permission_missing' } });
    expect(await fin.get(`/api/v1/users/${id}`)).toMatchObject({ status: 200 });
  });

  test('by two admins at once happens once', async () => {
    const { id } = await api.db.make.user();
    const answers = await Promise.all([ada, sam, ada, sam].map((client) => client.post(`/api/v1/users/${id}/suspend`, { reason })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    expect((await outcomes(id)).map(({ outcome }: { outcome: string }) => outcome).sort()).toEqual(['failed', 'failed', 'failed', 'success']);
  });
});
