import { describe, expect, test } from '@jest/globals';
import type { TestDatabase } from '@admin-center/database/testing';
import { describeCollector } from '../../test/describe-collector.ts';
import { freshDatabase } from '../../test/fresh-database.ts';
import { observe } from '../../test/observe.ts';
import { collect } from '../collector.ts';
import { inSnapshot } from '../snapshot.ts';
import { promotions } from './promotions.ts';

const T0 = '2026-03-01T12:00:00Z';
const user = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** A running campaign `spring` with a coupon of 2.00 USD and its code. @returns the campaign's id */
async function makeCampaign({ pool }: TestDatabase, key: string, holdoutShare: number): Promise<string> {
  const { rows } = await pool.query<{ campaign_id: string }>(
    `INSERT INTO admin_center.campaign (key, name, starts_at, zone, reporting_currency, margin_share, holdout_share, status, created_at, updated_at)
     VALUES ($1, $1, $2, 'UTC', 'USD', 0.8, $3, 'active', $2, $2) RETURNING campaign_id`,
    [key, T0, holdoutShare],
  );
  const id = (rows[0] as { campaign_id: string }).campaign_id;
  await pool.query(`SELECT admin_center.start_redemption_counters($1)`, [key]);
  await pool.query(
    `WITH c AS (INSERT INTO admin_center.coupon (name, amount_off_minor, currency, duration, status, created_at, updated_at) VALUES ('C', 200, 'USD', 'once', 'active', $3, $3) RETURNING coupon_id)
     INSERT INTO admin_center.promotion_code (code, coupon_id, campaign_id, created_at) SELECT upper($1), coupon_id, $2, $3 FROM c`,
    [key, id, T0],
  );
  return id;
}

/** Redeemed so many days after T0, by a coupon of this kind of its own. */
async function redeemLasting({ pool }: TestDatabase, campaignId: string, userId: string, coupon: { percentOff?: number; amountOff?: number; months: number | null }, discountMinor: number, days = 0): Promise<void> {
  await pool.query(
    `WITH c AS (
       INSERT INTO admin_center.coupon (name, percent_off_bp, amount_off_minor, currency, duration, duration_months, status, created_at, updated_at)
       VALUES ('L', $3, $4, CASE WHEN $4::bigint IS NULL THEN NULL ELSE 'USD' END, CASE WHEN $5::integer IS NULL THEN 'forever' ELSE 'repeating' END, $5, 'active', $7, $7) RETURNING coupon_id
     ), p AS (
       INSERT INTO admin_center.promotion_code (code, coupon_id, campaign_id, created_at) SELECT upper(substr(gen_random_uuid()::text, 1, 20)), coupon_id, $1, $7 FROM c RETURNING code_id, coupon_id
     )
     INSERT INTO admin_center.redemption (reference, code_id, coupon_id, campaign_id, user_id, at, subtotal_minor, discount_minor, committed_minor, currency, tier)
     SELECT gen_random_uuid()::text, code_id, coupon_id, $1, $2, $7::timestamptz + $8 * interval '1 day', 1000, $6::bigint, $6::bigint, 'USD', 'premium' FROM p`,
    [campaignId, userId, coupon.percentOff === undefined ? null : coupon.percentOff * 100, coupon.amountOff ?? null, coupon.months, discountMinor, T0, days],
  );
}

async function join({ pool }: TestDatabase, campaignId: string, userId: string, arm: 'treated' | 'holdout'): Promise<void> {
  await pool.query('INSERT INTO admin_center.campaign_member (campaign_id, user_id, arm, paid_before, assigned_at) VALUES ($1, $2, $3, false, $4)', [campaignId, userId, arm, T0]);
}

async function redeem({ pool }: TestDatabase, campaignId: string, userId: string, discountMinor: number): Promise<void> {
  await pool.query(
    `INSERT INTO admin_center.redemption (reference, code_id, coupon_id, campaign_id, user_id, at, subtotal_minor, discount_minor, committed_minor, currency, tier)
     SELECT gen_random_uuid()::text, code_id, coupon_id, campaign_id, $2, $4, 1000, $3, $3, 'USD', 'premium' FROM admin_center.promotion_code WHERE campaign_id = $1`,
    [campaignId, userId, discountMinor, T0],
  );
}

