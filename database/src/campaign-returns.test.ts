// Whatever was redeemed, paid and refunded: what a campaign returned (D20) is what its definition says, asked plainly.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NAIVE_CAMPAIGN_RETURNS } from '../testing/naive-campaign-returns.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 50);
const id = (kind: number, number: number): string => `00000000-0000-4000-8000-${String(kind * 1_000 + number).padStart(12, '0')}`;
const USERS = 3;
const CAMPAIGNS = 2;
/** Off by these: once; a third off for two months; free for one; half off for ever; an amount for ever. */
const COUPONS = [
  { percent: 2_000, amount: null, months: null, duration: 'once' },
  { percent: 3_333, amount: null, months: 2, duration: 'repeating' },
  { percent: 10_000, amount: null, months: 1, duration: 'repeating' },
  { percent: 5_000, amount: null, months: null, duration: 'forever' },
  { percent: null, amount: 299, months: null, duration: 'forever' },
] as const;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(NAIVE_CAMPAIGN_RETURNS);
});
afterAll(() => database.close());

// Days from the first of March; whole ones too, so that things happen at once and at the very edge of the 90 days.
const day = fc.oneof(fc.integer({ min: 0, max: 130 }), fc.double({ min: 0, max: 130, noNaN: true }), fc.constantFrom(0, 31, 61, 89, 90));
const early = fc.oneof(day, fc.integer({ min: 0, max: 10 }));
const user = fc.integer({ min: 0, max: USERS - 1 });
const campaign = fc.integer({ min: 0, max: CAMPAIGNS - 1 });
const currency = fc.constantFrom('USD', 'USD', 'EUR');
const minor = fc.oneof(fc.integer({ min: 0, max: 9_999_999_999 }), fc.constantFrom(0, 1, 799, 999, 2_999));
const payment = fc.record({
  user, currency: fc.constantFrom('usd', 'USD', ' eur '), amount: minor, day, status: fc.constantFrom('succeeded', 'succeeded', 'refunded', 'partially_refunded', 'disputed', 'failed', 'pending'),
  refunds: fc.array(fc.record({ amount: minor, status: fc.constantFrom('succeeded', 'succeeded', 'failed', 'pending') }), { maxLength: 2 }),
});
/** Of one amount again and again, which a discount that lasts is taken off. */
const renewals = fc.record({ first: payment, from: early, every: fc.constantFrom(1, 7, 30), count: fc.integer({ min: 2, max: 5 }) })
  .map(({ first, from, every, count }) => Array.from({ length: count }, (_, number) => ({ ...first, status: 'succeeded', day: from + number * every, refunds: number === 0 ? first.refunds : [] })));
