// What promotions cost with 100,000 redemptions and 720,000 payments: the returns of campaigns against the plain way, what the
// exporter asks for, and the pages. BENCH_REDEMPTIONS sets the number of redemptions.
import { createPool } from '@admin-center/platform/pool';
import type pg from 'pg';
import { createProduct, withScratchServer } from '../../database/testing/scratch.ts';
import { NAIVE_CAMPAIGN_RETURNS } from '../../database/testing/naive-campaign-returns.ts';
import { collect } from '../../exporter/src/collector.ts';
import { promotions } from '../../exporter/src/collectors/promotions.ts';
import { inSnapshot } from '../../exporter/src/snapshot.ts';
import { readAnalytics } from '../src/capabilities/promotions/analytics.ts';
import { listCampaigns, readCampaign } from '../src/capabilities/promotions/campaigns.ts';
import { listCodes } from '../src/capabilities/promotions/codes.ts';
import { listCoupons, readCoupon } from '../src/capabilities/promotions/coupons.ts';
import { keepReturns } from '../src/capabilities/promotions/jobs.ts';
import { previewCampaign, previewCoupon } from '../src/capabilities/promotions/preview.ts';
import { listRedemptions } from '../src/capabilities/promotions/redemptions.ts';
import { listReferrals } from '../src/capabilities/promotions/referrals.ts';
import { createDatabase } from '../src/platform/database.ts';
import { quickest, timed } from './timing.ts';

export const name = 'Promotions by number of redemptions';

const REDEMPTIONS = Number(process.env['BENCH_REDEMPTIONS'] ?? 100_000);
/** A user in seven never redeemed anything, one in ten of the others is in a hold-out; all have paid six times. */
const USERS = Math.round(REDEMPTIONS * 1.2);
const CAMPAIGNS = 20;
const PAGE = { limit: 50 };

type Report = (row: Readonly<Record<string, string | number>>) => void;

export async function run(report: Report): Promise<void> {
  await withScratchServer({ durable: false }, async (server) => {
    const { url, apiUrl, exporterUrl } = await createProduct(server.url, 'promotions');
    const pools = [url, apiUrl, exporterUrl].map((connectionString) => createPool({ connectionString, applicationName: 'bench', max: 1, statementTimeoutMs: 600_000 })) as [pg.Pool, pg.Pool, pg.Pool];
    try {
      await fill(pools[0]);
      await measure(pools, report);
    } finally {
      await Promise.all(pools.map((pool) => pool.end()));
    }
  });
}

async function fill(pool: pg.Pool): Promise<void> {
  const user = (n: string): string => `md5('user ' || ${n})::uuid`;
  const random = (text: string, below: number): string => `abs(hashtext(${text}::text)) % ${below}`;
  await pool.query(
    `INSERT INTO public.users (id, jwt_id, email, created_at, updated_at) SELECT ${user('n')}, 'auth0|' || n, n || '@mail.example', now() - interval '400 days', now() FROM generate_series(1, $1::integer) n`,
    [USERS],
  );
  await pool.query(
    `INSERT INTO public.payment_transactions (user_id, stripe_payment_intent_id, amount, currency, status, payment_method_type, payment_method_last4, created_at, updated_at)
     SELECT ${user('n')}, 'pi_' || n || '_' || k, (ARRAY[9.99, 29.99, 7.99, 99.90, 0.00])[1 + (n + k) % 5], (ARRAY['usd', 'USD', 'eur'])[1 + n % 3],
       (ARRAY['succeeded', 'succeeded', 'succeeded', 'succeeded', 'succeeded', 'succeeded', 'refunded', 'partially_refunded', 'failed'])[1 + (n * 7 + k) % 9], 'card', '4242', at, at
     FROM (SELECT n, k, now() - (180 - 30 * k + n * 7919 % 30) * interval '1 day' + (n % 1000) * interval '1 second' AS at FROM generate_series(0, 5) k, generate_series(1, $1::bigint) n) paid ORDER BY at`,
    [USERS],
  );
  await pool.query(
    `INSERT INTO public.refunds (transaction_id, stripe_refund_id, amount, currency, reason, status, created_at)
     SELECT id, 're_' || id, CASE status WHEN 'refunded' THEN amount ELSE round(amount / 2, 2) END, currency, 'customer_request', CASE ${random('id', 10)} WHEN 0 THEN 'failed' ELSE 'succeeded' END, created_at
     FROM public.payment_transactions WHERE status IN ('refunded', 'partially_refunded')`,
  );
  await pool.query(
    `INSERT INTO admin_center.campaign (key, name, starts_at, zone, reporting_currency, margin_share, holdout_share, status, created_at, updated_at)
     SELECT 'campaign-' || n, 'Campaign ' || n, now() - interval '170 days', 'UTC', 'USD', 0.8, 0.1, 'active', now() - interval '170 days', now() FROM generate_series(1, ${CAMPAIGNS}) n`,
  );
  await pool.query('SELECT admin_center.start_redemption_counters(key) FROM admin_center.campaign');
  await pool.query(
    `INSERT INTO admin_center.coupon (name, percent_off_bp, amount_off_minor, currency, duration, duration_months, status, created_at, updated_at)
     VALUES ('0', 2000, NULL, NULL, 'once', NULL, 'active', now(), now()), ('1', 2000, NULL, NULL, 'repeating', 3, 'active', now(), now()), ('2', NULL, 300, 'USD', 'forever', NULL, 'active', now(), now())`,
  );
  await pool.query(
    `INSERT INTO admin_center.campaign_member (campaign_id, user_id, arm, paid_before, assigned_at)
     SELECT campaign_id, ${user('n')}, CASE ${random("'arm' || n", 10)} WHEN 0 THEN 'holdout' ELSE 'treated' END, n % 3 = 0, now() - (5 + n * 31 % 160) * interval '1 day'
     FROM generate_series(1, $1::bigint) n JOIN admin_center.campaign c ON c.key = 'campaign-' || (1 + n % ${CAMPAIGNS})`,
    [Math.round(REDEMPTIONS / 0.9)],
  );
  // A code for each, as a batch makes them.
  await pool.query(
    `INSERT INTO admin_center.promotion_code (code, coupon_id, campaign_id, user_id, created_at)
     SELECT upper(replace(m.user_id::text, '-', '')), c.coupon_id, m.campaign_id, m.user_id, m.assigned_at FROM admin_center.campaign_member m JOIN admin_center.coupon c ON c.name = (${random('m.user_id', 3)})::text WHERE m.arm = 'treated'`,
  );
  await pool.query(
    `INSERT INTO admin_center.redemption (reference, code_id, coupon_id, campaign_id, user_id, at, subtotal_minor, discount_minor, committed_minor, currency, tier)
     SELECT code, code_id, coupon_id, campaign_id, user_id, created_at, 1000, 200, 200, CASE ${random('user_id', 4)} WHEN 0 THEN 'EUR' ELSE 'USD' END, 'premium' FROM admin_center.promotion_code`,
  );
  await pool.query(
    `INSERT INTO admin_center.referral (referrer_id, referee_id, stage, reward_minor, reward_currency, clicked_at, signed_up_at, qualified_at, rewarded_at)
     SELECT ${user('n')}, ${user('n + $1::integer')}, (ARRAY['rewarded', 'held', 'signup'])[1 + n % 3], 1000, 'USD', now() - interval '20 days', now() - interval '20 days', now() - interval '19 days',
       CASE WHEN n % 3 = 0 THEN now() - interval '10 days' END
     FROM generate_series(1, $1::integer) n`,
    [Math.round(USERS / 2)],
  );
  await pool.query('SELECT admin_center.refresh_user_directory(true)');
  await pool.query(NAIVE_CAMPAIGN_RETURNS);
  await pool.query('VACUUM ANALYZE');
}