const pay = ({ make }: TestDatabase, userId: string, amount: string, day: number, status: 'succeeded' | 'failed' | 'partially_refunded' = 'succeeded') =>
  make.payment(userId, { amount, currency: 'usd', status, createdAt: new Date(Date.parse(T0) + day * 86_400_000) });

async function hold({ pool }: TestDatabase, number: number, stage: string, rewardMinor: number, currency: string): Promise<void> {
  await pool.query(
    `INSERT INTO admin_center.referral (referrer_id, referee_id, stage, reward_minor, reward_currency, clicked_at) VALUES ($1, $2, $3, $4, $5, $6)`,
    [user(900), user(number), stage, rewardMinor, currency, T0],
  );
}

/** As the worker does. */
const keepReturns = ({ pool }: TestDatabase): Promise<unknown> => pool.query('SELECT admin_center.keep_campaign_roi()');

describeCollector(promotions, {
  fill: async (database) => {
    const id = await makeCampaign(database, 'spring', 0.5);
    await join(database, id, user(1), 'treated');
    await join(database, id, user(2), 'holdout');
    await redeem(database, id, user(1), 200);
    await hold(database, 3, 'held', 1_000, 'USD');
    await keepReturns(database);
  },
});

const fresh = freshDatabase();

describe('the return of a campaign (D20)', () => {
  test('is by hand: what the treated brought beyond the hold-out scaled to their number, less what it cost', async () => {
    const database = fresh.database;
    const id = await makeCampaign(database, 'spring', 0.25);
    const made = await Promise.all(Array.from({ length: 8 }, () => database.make.user()));
    const [a, b, c, d, e, f, g, h] = made.map((person) => person.id) as [string, string, string, string, string, string, string, string];
    for (const person of [a, b, c, d, e, f]) {
      await join(database, id, person, 'treated');
    }
    await join(database, id, g, 'holdout');
    await join(database, id, h, 'holdout');
    for (const person of [a, b, c, d]) {
      await redeem(database, id, person, 200);
    }
    // Treated: 4 x 8.00 after the discount, one more 10.00 within 90 days, one beyond them, one failed: 42.00.
    for (const person of [a, b, c, d]) {
      await pay(database, person, '8.00', 1);
    }
    await pay(database, a, '10.00', 89.9);
    await pay(database, a, '10.00', 90.1);
    await pay(database, e, '10.00', 2, 'failed');
    // A refund of 3.00 takes it to 39.00; what was paid before the assignment does not count.
    const refunded = await pay(database, f, '10.00', 3, 'partially_refunded');
    await database.make.refund(refunded.id, { amount: '3.00' });
    await database.make.refund(refunded.id, { amount: '1.00', status: 'failed' });
    await pay(database, b, '10.00', -1);
    // Hold-out: 9.00 of two, so 27.00 of six.
    await pay(database, g, '9.00', 5);
    // Treated 42 + 7 = 49.00, and 8.00 of discount: 57.00 at list price. Margin 0.8 x (57 - 27) = 24.00.
    // ROI (24 - 8) / 8 = 2.
    const { rows } = await database.pool.query('SELECT treated_minor, holdout_minor, discount_minor, margin_minor, treated_payers, holdout_payers, treated_users, holdout_users FROM admin_center.campaign_return');
    expect(rows).toEqual([{ treated_minor: 4_900, holdout_minor: 900, discount_minor: 800, margin_minor: 2_400, treated_payers: 5, holdout_payers: 1, treated_users: 6, holdout_users: 2 }]);
    await keepReturns(database);
    const scraped = await observe(fresh.pool, promotions);
    expect(scraped.get('admincenter_campaign_roi_ratio{campaign="spring"}')).toBeCloseTo(2, 12);
    expect(scraped.get('admincenter_coupon_discount_amount{campaign="spring",currency="USD"}')).toBe(8);

    // It falls with the rewards of the referrals that it brought: (24 - 8 - 8) / 16.
    await database.pool.query(
      `INSERT INTO admin_center.referral (referrer_id, referee_id, stage, reward_minor, reward_currency, clicked_at) VALUES ($1, $2, 'rewarded', 800, 'USD', $3)`,
      [user(900), a, T0],
    );
    expect((await observe(fresh.pool, promotions)).get('admincenter_campaign_roi_ratio{campaign="spring"}')).toBeCloseTo(2, 12);
    await keepReturns(database);
    expect((await observe(fresh.pool, promotions)).get('admincenter_campaign_roi_ratio{campaign="spring"}')).toBeCloseTo(0.5, 12);
  });

  /** One who is treated and one in the hold-out, who paid 10.00. */
  const pair = async (key: string) => {
    const database = fresh.database;
    const id = await makeCampaign(database, key, 0.25);
    const [treated, heldOut] = [await database.make.user(), await database.make.user()];
    await join(database, id, treated.id, 'treated');
    await join(database, id, heldOut.id, 'holdout');
    await pay(database, heldOut.id, '10.00', 1);
    const read = async () => (await database.pool.query('SELECT treated_minor, discount_minor, margin_minor, roi, treated_payers FROM admin_center.campaign_return WHERE key = $1', [key])).rows[0] as unknown;
    return { database, id, userId: treated.id, read };
  };

  test('counts a discount that repeats with each payment of its months, and no longer', async () => {
    const { database, id, userId, read } = await pair('repeating');
    await redeemLasting(database, id, userId, { percentOff: 20, months: 2 }, 200);
    await pay(database, userId, '8.00', 0.01);
    await pay(database, userId, '8.00', 30);
    await pay(database, userId, '4.00', 60, 'failed');
    await pay(database, userId, '10.00', 62);
    // 26.00 paid and 2 x 2.00 taken off: 30.00 at list price. Margin 0.8 x (30 - 10) = 16.00; (16 - 4) / 4 = 3.
    expect(await read()).toEqual({ treated_minor: 2_600, discount_minor: 400, margin_minor: 1_600, roi: 3, treated_payers: 1 });
  });

  test('counts a discount for ever within the 90 days, an upgrade by its own price, and nobody twice', async () => {
    const { database, id, userId, read } = await pair('forever');
    await pay(database, userId, '5.00', 0.5);
    await redeemLasting(database, id, userId, { percentOff: 50, months: null }, 500, 1);
    await pay(database, userId, '5.00', 1.01);
    await pay(database, userId, '15.00', 31);
    await pay(database, userId, '15.00', 89.9);
    await pay(database, userId, '15.00', 90.1);
    // 40.00 paid, 5 + 15 + 15 taken off: 75.00. Margin 0.8 x (75 - 10) = 52.00; (52 - 35) / 35.
    expect(await read()).toEqual({ treated_minor: 4_000, discount_minor: 3_500, margin_minor: 5_200, roi: 17 / 35, treated_payers: 1 });
  });

  test('counts an amount as it is, a free month as the first was, and one lasting discount at a time', async () => {
    const { database, id, userId, read } = await pair('amount');
    await redeemLasting(database, id, userId, { amountOff: 300, months: null }, 300);
    await pay(database, userId, '7.00', 0.01);
    await pay(database, userId, '7.00', 30);
    await redeemLasting(database, id, userId, { percentOff: 100, months: 3 }, 1_000, 45);
    await pay(database, userId, '0.00', 45.01);
    await pay(database, userId, '0.00', 75);
    // 14.00 paid, 2 x 3.00 and 2 x 10.00 taken off: 40.00. Margin 0.8 x (40 - 10) = 24.00; (24 - 26) / 26.
    expect(await read()).toEqual({ treated_minor: 1_400, discount_minor: 2_600, margin_minor: 2_400, roi: -2 / 26, treated_payers: 1 });
  });

  test('can be a loss, is -1 where nobody paid, and is no metric without a hold-out', async () => {
    const database = fresh.database;
    const [lost, attributed] = [await makeCampaign(database, 'lost', 0.25), await makeCampaign(database, 'attributed', 0)];
    const [one, two, three] = [await database.make.user(), await database.make.user(), await database.make.user()];
    await join(database, lost, one.id, 'treated');
    await join(database, lost, two.id, 'holdout');
    await redeem(database, lost, one.id, 200);
    await join(database, attributed, three.id, 'treated');
    await redeem(database, attributed, three.id, 200);
    await pay(database, three.id, '8.00', 1);
    await keepReturns(database);
    const scraped = await observe(fresh.pool, promotions);
    expect(scraped.get('admincenter_campaign_roi_ratio{campaign="lost"}')).toBe(-1);
    expect(scraped.has('admincenter_campaign_roi_ratio{campaign="attributed"}')).toBe(false);
    const { rows } = await database.pool.query(`SELECT incremental, margin_minor, roi FROM admin_center.campaign_return WHERE key = 'attributed'`);
    // Attributed: 0.8 x (8 + 2) = 8.00; (8 - 2) / 2 = 3.
    expect(rows).toEqual([{ incremental: false, margin_minor: 800, roi: 3 }]);
  });
});

