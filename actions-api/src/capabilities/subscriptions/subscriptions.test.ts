// Subscriptions: the lists behind the revenue numbers.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { subscriptions } from '@admin-center/contracts/subscriptions';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { describeEndpoints } from '../../../test/describe-endpoints.ts';

const range = { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };

describeEndpoints(subscriptions, {
  list: async () => ({ query: { state: 'active' } }),
  movements: async () => ({ query: range }),
});

const DAY = 86_400_000;
const ago = (days: number): Date => new Date(Date.now() - days * DAY);
let api: TestApi;
let fin: Client;
const ids: Record<string, string> = {};

beforeAll(async () => {
  api = await startTestApi();
  const { make } = api.db;
  await make.admin({ email: 'fin@acme.example', role: 'finance_admin' });
  await make.admin({ email: 'sam@acme.example', role: 'support_admin' });
  fin = api.as({ email: 'fin@acme.example' });
  for (const [name, tier, amounts] of [['grows', 'enterprise', ['9.99', '29.99']], ['stays', 'premium', ['9.99', '9.99']], ['odd', 'premium', ['9.99']]] as const) {
    const { id } = await make.user({ email: `${name}@acme.example` });
    const subscription = await make.subscription(id, { tier, createdAt: ago(40) });
    ids[name] = subscription.id;
    for (const [index, amount] of amounts.entries()) {
      await make.payment(id, { subscriptionId: subscription.id, amount, createdAt: ago(40 - index * 30), currency: name === 'odd' ? 'euros' : 'usd' });
    }
  }
  const { id } = await make.user({ email: 'tries@acme.example' });
  ids['tries'] = (await make.subscription(id, { status: 'trialing', createdAt: ago(3), trialEnd: new Date(Date.now() + 4 * DAY) })).id;
  await api.db.pool.query('SELECT admin_center.refresh_recurring_revenue()');
});
afterAll(() => api.close());

describe('the list', () => {
  test('shows what each brings a month, newest first; a trial brings nothing', async () => {
    const { body } = await fin.get('/api/v1/subscriptions');
    expect(body).toMatchObject({ nextCursor: null });
    const rows = (body as { items: { id: string }[] }).items;
    expect(rows[0]).toMatchObject({ id: ids['tries'], state: 'trialing', mrrMinor: 0, currency: null, email: 'tries@acme.example' });
    expect(rows.find(({ id }) => id === ids['grows'])).toMatchObject({ tier: 'enterprise', state: 'active', mrrMinor: 2_999, currency: 'USD' });
    // The host's currency is free text: what is no ISO code is told as "no currency", not refused.
    expect(rows.find(({ id }) => id === ids['odd'])).toMatchObject({ mrrMinor: 999, currency: 'XXX' });
  });

  test('follows a payment, a cancellation and time, as mrr_interval does', async () => {
    const { id } = await api.db.make.user({ email: 'moves@acme.example' });
    const { id: subscription } = await api.db.make.subscription(id, { createdAt: ago(20) });
    const brings = async (full = false): Promise<number> => {
      await api.db.pool.query('SELECT admin_center.refresh_recurring_revenue($1)', [full]);
      const { body } = await fin.get('/api/v1/subscriptions', { limit: '100' });
      const { rows } = await api.db.pool.query('SELECT coalesce(sum(amount_minor), 0)::int AS amount FROM admin_center.mrr_interval WHERE subscription_id = $1 AND started_at <= now() AND ended_at > now()', [subscription]);
      const shown = (body as { items: { id: string; mrrMinor: number }[] }).items.find((row) => row.id === subscription)?.mrrMinor ?? -1;
      expect(shown).toBe(rows[0].amount);
      return shown;
    };
    expect(await brings()).toBe(0);
    await api.db.make.payment(id, { subscriptionId: subscription, amount: '9.99', createdAt: new Date() });
    expect(await brings()).toBe(999);
    await api.db.pool.query("UPDATE public.subscriptions SET status = 'canceled', canceled_at = now() WHERE id = $1", [subscription]);
    expect(await brings()).toBe(0);
    // Written with an old date, as an import does: seen by the hourly reconciliation at the latest.
    const late = await api.db.make.subscription(id, { createdAt: ago(20) });
    await api.db.make.payment(id, { subscriptionId: late.id, amount: '29.99', createdAt: ago(10) });
    await api.db.pool.query('SELECT admin_center.refresh_recurring_revenue(true)');
    expect((await api.db.pool.query('SELECT amount_minor FROM admin_center.recurring_revenue WHERE user_id = $1', [id])).rows).toEqual([{ amount_minor: 2_999 }]);
    await api.db.pool.query("UPDATE admin_center.recurring_revenue SET ended_at = now() - interval '1 second' WHERE user_id = $1", [id]);
    expect((await fin.get('/api/v1/subscriptions', { limit: '100' }).then(({ body }) => (body as { items: { id: string; mrrMinor: number }[] }).items)).find((row) => row.id === late.id)?.mrrMinor).toBe(0);
    await api.db.pool.query('DELETE FROM public.users WHERE id = $1', [id]);
  });

  test('filters, and pages without losing or repeating', async () => {
    expect((await fin.get('/api/v1/subscriptions', { state: 'trialing', tier: 'premium' })).body).toMatchObject({ items: [{ id: ids['tries'] }] });
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await fin.get('/api/v1/subscriptions', { limit: '1', ...(cursor === '' ? {} : { cursor }) });
      const page = body as { items: { id: string }[]; nextCursor: string | null };
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen.toSorted()).toEqual(Object.values(ids).toSorted());
  });

  test('is not for support', async () => {
    expect(await api.as({ email: 'sam@acme.example' }).get('/api/v1/subscriptions')).toMatchObject({ status: 403, body: { code: 'permission_missing' } });
  });
});

describe('movements', () => {
  test('say who made revenue move, by component and within the range, never what is still to come', async () => {
    const recent = { from: ago(11).toISOString(), to: new Date(Date.now() + 400 * DAY).toISOString() };
    expect((await fin.get('/api/v1/subscriptions/movements', recent)).body).toMatchObject({
      items: [{ email: 'grows@acme.example', component: 'expansion', currency: 'USD', fromMinor: 999, toMinor: 2_999, tier: 'enterprise' }],
    });
    expect((await fin.get('/api/v1/subscriptions/movements', { ...recent, component: 'churn' })).body).toEqual({ items: [], nextCursor: null });
  });

  test('page without losing or repeating', async () => {
    const all = { from: ago(100).toISOString(), to: new Date().toISOString() };
    const whole = ((await fin.get('/api/v1/subscriptions/movements', all)).body as { items: unknown[] }).items;
    const paged: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await fin.get('/api/v1/subscriptions/movements', { ...all, limit: '1', ...(cursor === '' ? {} : { cursor }) });
      const page = body as { items: unknown[]; nextCursor: string | null };
      paged.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(whole.length).toBeGreaterThanOrEqual(4);
    expect(paged).toEqual(whole);
  });
});