async function measure([owner, apiPool, exporterPool]: readonly [pg.Pool, pg.Pool, pg.Pool], report: Report): Promise<void> {
  const database = createDatabase(apiPool);
  const { rows: [size] } = await owner.query<{ redemptions: number; payments: number }>('SELECT (SELECT count(*) FROM admin_center.redemption)::integer AS redemptions, (SELECT count(*) FROM public.payment_transactions)::integer AS payments');
  const all = 'ARRAY(SELECT campaign_id FROM admin_center.campaign)';
  const { rows: differing } = await owner.query(`SELECT * FROM naive_campaign_returns(${all}) EXCEPT SELECT * FROM admin_center.campaign_returns(${all})`);
  if (differing.length > 0) {
    throw new Error('The returns differ from those of the plain way.');
  }
  const best = (work: () => Promise<unknown>): Promise<number> => quickest(() => timed(work));
  const compare = (what: string, naive: number, ours: number): void => report({ what, ...size, 'plain way, ms': naive, 'ours, ms': ours, ratio: naive / ours });

  const naiveAll = await best(() => owner.query(`SELECT * FROM naive_campaign_returns(${all})`));
  compare('returns of all campaigns, as the worker keeps them', naiveAll, await best(() => keepReturns(database)));
  const collector = await best(() => inSnapshot(exporterPool, 60_000, (client) => collect(client, promotions)));
  compare('collector of the exporter, which asked for them itself', naiveAll + collector, collector);

  const { rows: [campaign] } = await owner.query<{ id: string }>("SELECT campaign_id AS id FROM admin_center.campaign WHERE key = 'campaign-3'");
  const id = campaign?.id ?? '';
  const { rows: [coupon] } = await owner.query<{ id: string }>('SELECT coupon_id AS id FROM admin_center.coupon LIMIT 1');
  const now = new Date();
  compare('analytics of one campaign', await best(() => owner.query('SELECT * FROM naive_campaign_returns(ARRAY[$1::uuid])', [id])), await best(() => readAnalytics(database, id, now)));
  report({
    what: 'pages', ...size,
    'campaigns, ms': await best(() => listCampaigns(database, PAGE, now)),
    'coupons, ms': await best(() => listCoupons(database, PAGE, now, false)),
    'codes, ms': await best(() => listCodes(database, PAGE, now, false)),
    'codes of a campaign, ms': await best(() => listCodes(database, { ...PAGE, campaignId: id }, now, false)),
    'redemptions, ms': await best(() => listRedemptions(database, PAGE)),
    'of a campaign, ms': await best(() => listRedemptions(database, { ...PAGE, campaignId: id })),
    'referrals, ms': await best(() => listReferrals(database, PAGE)),
    'referrals on hold, ms': await best(() => listReferrals(database, { ...PAGE, stage: 'held' })),
  });
  report({
    what: 'previews', ...size,
    'end of a campaign, ms': await best(async () => previewCampaign(database, 'kill', await readCampaign(database, id, now), null)),
    'end of a coupon, ms': await best(async () => previewCoupon(database, 'archive', await readCoupon(database, coupon?.id ?? '', now), null)),
  });
}