test('returns are kept with the instant they were computed at, and gone when that is long ago', async () => {
  const database = fresh.database;
  const id = await makeCampaign(database, 'kept', 0.25);
  await join(database, id, user(1), 'treated');
  await join(database, id, user(2), 'holdout');
  await redeem(database, id, user(1), 200);
  const series = async () => {
    const scraped = await observe(fresh.pool, promotions);
    return [scraped.get('admincenter_campaign_roi_ratio{campaign="kept"}'), scraped.get('admincenter_campaign_roi_timestamp_seconds')];
  };
  expect((await series())[0]).toBeUndefined();
  const { rows } = await database.pool.query<{ at: number }>('SELECT extract(epoch FROM now())::double precision AS at, admin_center.keep_campaign_roi()');
  expect(await series()).toEqual([-1, rows[0]?.at]);
  await database.pool.query("UPDATE admin_center.campaign_roi_kept SET computed_at = computed_at - interval '31 minutes'");
  expect(await series()).toEqual([undefined, undefined]);
  await keepReturns(database);
  expect((await series())[0]).toBe(-1);
  // Without a hold-out it is no return of this kind any more.
  await database.pool.query('UPDATE admin_center.campaign SET holdout_share = 0 WHERE campaign_id = $1', [id]);
  await keepReturns(database);
  expect((await series())[0]).toBeUndefined();
});

