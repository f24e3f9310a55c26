// Golden vectors worked out by hand for D6 to D8 and D11, and the traps of the host's billing tables. The instant asked
// for is 15 June 2024, 12:00; subscriptions are paid monthly unless a test says otherwise.
import { describe, expect, test } from '@jest/globals';
import { describeCollector } from '../../test/describe-collector.ts';
import { freshDatabase } from '../../test/fresh-database.ts';
import { nonZero, observe } from '../../test/observe.ts';
import { subscriptions } from './subscriptions.ts';

const DAY_MS = 86_400_000;
const NOON = new Date('2024-06-15T12:00:00Z');
const ago = (days: number): Date => new Date(NOON.getTime() - days * DAY_MS);

describeCollector(subscriptions, {
  fill: async ({ make }) => {
    const { id: userId } = await make.user({ createdAt: new Date(Date.now() - 200 * DAY_MS) });
    for (const days of [100, 70, 40, 10]) {
      const createdAt = new Date(Date.now() - days * DAY_MS);
      const trialEnd = new Date(createdAt.getTime() + 7 * DAY_MS);
      const { id: subscriptionId } = await make.subscription(userId, { createdAt, trialStart: createdAt, trialEnd });
      await make.payment(userId, { subscriptionId, createdAt: trialEnd });
    }
  },
});

const fresh = freshDatabase();
const scrape = () => observe(fresh.pool, subscriptions, NOON);

type Subscription = Parameters<typeof fresh.database.make.subscription>[1];
interface Paid {
  /** Days before NOON. */
  readonly daysAgo: number;
  readonly amount?: string;
  readonly currency?: string;
  readonly status?: 'succeeded' | 'refunded' | 'partially_refunded' | 'disputed' | 'failed' | 'pending';
}

/** A user with one subscription, made with its first payment, and its payments. */
async function subscriber(paid: readonly Paid[], options: Subscription = {}): Promise<{ userId: string; payments: string[] }> {
  const { make } = fresh.database;
  const createdAt = options.createdAt ?? ago(paid[0]?.daysAgo ?? 100);
  const { id: userId } = await make.user({ createdAt: ago(400) });
  const { id: subscriptionId } = await make.subscription(userId, { createdAt, ...options });
  const payments: string[] = [];
  for (const { daysAgo, ...payment } of paid) {
    payments.push((await make.payment(userId, { subscriptionId, createdAt: ago(daysAgo), ...payment })).id);
  }
  return { userId, payments };
}

const period = (days: number): Subscription => ({ periodStart: ago(days), periodEnd: NOON });