const history = fc.record({
  campaigns: fc.array(fc.record({ holdout: fc.constantFrom(0, 0.1, 0.5), margin: fc.constantFrom(0, 0.3333, 1), reporting: currency }), { minLength: CAMPAIGNS, maxLength: CAMPAIGNS }),
  members: fc.uniqueArray(fc.record({ campaign, user, arm: fc.constantFrom('treated', 'treated', 'holdout'), paidBefore: fc.boolean(), day: early }), { selector: (member) => `${member.campaign} ${member.user}`, minLength: 4, maxLength: USERS * CAMPAIGNS }),
  redemptions: fc.array(fc.record({ campaign: fc.option(campaign, { freq: 8 }), user, coupon: fc.integer({ min: 0, max: COUPONS.length - 1 }), currency, discount: minor, day: early }), { minLength: 5, maxLength: 15 }),
  payments: fc.tuple(fc.array(payment, { maxLength: 20 }), fc.array(renewals, { minLength: 2, maxLength: 6 })).map(([single, renewed]) => [...single, ...renewed.flat()]),
  referrals: fc.uniqueArray(fc.record({ referee: user, stage: fc.constantFrom('held', 'rewarded', 'rewarded', 'clawed_back'), reward: fc.integer({ min: 1, max: 5_000 }), currency }), { selector: ({ referee }) => referee, maxLength: USERS }),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

const AT = "timestamptz '2026-03-01 12:00Z' + day * interval '1 day'";

async function load({ campaigns, members, redemptions, payments, referrals }: History): Promise<void> {
  const insert = (text: string, rows: readonly object[]) => database.pool.query(text, [JSON.stringify(rows)]);
  await database.pool.query('TRUNCATE admin_center.referral, admin_center.campaign, admin_center.coupon, public.users CASCADE');
  await insert("INSERT INTO public.users (id, email) SELECT id, id || '@mail.example' FROM jsonb_to_recordset($1) AS x (id uuid)", Array.from({ length: USERS }, (_, number) => ({ id: id(1, number) })));
  await insert(
    `INSERT INTO admin_center.campaign (campaign_id, key, name, starts_at, zone, reporting_currency, margin_share, holdout_share, status, created_at, updated_at)
     SELECT id, key, key, '2026-03-01', 'UTC', reporting, margin, holdout, 'active', '2026-03-01', '2026-03-01' FROM jsonb_to_recordset($1) AS x (id uuid, key text, reporting text, margin numeric, holdout numeric)`,
    campaigns.map((each, number) => ({ ...each, id: id(2, number), key: `campaign-${number}` })),
  );
  await insert(
    `WITH x AS (SELECT * FROM jsonb_to_recordset($1) AS x (id uuid, percent integer, amount bigint, months integer, duration text)),
       made AS (INSERT INTO admin_center.coupon (coupon_id, name, percent_off_bp, amount_off_minor, currency, duration, duration_months, status, created_at, updated_at)
         SELECT id, 'C', percent, amount, CASE WHEN amount IS NOT NULL THEN 'USD' END, duration, months, 'active', '2026-03-01', '2026-03-01' FROM x)
     INSERT INTO admin_center.promotion_code (code_id, code, coupon_id, created_at) SELECT id, 'CODE-' || right(id::text, 4), id, '2026-03-01' FROM x`,
    COUPONS.map((each, number) => ({ ...each, id: id(3, number) })),
  );
  await insert(
    `INSERT INTO admin_center.campaign_member (campaign_id, user_id, arm, paid_before, assigned_at) SELECT "campaignId", "userId", arm, "paidBefore", ${AT}
     FROM jsonb_to_recordset($1) AS x ("campaignId" uuid, "userId" uuid, arm text, "paidBefore" boolean, day double precision)`,
    members.map((each) => ({ ...each, campaignId: id(2, each.campaign), userId: id(1, each.user) })),
  );
  await insert(
    `INSERT INTO admin_center.redemption (reference, code_id, coupon_id, campaign_id, user_id, at, subtotal_minor, discount_minor, committed_minor, currency, tier)
     SELECT gen_random_uuid()::text, "couponId", "couponId", "campaignId", "userId", ${AT}, discount, discount, discount, currency, 'premium'
     FROM jsonb_to_recordset($1) AS x ("couponId" uuid, "campaignId" uuid, "userId" uuid, day double precision, discount bigint, currency text)`,
    redemptions.map((each) => ({ ...each, couponId: id(3, each.coupon), campaignId: each.campaign === null ? null : id(2, each.campaign), userId: id(1, each.user) })),
  );
  await insert(
    `INSERT INTO public.payment_transactions (id, user_id, amount, currency, status, created_at) SELECT id, "userId", amount / 100.0, currency, status, ${AT}
     FROM jsonb_to_recordset($1) AS x (id uuid, "userId" uuid, amount bigint, currency text, status text, day double precision)`,
    payments.map((each, number) => ({ ...each, id: id(4, number), userId: id(1, each.user) })),
  );
  await insert(
    `INSERT INTO public.refunds (transaction_id, stripe_refund_id, amount, currency, reason, status) SELECT payment, gen_random_uuid()::text, amount / 100.0, 'USD', 'other', status
     FROM jsonb_to_recordset($1) AS x (payment uuid, amount bigint, status text)`,
    payments.flatMap(({ refunds }, number) => refunds.map((each) => ({ ...each, payment: id(4, number) }))),
  );
  await insert(
    `INSERT INTO admin_center.referral (referrer_id, referee_id, stage, reward_minor, reward_currency, clicked_at) SELECT gen_random_uuid(), "refereeId", stage, reward, currency, '2026-03-01'
     FROM jsonb_to_recordset($1) AS x ("refereeId" uuid, stage text, reward bigint, currency text)`,
    referrals.map((each) => ({ ...each, refereeId: id(1, each.referee) })),
  );
}

const returns = async (name: string, wanted: readonly string[]) => (await database.pool.query(`SELECT * FROM ${name}($1) ORDER BY key, currency`, [wanted])).rows as { key: string; incremental: boolean; currency: string; reporting_currency: string; roi: number | null }[];

test('returns of campaigns, together and each by itself, and what is kept of them', async () => {
  const seen = { rows: 0, kept: 0 };
  await fc.assert(
    fc.asyncProperty(history, async (given) => {
      await load(given);
      const all = given.campaigns.map((_, number) => id(2, number));
      const expected = await returns('naive_campaign_returns', all);
      expect(await returns('admin_center.campaign_returns', all)).toEqual(expected);
      const [first = ''] = all;
      expect(await returns('admin_center.campaign_returns', [first])).toEqual(expected.filter(({ key }) => key === 'campaign-0'));

      await database.pool.query('SELECT admin_center.keep_campaign_roi()');
      const { rows: kept } = await database.pool.query('SELECT campaign, roi FROM admin_center.campaign_roi ORDER BY campaign');
      const reported = expected.filter(({ incremental, currency: paid, reporting_currency: wanted, roi }) => incremental && paid === wanted && roi !== null);
      expect(kept).toEqual(reported.map(({ key, roi }) => ({ campaign: key, roi })));
      seen.rows += expected.length;
      seen.kept += kept.length;
    }),
    { numRuns: RUNS },
  );
  expect(seen.rows).toBeGreaterThan(RUNS);
  expect(seen.kept).toBeGreaterThan(0);
}, 300_000);
