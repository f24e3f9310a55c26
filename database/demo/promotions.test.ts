// Acme's promotions: consistent with its payments and with what the product would have decided.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../src/testing.ts';
import { loadDemo } from './load.ts';
import { loadPast } from './past.ts';

const NOW = '2026-03-02T10:00:00Z';
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await loadDemo({ databaseUrl: database.url, seed: 7, users: 3_000, days: 60, now: new Date(NOW) });
  expect(await loadPast(database.url)).toContain('promotions');
});
afterAll(() => database.close());

const rows = async (text: string) => (await database.pool.query(text)).rows as Record<string, unknown>[];

test('has campaigns in every situation an admin should know', async () => {
  expect(await rows(`SELECT c.key, admin_center.campaign_state(c, '${NOW}') AS state FROM admin_center.campaign c ORDER BY key`)).toEqual([
    { key: 'founders-week', state: 'exhausted' }, { key: 'partner-portal', state: 'killed' }, { key: 'welcome-offer', state: 'running' }, { key: 'winter-sale', state: 'over' },
  ]);
  expect(await rows(`SELECT admin_center.coupon_state(c, '${NOW}') AS state, count(*) AS coupons FROM admin_center.coupon c GROUP BY 1 ORDER BY 1`)).toEqual([
    { state: 'active', coupons: 5 }, { state: 'archived', coupons: 1 }, { state: 'draft', coupons: 1 },
  ]);
});

test('redemptions come to what was paid a minute later, and every count agrees with them', async () => {
  const [found] = await rows(`
    SELECT count(*) AS redemptions,
      count(*) FILTER (WHERE NOT EXISTS (
        SELECT FROM admin_center.payment p WHERE p.user_id = r.user_id AND p.currency = r.currency AND p.amount_minor = r.subtotal_minor - r.discount_minor
          AND p.created_at - r.at BETWEEN interval '59 seconds' AND interval '61 seconds')) AS unpaid,
      count(*) FILTER (WHERE r.at > '${NOW}') AS ahead,
      count(*) FILTER (WHERE r.at < g.starts_at OR r.at >= coalesce(g.ends_at, 'infinity')) AS outside,
      count(*) FILTER (WHERE c.percent_off_bp IS NOT NULL AND r.discount_minor <> (r.subtotal_minor * c.percent_off_bp + 5000) / 10000) AS miscounted,
      count(*) FILTER (WHERE c.currency <> r.currency) AS other_currency
    FROM admin_center.redemption r JOIN admin_center.campaign g USING (campaign_id) JOIN admin_center.coupon c USING (coupon_id)`);
  expect(found).toMatchObject({ unpaid: 0, ahead: 0, outside: 0, miscounted: 0, other_currency: 0 });
  expect(found?.['redemptions']).toBeGreaterThan(150);
  const [counted] = await rows(`
    SELECT (SELECT sum(times_redeemed)::bigint FROM admin_center.promotion_code) AS by_code, (SELECT sum(times_redeemed)::bigint FROM admin_center.coupon) AS by_coupon,
      (SELECT sum(redemptions)::bigint FROM admin_center.campaign) AS by_campaign, (SELECT sum(used)::bigint FROM admin_center.promotion_code_use) AS by_user,
      (SELECT sum(value)::bigint FROM admin_center.tally WHERE metric = 'admincenter_coupon_redemptions_total' AND labels ->> 'result' = 'applied') AS by_counter`);
  expect(new Set(Object.values(counted ?? {}))).toEqual(new Set([found?.['redemptions']]));
  expect(await rows(`
    SELECT FROM admin_center.campaign_budget b
    WHERE spent_minor <> (SELECT sum(committed_minor) FROM admin_center.redemption r WHERE r.campaign_id = b.campaign_id AND r.currency = b.currency)`)).toEqual([]);
});

test('the running campaign pays against its hold-out, which is about a fifth of those who tried', async () => {
  const [found] = await rows(`SELECT treated_users, holdout_users, roi FROM admin_center.campaign_return WHERE key = 'welcome-offer' AND currency = 'USD'`);
  const { treated_users: treated, holdout_users: holdout, roi } = found as { treated_users: number; holdout_users: number; roi: number };
  expect(holdout / (treated + holdout)).toBeGreaterThan(0.1);
  expect(holdout / (treated + holdout)).toBeLessThan(0.3);
  expect(Number.isFinite(roi)).toBe(true);
});

test('referrals are in every stage, and the worker finds nothing left to do', async () => {
  const stages = await rows('SELECT stage, count(*) AS referrals FROM admin_center.referral GROUP BY stage ORDER BY stage');
  expect(stages.map(({ stage }) => stage)).toEqual(expect.arrayContaining(['click', 'held', 'rejected', 'rewarded', 'signup']));
  expect(await rows(`SELECT FROM admin_center.referral_step WHERE at <= '${NOW}'`)).toEqual([]);
  expect(await rows(`SELECT FROM admin_center.referral WHERE referrer_id = referee_id OR signed_up_at < clicked_at OR rewarded_at < held_until`)).toEqual([]);
  expect(await rows(`
    SELECT stage FROM admin_center.referral r LEFT JOIN (SELECT referral_id, sum(amount_minor) AS credit FROM admin_center.referral_credit GROUP BY referral_id) c USING (referral_id)
    WHERE coalesce(credit, 0) <> CASE WHEN stage = 'rewarded' THEN reward_minor ELSE 0 END`)).toEqual([]);
});