describe('recurring revenue (D8)', () => {
  test('is normalised to a month: a year over 12, a week times 52 over 12', async () => {
    await subscriber([{ daysAgo: 10, amount: '9.99' }]);
    await subscriber([{ daysAgo: 100, amount: '120.00' }], period(366)); // 120 / 12 = 10.00
    await subscriber([{ daysAgo: 3, amount: '2.50' }], period(7)); // 2.50 * 52 / 12 = 10.8333, in minor units 1083
    await subscriber([{ daysAgo: 20, amount: '45.00' }], period(91)); // a quarter: 45 / 3 = 15.00
    const scraped = await scrape();
    // 9.99 + 10.00 + 10.83 + 15.00
    expect(scraped.get('admincenter_mrr_amount{component="total",currency="USD"}')).toBe(45.82);
    expect(scraped.get('admincenter_arpu_amount{currency="USD"}')).toBeCloseTo(45.82 / 4, 12);
  });

  test('keeps past_due until 30 days of dunning are over, and leaves out what is granted, trialing or never paid', async () => {
    await subscriber([{ daysAgo: 50 }], { status: 'past_due' }); // paid until 20 days ago (a month of 30 days): within dunning
    await subscriber([{ daysAgo: 62 }], { status: 'past_due' }); // paid until 31 days ago: dunning is over
    await subscriber([], { stripeId: null, tier: 'enterprise' });
    await subscriber([{ daysAgo: 5, amount: '0.00' }], { status: 'trialing', trialStart: ago(5), trialEnd: ago(-9) });
    await subscriber([{ daysAgo: 5, status: 'failed' }, { daysAgo: 4, status: 'pending' }], { status: 'incomplete' });
    const scraped = await scrape();
    expect(nonZero(scraped, 'admincenter_mrr_by_tier_amount')).toEqual({ '{tier="premium",currency="USD"}': 9.99 });
    expect(nonZero(scraped, 'admincenter_paying_users')).toEqual({ '{tier="premium"}': 1 });
  });

  test('is kept per currency, upper case, with unknown ones as other', async () => {
    await subscriber([{ daysAgo: 10, currency: 'usd' }]);
    await subscriber([{ daysAgo: 10, currency: 'eur', amount: '8.00' }]);
    await subscriber([{ daysAgo: 10, currency: 'JPY', amount: '1500.00' }]);
    await subscriber([{ daysAgo: 10, currency: 'CHF', amount: '12.00' }]);
    const scraped = await scrape();
    expect(nonZero(scraped, 'admincenter_mrr_by_tier_amount')).toEqual({
      '{tier="premium",currency="USD"}': 9.99, '{tier="premium",currency="EUR"}': 8, '{tier="premium",currency="other"}': 1512,
    });
    expect(nonZero(scraped, 'admincenter_arpu_amount')).toEqual({ '{currency="USD"}': 9.99, '{currency="EUR"}': 8, '{currency="other"}': 756 });
    expect(nonZero(scraped, 'admincenter_paying_users')).toEqual({ '{tier="premium"}': 4 });
  });

  test('adds the active subscriptions of a user, who counts once, under the highest tier', async () => {
    const { userId } = await subscriber([{ daysAgo: 10 }]);
    const { id: subscriptionId } = await fresh.database.make.subscription(userId, { tier: 'enterprise', createdAt: ago(5) });
    await fresh.database.make.payment(userId, { subscriptionId, amount: '99.99', createdAt: ago(5) });
    const scraped = await scrape();
    expect(scraped.get('admincenter_mrr_amount{component="total",currency="USD"}')).toBe(109.98);
    expect(nonZero(scraped, 'admincenter_paying_users')).toEqual({ '{tier="enterprise"}': 1 });
  });

  test('belongs to the tier whose price was paid, on either of the two price lists', async () => {
    // Premium paid 29.99 (second list) and was upgraded to enterprise at 99.99: 29.99 was premium then.
    await subscriber([{ daysAgo: 45, amount: '29.99' }, { daysAgo: 15, amount: '99.99' }], { tier: 'enterprise' });
    // Enterprise at 29.99 (first list) that still pays it.
    await subscriber([{ daysAgo: 45, amount: '29.99' }, { daysAgo: 15, amount: '29.99' }], { tier: 'enterprise' });
    // An amount on no list: the tier of the subscription.
    await subscriber([{ daysAgo: 15, amount: '42.00' }], { tier: 'enterprise' });
    expect(nonZero(await observe(fresh.pool, subscriptions, ago(30)), 'admincenter_mrr_by_tier_amount')).toEqual({ '{tier="premium",currency="USD"}': 29.99, '{tier="enterprise",currency="USD"}': 29.99 });
    expect(nonZero(await scrape(), 'admincenter_mrr_by_tier_amount')).toEqual({ '{tier="enterprise",currency="USD"}': 171.98 });
  });
});

describe('movements over 30 days (D6 to D8)', () => {
  test('are those of the same users at both ends, and add up', async () => {
    await subscriber([{ daysAgo: 40, amount: '29.99' }, { daysAgo: 10, amount: '9.99' }]); // contraction 20.00
    await subscriber([{ daysAgo: 40, amount: '9.99' }, { daysAgo: 10, amount: '29.99' }], { tier: 'enterprise' }); // expansion 20.00
    await subscriber([{ daysAgo: 40, amount: '29.99' }], { status: 'canceled', canceledAt: ago(12) }); // churn 29.99
    await subscriber([{ daysAgo: 40, amount: '9.99' }, { daysAgo: 10, amount: '9.99' }]); // unchanged
    await subscriber([{ daysAgo: 10, amount: '9.99' }]); // new 9.99: in neither end of churn
    await subscriber([{ daysAgo: 300, amount: '9.99' }, { daysAgo: 10, amount: '9.99' }]); // reactivation: gone for months
    const scraped = await scrape();
    const mrr = nonZero(scraped, 'admincenter_mrr_amount');
    expect(mrr).toEqual({
      // Start: 29.99 + 9.99 + 29.99 + 9.99 = 79.96. End: 9.99 + 29.99 + 0 + 9.99 + 9.99 + 9.99 = 69.95.
      '{component="total",currency="USD"}': 69.95,
      '{component="new",currency="USD"}': 9.99,
      '{component="reactivation",currency="USD"}': 9.99,
      '{component="expansion",currency="USD"}': 20,
      '{component="contraction",currency="USD"}': 20,
      '{component="churn",currency="USD"}': 29.99,
    });
    // 69.95 - 79.96 = 9.99 + 9.99 + 20 - 20 - 29.99 - 0 = -10.01
    const churn = nonZero(scraped, 'admincenter_churn_ratio');
    expect(churn['{kind="logo",window="30d"}']).toBe(1 / 4); // one of the four who paid at the start
    expect(churn['{kind="gross_revenue",window="30d"}']).toBeCloseTo((29.99 + 20) / 79.96, 12);
    expect(churn['{kind="net_revenue",window="30d"}']).toBeCloseTo((29.99 + 20 - 20) / 79.96, 12);
    expect(scraped.get('admincenter_net_revenue_retention_ratio{window="30d"}')).toBeCloseTo((79.96 - 29.99 - 20 + 20) / 79.96, 12);
    // 90 days ago nobody of these paid but for nobody: the one of 300 days ago had gone, so there is no base.
    expect(scraped.has('admincenter_net_revenue_retention_ratio{window="90d"}')).toBe(false);
  });

  test('of revenue are in the currency that brought most at the start; a change of currency is churn and new, not of the logo', async () => {
    await subscriber([{ daysAgo: 40, currency: 'USD' }, { daysAgo: 10, currency: 'EUR' }]);
    await subscriber([{ daysAgo: 40, currency: 'EUR', amount: '50.00' }, { daysAgo: 10, currency: 'EUR', amount: '40.00' }]);
    const scraped = await scrape();
    expect(nonZero(scraped, 'admincenter_mrr_amount')).toEqual({
      '{component="total",currency="EUR"}': 49.99, '{component="new",currency="EUR"}': 9.99, '{component="contraction",currency="EUR"}': 10, '{component="churn",currency="USD"}': 9.99,
    });
    const churn = nonZero(scraped, 'admincenter_churn_ratio');
    expect(churn).toEqual({ '{kind="gross_revenue",window="30d"}': 0.2, '{kind="net_revenue",window="30d"}': 0.2 });
  });
});

