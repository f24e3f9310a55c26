// Subscriptions, what they entitle to, payments and refunds, with the host's habits that mislead.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../src/testing.ts';
import type { SubscriptionOptions } from './factories.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const day = (number: number): Date => new Date(Date.UTC(2026, 0, number));

describe('entitlement', () => {
  async function entitled(subscriptions: readonly SubscriptionOptions[]): Promise<{ tier: string; status: string | null; newest: boolean }> {
    const { id } = await database.make.user();
    let newest: string | null = null;
    for (const options of subscriptions) {
      newest = (await database.make.subscription(id, options)).id;
    }
    const { rows } = await database.pool.query<{ tier: string; status: string | null; subscription_id: string | null }>('SELECT * FROM entitlement WHERE user_id = $1', [id]);
    expect(rows).toHaveLength(1);
    const [row] = rows as [(typeof rows)[number]];
    return { tier: row.tier, status: row.status, newest: row.subscription_id === newest };
  }

  test.each<[string, SubscriptionOptions[], string, string | null]>([
    ['no subscription', [], 'free', null],
    ['an ended one', [{ status: 'canceled' }], 'free', null],
    ['one never paid', [{ status: 'incomplete' }], 'free', null],
    ['a trial', [{ status: 'trialing', tier: 'enterprise' }], 'enterprise', 'trialing'],
    ['one in dunning', [{ status: 'past_due' }], 'premium', 'past_due'],
    ['an active one before a newer trial', [{ status: 'active', createdAt: day(1) }, { status: 'trialing', tier: 'enterprise', createdAt: day(2) }], 'premium', 'active'],
    ['a trial before a newer one in dunning', [{ status: 'trialing', createdAt: day(1) }, { status: 'past_due', tier: 'enterprise', createdAt: day(2) }], 'premium', 'trialing'],
    ['the newest of several active ones', [{ tier: 'enterprise', createdAt: day(1) }, { tier: 'premium', createdAt: day(3) }], 'premium', 'active'],
    ['a tier granted by hand', [{ tier: 'enterprise', stripeId: null, periodStart: null, periodEnd: null }], 'enterprise', 'active'],
    ['a row that says free', [{ tier: 'free' }], 'free', 'active'],
  ])('%s', async (_, subscriptions, tier, status) => {
    expect(await entitled(subscriptions)).toMatchObject({ tier, status });
  });

  test('of two made at the same instant always the same one wins', async () => {
    const { id } = await database.make.user();
    await database.make.subscription(id, { tier: 'premium', createdAt: day(1) });
    await database.make.subscription(id, { tier: 'enterprise', createdAt: day(1) });
    const read = async () => (await database.pool.query('SELECT subscription_id FROM entitlement WHERE user_id = $1', [id])).rows;
    const first = await read();
    expect(first).toHaveLength(1);
    await database.pool.query('UPDATE public.subscriptions SET metadata = NULL WHERE user_id = $1', [id]);
    expect(await read()).toEqual(first);
  });
});

test('each user has exactly one entitlement', async () => {
  const { rows } = await database.pool.query('SELECT (SELECT count(*) FROM public.users) AS users, (SELECT count(*) FROM entitlement) AS rows, (SELECT count(DISTINCT user_id) FROM entitlement) AS distinct');
  const [{ users, rows: entitlements, distinct }] = rows as [{ users: number; rows: number; distinct: number }];
  expect(users).toBeGreaterThan(5);
  expect([entitlements, distinct]).toEqual([users, users]);
});

test('a subscription says whether it was granted by hand', async () => {
  const { id } = await database.make.user();
  const paid = await database.make.subscription(id);
  const granted = await database.make.subscription(id, { stripeId: null });
  const { rows } = await database.pool.query('SELECT subscription_id, granted_by_hand, cancel_at_period_end FROM subscription WHERE user_id = $1 ORDER BY granted_by_hand', [id]);
  expect(rows).toEqual([
    { subscription_id: paid.id, granted_by_hand: false, cancel_at_period_end: false },
    { subscription_id: granted.id, granted_by_hand: true, cancel_at_period_end: false },
  ]);
});

describe('money', () => {
  test('amounts are whole hundredths, currencies upper case', async () => {
    const { id } = await database.make.user();
    await database.make.payment(id, { amount: '29.99', currency: 'usd' });
    await database.make.payment(id, { amount: '0.29', currency: ' eur ' });
    await database.make.payment(id, { amount: '99999999.99', currency: 'GBP' });
    const { rows } = await database.pool.query('SELECT amount_minor, currency FROM payment WHERE user_id = $1 ORDER BY amount_minor', [id]);
    expect(rows).toEqual([
      { amount_minor: 29, currency: 'EUR' },
      { amount_minor: 2999, currency: 'USD' },
      { amount_minor: 9_999_999_999, currency: 'GBP' },
    ]);
  });

  test('a refunded sale stays a sale: sales less refunds is what is left', async () => {
    const { id } = await database.make.user();
    const refunded = await database.make.payment(id, { amount: '9.99', status: 'refunded' });
    const partly = await database.make.payment(id, { amount: '29.99', status: 'partially_refunded' });
    await database.make.payment(id, { amount: '9.99', status: 'failed', failureCode: 'card_declined' });
    await database.make.refund(refunded.id, { amount: '9.99', currency: 'usd' });
    await database.make.refund(partly.id, { amount: '5.00' });
    await database.make.refund(partly.id, { amount: '2.50' });
    await database.make.refund(partly.id, { amount: '1.00', status: 'failed' });
    const { rows } = await database.pool.query(
      `SELECT
         (SELECT sum(amount_minor)::bigint FROM payment WHERE user_id = $1 AND status IN ('succeeded', 'refunded', 'partially_refunded', 'disputed')) AS sales,
         (SELECT sum(amount_minor)::bigint FROM refund WHERE user_id = $1 AND status = 'succeeded' AND currency = 'USD') AS refunds`,
      [id],
    );
    expect(rows).toEqual([{ sales: 3998, refunds: 1749 }]);
  });

  test('a payment carries what a person asks about it, a refund whose it was', async () => {
    const { id } = await database.make.user();
    const subscription = await database.make.subscription(id);
    const payment = await database.make.payment(id, { subscriptionId: subscription.id, status: 'failed', failureCode: 'insufficient_funds', createdAt: day(9) });
    const { rows } = await database.pool.query('SELECT subscription_id, failure_code, payment_method_type, payment_method_last4, created_at FROM payment WHERE payment_id = $1', [payment.id]);
    expect(rows).toEqual([{ subscription_id: subscription.id, failure_code: 'insufficient_funds', payment_method_type: 'card', payment_method_last4: '4242', created_at: day(9) }]);
    const refund = await database.make.refund(payment.id, { reason: 'duplicate', status: 'pending' });
    expect((await database.pool.query('SELECT user_id, payment_id, reason, status FROM refund WHERE refund_id = $1', [refund.id])).rows).toEqual([
      { user_id: id, payment_id: payment.id, reason: 'duplicate', status: 'pending' },
    ]);
  });
});