test('sums beyond what a number holds exactly are no error', async () => {
  const id = await makeCampaign(fresh.database, 'huge', 0);
  for (const person of [1, 2, 3]) {
    await fresh.database.pool.query(
      `INSERT INTO admin_center.redemption (reference, code_id, coupon_id, campaign_id, user_id, at, subtotal_minor, discount_minor, committed_minor, currency, tier)
       SELECT gen_random_uuid()::text, code_id, coupon_id, campaign_id, $2, $3, 9007199254740991, 9007199254740991, 9007199254740991, 'USD', 'premium' FROM admin_center.promotion_code WHERE campaign_id = $1`,
      [id, user(person), T0],
    );
    await hold(fresh.database, 20 + person, 'held', Number.MAX_SAFE_INTEGER, 'USD');
  }
  const scraped = await observe(fresh.pool, promotions);
  expect(scraped.get('admincenter_coupon_discount_amount{campaign="huge",currency="USD"}')).toBeCloseTo(3 * Number.MAX_SAFE_INTEGER / 100, -2);
  expect(scraped.get('admincenter_referral_reward_liability_amount{currency="USD"}')).toBeGreaterThan(2e14);
  await fresh.database.pool.query('DELETE FROM admin_center.referral');
});

test('redemptions are what the tally says, and the results of a campaign start at 0', async () => {
  await makeCampaign(fresh.database, 'counted', 0);
  await fresh.database.pool.query(`SELECT admin_center.tally_add('admincenter_coupon_redemptions_total', '{"campaign": "counted", "result": "applied"}', 3)`);
  const scraped = await observe(fresh.pool, promotions);
  expect(scraped.get('admincenter_coupon_redemptions_total{campaign="counted",result="applied"}')).toBe(3);
  expect(scraped.get('admincenter_coupon_redemptions_total{campaign="counted",result="budget_exhausted"}')).toBe(0);
});