describe('trials (D11)', () => {
  test('convert with a first invoice above zero until 7 days after their end, and are judged when these are over', async () => {
    const trial = (endedDaysAgo: number, paid: readonly Paid[], status: 'active' | 'canceled' | 'trialing' = 'active') =>
      subscriber(paid, { createdAt: ago(endedDaysAgo + 14), trialStart: ago(endedDaysAgo + 14), trialEnd: ago(endedDaysAgo), status, canceledAt: status === 'canceled' ? ago(endedDaysAgo) : null });
    await trial(20, [{ daysAgo: 20 }]); // matured 13 days ago, converted
    await trial(20, [{ daysAgo: 14 }]); // converted within grace
    await trial(20, [{ daysAgo: 34, amount: '0.00' }], 'canceled'); // an invoice over nothing is none
    await trial(20, [{ daysAgo: 12 }]); // paid 8 days after the end: too late
    await trial(40, [{ daysAgo: 40 }]); // matured 33 days ago: not of the last 30
    await trial(5, [{ daysAgo: 5 }]); // converted, not matured yet
    await trial(-3, [], 'trialing'); // running
    const scraped = await scrape();
    expect(scraped.get('admincenter_trial_conversion_ratio{cohort="matured_30d"}')).toBe(2 / 4);
    expect(nonZero(scraped, 'admincenter_trials')).toEqual({ '{state="running",tier="premium"}': 1, '{state="converted",tier="premium"}': 4, '{state="expired",tier="premium"}': 2 });
  });
});

describe('subscriptions and sales', () => {
  test('are counted by state and tier, several of a user too', async () => {
    const { userId } = await subscriber([{ daysAgo: 10 }]);
    await fresh.database.make.subscription(userId, { tier: 'enterprise', status: 'past_due', createdAt: ago(50) });
    await subscriber([{ daysAgo: 90 }], { status: 'canceled', canceledAt: ago(20) });
    await subscriber([], { status: 'trialing', createdAt: ago(3), trialStart: ago(3), trialEnd: ago(-11) });
    expect(nonZero(await scrape(), 'admincenter_subscriptions')).toEqual({
      '{state="active",tier="premium"}': 1, '{state="past_due",tier="enterprise"}': 1, '{state="canceled",tier="premium"}': 1, '{state="trialing",tier="premium"}': 1,
    });
    // 25 days ago the canceled one was active and the two youngest were not there.
    expect(nonZero(await observe(fresh.pool, subscriptions, ago(25)), 'admincenter_subscriptions')).toEqual({ '{state="active",tier="premium"}': 1, '{state="past_due",tier="enterprise"}': 1 });
  });

  test('stay sales when they are refunded; net is less what was given back', async () => {
    const { payments } = await subscriber([
      { daysAgo: 29 }, // 9.99
      { daysAgo: 20, status: 'refunded', amount: '20.00' },
      { daysAgo: 15, status: 'partially_refunded', amount: '30.00' },
      { daysAgo: 10, status: 'disputed', amount: '5.00' },
      { daysAgo: 5, status: 'failed', amount: '100.00' },
      { daysAgo: 31, amount: '100.00' },
    ]);
    await fresh.database.make.refund(payments[1] ?? '', { amount: '20.00', createdAt: ago(19) });
    await fresh.database.make.refund(payments[2] ?? '', { amount: '10.00', createdAt: ago(14) });
    await fresh.database.make.refund(payments[3] ?? '', { amount: '5.00', status: 'pending', createdAt: ago(9) });
    // 9.99 + 20 + 30 + 5 = 64.99; 20 + 10 = 30
    expect(nonZero(await scrape(), 'admincenter_revenue_amount')).toEqual({ '{kind="gross",currency="USD"}': 64.99, '{kind="refunded",currency="USD"}': 30, '{kind="net",currency="USD"}': 34.99 });
  });
});