test('the liability is what is on hold, by currency, and nothing else', async () => {
  await hold(fresh.database, 11, 'held', 1_050, 'EUR');
  await hold(fresh.database, 12, 'held', 1_000, 'CHF');
  await hold(fresh.database, 13, 'clawed_back', 1_000, 'EUR');
  const scraped = await observe(fresh.pool, promotions);
  expect(scraped.get('admincenter_referral_reward_liability_amount{currency="EUR"}')).toBe(10.5);
  expect(scraped.get('admincenter_referral_reward_liability_amount{currency="other"}')).toBe(10);
  expect(scraped.get('admincenter_referral_reward_liability_amount{currency="USD"}')).toBe(0);
});

test('campaigns beyond 200 are one series', async () => {
  const database = fresh.database;
  await database.pool.query(
    `SELECT admin_center.tally_add('admincenter_coupon_redemptions_total', jsonb_build_object('campaign', 'c-' || lpad(n::text, 3, '0'), 'result', 'applied'), 1) FROM generate_series(1, 220) AS n`,
  );
  const scraped = await observe(fresh.pool, promotions);
  const campaigns = [...scraped.keys()].filter((series) => /^admincenter_coupon_redemptions_total\{.*result="applied"/.test(series));
  expect(campaigns).toHaveLength(201);
  expect(scraped.get('admincenter_coupon_redemptions_total{campaign="other",result="applied"}')).toBeGreaterThanOrEqual(20);
});

test('what promotions cost has a past, which ends at what it is now', async () => {
  const { pool } = fresh.database;
  const id = await makeCampaign(fresh.database, 'costly', 0);
  await redeem(fresh.database, id, user(1), 250);
  const day = (number: number): string => new Date(Date.parse(T0) + number * 86_400_000).toISOString();
  // On hold from day 1: one is paid out on day 3, one taken back on day 4, one refused on day 5, one still waits.
  await pool.query(
    `INSERT INTO admin_center.referral (referrer_id, referee_id, stage, reward_minor, reward_currency, clicked_at, signed_up_at, qualified_at, held_until, rewarded_at, clawed_back_at, rejected_at)
     SELECT $1, gen_random_uuid(), stage, 1000, 'GBP', $2, $2, $3, $4, rewarded_at, clawed_back_at, rejected_at
     FROM (VALUES ('rewarded', $4::timestamptz, NULL, NULL), ('clawed_back', NULL, $5::timestamptz, NULL), ('rejected', NULL, NULL, $6::timestamptz), ('held', NULL, NULL, NULL)) AS r (stage, rewarded_at, clawed_back_at, rejected_at)`,
    [user(900), day(0), day(1), day(3), day(4), day(5)],
  );
  const costs = (at?: Date) =>
    inSnapshot(fresh.pool, 10_000, async (client) =>
      (await collect(client, promotions, at)).filter(({ metric, labels: { campaign, currency }, value }) => value !== 0 && (/discount/.test(metric) ? campaign === 'costly' : /liability/.test(metric) && currency === 'GBP')).map(({ metric, value }) => `${metric} ${value}`));
  expect(await costs(new Date(day(-1)))).toEqual([]);
  expect(await costs(new Date(day(0.5)))).toEqual(['admincenter_coupon_discount_amount 2.5']);
  expect(await Promise.all([1, 3, 4].map((at) => costs(new Date(day(at)))))).toEqual([40, 30, 20].map((held) => ['admincenter_coupon_discount_amount 2.5', `admincenter_referral_reward_liability_amount ${held}`]));
  expect(await costs()).toEqual(['admincenter_coupon_discount_amount 2.5', 'admincenter_referral_reward_liability_amount 10']);
  expect(await costs(new Date(day(6)))).toEqual(await costs());
});
