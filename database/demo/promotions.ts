// Acme's promotions: a campaign that runs with a hold-out, one that is over, one whose budget is spent, one that was killed
// when its code got around, and a referral programme. What was redeemed is what the demo's payments came to.
import { sql } from 'kysely';
import { bucketOf, bucketsOf, SEEDS } from '@cloudtolocalllm/admin-center-sdk/flags/bucket';
import { DAY, HOUR, iso } from './calendar.ts';
import type { Company } from './company.ts';
import type { Past, Tx } from './past.ts';
import { referralsPast } from './promotions-referrals.ts';
import { derive, purpose, uuidOf } from './random.ts';

const MINUTE = 60_000;
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const HOLDOUT = 0.2;
/** Of the people a discount would win, so many buy without it. */
const BUYS_ANYWAY = 0.45;

interface CouponPlan {
  readonly name: string;
  readonly percentBp?: number;
  readonly amountMinor?: number;
  readonly duration: 'once' | 'repeating' | 'forever';
  readonly months?: number;
  readonly tiers?: readonly string[];
  readonly status: 'draft' | 'active' | 'archived';
  /** Days before the demo begins. */
  readonly age: number;
}

const COUPONS = {
  welcome: { name: 'Welcome 20%', percentBp: 2_000, duration: 'repeating', months: 3, status: 'active', age: 45 },
  winter: { name: 'Winter sale', amountMinor: 300, duration: 'once', status: 'active', age: 130 },
  founders: { name: 'Founders week 50%', percentBp: 5_000, duration: 'once', status: 'active', age: 80 },
  partner: { name: 'Partner portal 30%', percentBp: 3_000, duration: 'once', status: 'active', age: 30 },
  loyal: { name: 'Loyal 10%', percentBp: 1_000, duration: 'forever', tiers: ['enterprise'], status: 'active', age: 200 },
  students: { name: 'Students 40%', percentBp: 4_000, duration: 'repeating', months: 12, tiers: ['premium'], status: 'draft', age: 3 },
  beta: { name: 'Thanks for testing', percentBp: 10_000, duration: 'once', status: 'archived', age: 400 },
} as const satisfies Readonly<Record<string, CouponPlan>>;
type CouponName = keyof typeof COUPONS;

interface CampaignPlan {
  readonly key: string;
  readonly name: string;
  readonly coupon: CouponName;
  readonly code: string;
  /** Days before the demo begins; negative: after. */
  readonly from: number;
  readonly to: number | null;
  readonly status: 'active' | 'killed';
  readonly holdout: number;
  /** Share of the payments in its time that used the code. */
  readonly share: number;
  readonly firstOnly: boolean;
  /** When its codes stopped being used, if before its end. */
  readonly until?: number;
  /** Limit of its budgets as a multiple of what was spent; none: no budget. */
  readonly budget?: number;
  readonly openings?: unknown;
}

const CAMPAIGNS: readonly CampaignPlan[] = [
  { key: 'welcome-offer', name: 'Welcome offer', coupon: 'welcome', code: 'WELCOME20', from: 40, to: -20, status: 'active', holdout: HOLDOUT, share: 0.75, firstOnly: true, budget: 1.6 },
  { key: 'winter-sale', name: 'Winter sale', coupon: 'winter', code: 'WINTER', from: 120, to: 85, status: 'active', holdout: 0, share: 0.7, firstOnly: false, budget: 1.2 },
  { key: 'founders-week', name: 'Founders week', coupon: 'founders', code: 'FOUNDERS', from: 75, to: null, status: 'active', holdout: 0, share: 0.5, firstOnly: false, until: 68, budget: 1 },
  { key: 'partner-portal', name: 'Partner portal', coupon: 'partner', code: 'PARTNER30', from: 25, to: -5, status: 'killed', holdout: 0, share: 0.85, firstOnly: false, until: 23 },
];
const UNIQUE_CODES = 250;

interface Sale {
  readonly payment_id: string;
  readonly user_id: string;
  readonly amount_minor: number;
  readonly currency: string;
  readonly created_at: Date;
  readonly tier: string;
  /** Whether the user had paid before. */
  readonly again: boolean;
}

interface Redeemed {
  readonly paymentId: string;
  readonly userId: string;
  readonly at: string;
  readonly subtotal: number;
  readonly discount: number;
  readonly committed: number;
  readonly currency: string;
  readonly tier: string;
  readonly again: boolean;
}

export const promotions: Past = {
  name: 'promotions',
  isThere: async (tx) => (await sql`SELECT FROM admin_center.coupon LIMIT 1`.execute(tx)).rows.length > 0,
  async write(tx, company) {
    const ids = couponIds(company);
    await writeCoupons(tx, company, ids);
    await collectSales(tx);
    for (const plan of CAMPAIGNS) {
      await writeCampaign(tx, company, plan, ids[plan.coupon]);
    }
    await writeCodes(tx, company, ids);
    await referralsPast(tx, company, ids.welcome);
    await tallyUp(tx);
  },
};

const named = (company: Company, what: string, index = 0): string => uuidOf(derive(company.key, purpose(`promotions ${what}`), index));
const couponIds = (company: Company) => Object.fromEntries(Object.keys(COUPONS).map((name) => [name, named(company, `coupon ${name}`)])) as Record<CouponName, string>;

async function writeCoupons(tx: Tx, company: Company, ids: Record<CouponName, string>): Promise<void> {
  for (const [name, given] of Object.entries(COUPONS)) {
    const plan: CouponPlan = given;
    const at = iso(company.loadedAt - plan.age * DAY);
    await sql`
      INSERT INTO admin_center.coupon (coupon_id, name, percent_off_bp, amount_off_minor, currency, duration, duration_months, tiers, status, created_at, updated_at)
      VALUES (${ids[name as CouponName]}, ${plan.name}, ${plan.percentBp ?? null}, ${plan.amountMinor ?? null}, ${plan.amountMinor === undefined ? null : 'USD'}, ${plan.duration},
        ${plan.months ?? null}, ${plan.tiers ?? []}::text[], ${plan.status}, ${at}, ${at})
    `.execute(tx);
  }
}

/** All sales with their place in the user's row of them, once: the host has no index that leads from a user to payments. */
async function collectSales(tx: Tx): Promise<void> {
  await sql`
    CREATE TEMPORARY TABLE demo_sale ON COMMIT DROP AS
    SELECT p.payment_id, p.user_id, p.amount_minor::integer AS amount_minor, p.currency, p.created_at, s.tier,
      row_number() OVER (PARTITION BY p.user_id ORDER BY p.created_at, p.payment_id) > 1 AS again
    FROM admin_center.payment p JOIN admin_center.subscription s USING (subscription_id)
    WHERE p.status IN ('succeeded', 'refunded', 'partially_refunded', 'disputed')
  `.execute(tx);
  await sql`ANALYZE demo_sale`.execute(tx);
}

/** Sales in a time, each user's earliest, that a draw from the payment's id takes; a sale has one code. */
async function salesBetween(tx: Tx, { key, share, firstOnly, coupon }: CampaignPlan, from: number, to: number): Promise<Sale[]> {
  const amountOnly = (COUPONS[coupon] as CouponPlan).amountMinor === undefined ? sql`TRUE` : sql`p.currency = 'USD'`;
  const { rows } = await sql<Sale>`
    SELECT * FROM (
      SELECT DISTINCT ON (p.user_id) p.* FROM demo_sale p
      WHERE p.created_at >= ${iso(from)} AND p.created_at < ${iso(to)} AND ${amountOnly}
        AND NOT EXISTS (SELECT FROM admin_center.redemption r WHERE r.reference = 'checkout-' || substr(md5(p.payment_id::text), 1, 12))
        AND ('x' || substr(md5(${key} || p.payment_id::text), 1, 7))::bit(28)::integer / 268435456.0 < ${share}
      ORDER BY p.user_id, p.created_at
    ) sale
    WHERE ${firstOnly ? sql`NOT sale.again` : sql`TRUE`}
    ORDER BY sale.created_at, sale.payment_id
  `.execute(tx);
  return rows;
}

async function writeCampaign(tx: Tx, company: Company, plan: CampaignPlan, couponId: string): Promise<void> {
  const id = named(company, `campaign ${plan.key}`);
  const codeId = named(company, `code ${plan.code}`);
  const [from, to] = [company.loadedAt - plan.from * DAY, plan.to === null ? null : company.loadedAt - plan.to * DAY];
  const made = iso(from - 2 * DAY);
  const touched = iso(plan.status === 'killed' ? company.loadedAt - (plan.until ?? 0) * DAY : from - DAY);
  await sql`
    INSERT INTO admin_center.campaign (campaign_id, key, name, starts_at, ends_at, zone, reporting_currency, margin_share, holdout_share, status, created_at, updated_at)
    VALUES (${id}, ${plan.key}, ${plan.name}, ${iso(from)}, ${to === null ? null : iso(to)}, 'Europe/Berlin', 'USD', 0.8, ${plan.holdout}, ${plan.status}, ${made}, ${touched})
  `.execute(tx);
  await sql`
    INSERT INTO admin_center.promotion_code (code_id, code, coupon_id, campaign_id, first_time_transaction, max_per_user, created_at)
    VALUES (${codeId}, ${plan.code}, ${couponId}, ${id}, ${plan.firstOnly}, 1, ${made})
  `.execute(tx);
  const used = Math.min(company.loadedAt, plan.until === undefined ? (to ?? company.loadedAt) : company.loadedAt - plan.until * DAY);
  const sales = await salesBetween(tx, plan, from, used);
  const held = (userId: string): boolean => plan.holdout > 0 && bucketOf(`campaign:${plan.key}`, userId, SEEDS.holdOut) < bucketsOf(plan.holdout * 100);
  await writeRedemptions(tx, { id, codeId, couponId, plan }, sales.filter(({ user_id }) => !held(user_id)));
  if (plan.holdout > 0) {
    const treated = sales.filter(({ user_id }) => !held(user_id)).length;
    const paying = sales.filter(({ user_id, payment_id }) => held(user_id) && Number.parseInt(payment_id.slice(0, 4), 16) / 65_536 < BUYS_ANYWAY);
    await writeHoldout(tx, { id, paying, wanted: Math.round((treated * plan.holdout) / (1 - plan.holdout)), from, to: used }, held);
  }
  await writeBudgets(tx, id, plan);
  await sql`SELECT admin_center.start_redemption_counters(${plan.key})`.execute(tx);
}

/** Before the discount it was so much that after it the payment remains. */
function priceBefore(plan: CouponPlan, paid: number): number {
  if (plan.amountMinor !== undefined) {
    return paid + plan.amountMinor;
  }
  const basisPoints = plan.percentBp as number;
  const left = (subtotal: number): number => subtotal - Math.floor((subtotal * basisPoints + 5_000) / 10_000);
  let subtotal = Math.round((paid * 10_000) / (10_000 - basisPoints)) - 1;
  while (left(subtotal) < paid) {
    subtotal += 1;
  }
  return subtotal;
}

async function writeRedemptions(tx: Tx, { id, codeId, couponId, plan }: { id: string; codeId: string; couponId: string; plan: CampaignPlan }, sales: readonly Sale[]): Promise<void> {
  const coupon: CouponPlan = COUPONS[plan.coupon];
  const redeemed = sales.map((sale): Redeemed => {
    const subtotal = priceBefore(coupon, sale.amount_minor);
    const discount = subtotal - sale.amount_minor;
    return {
      paymentId: sale.payment_id, userId: sale.user_id, at: iso(sale.created_at.getTime() - MINUTE), subtotal, discount,
      committed: discount * (coupon.months ?? 1), currency: sale.currency, tier: sale.tier, again: sale.again,
    };
  });
  await sql`
    WITH given AS (
      SELECT * FROM json_to_recordset(${JSON.stringify(redeemed)}::json)
        AS r ("paymentId" uuid, "userId" uuid, at timestamptz, subtotal bigint, discount bigint, committed bigint, currency text, tier text, again boolean)
    ),
    members AS (
      INSERT INTO admin_center.campaign_member (campaign_id, user_id, arm, paid_before, assigned_at)
      SELECT ${id}, "userId", 'treated', again, at FROM given
    ),
    uses AS (
      INSERT INTO admin_center.promotion_code_use (code_id, user_id, used) SELECT ${codeId}, "userId", 1 FROM given
    )
    INSERT INTO admin_center.redemption (redemption_id, reference, code_id, coupon_id, campaign_id, user_id, at, subtotal_minor, discount_minor, committed_minor, currency, tier)
    SELECT md5(${plan.key} || "paymentId"::text)::uuid, 'checkout-' || substr(md5("paymentId"::text), 1, 12), ${codeId}, ${couponId}, ${id}, "userId", at, subtotal, discount, committed, currency, tier FROM given
  `.execute(tx);
  await sql`UPDATE admin_center.campaign SET redemptions = ${redeemed.length} WHERE campaign_id = ${id}`.execute(tx);
}

/** Who paid without the discount, and enough who tried the code, got nothing and did not pay. */
async function writeHoldout(tx: Tx, { id, paying, wanted, from, to }: { id: string; paying: readonly Sale[]; wanted: number; from: number; to: number }, held: (userId: string) => boolean): Promise<void> {
  const { rows } = await sql<{ user_id: string; created_at: Date }>`
    SELECT a.user_id, a.created_at FROM admin_center.account a JOIN admin_center.entitlement e USING (user_id)
    WHERE a.created_at >= ${iso(from)} AND a.created_at < ${iso(to - HOUR)} AND a.state = 'active' AND e.tier = 'free'
    ORDER BY a.user_id
  `.execute(tx);
  const others = rows.filter(({ user_id }) => held(user_id)).slice(0, Math.max(0, wanted - paying.length));
  const members = [
    ...paying.map((sale) => ({ userId: sale.user_id, at: iso(sale.created_at.getTime() - MINUTE) })),
    ...others.map((user) => ({ userId: user.user_id, at: iso(user.created_at.getTime() + HOUR) })),
  ];
  await sql`
    INSERT INTO admin_center.campaign_member (campaign_id, user_id, arm, paid_before, assigned_at)
    SELECT ${id}, "userId", 'holdout', false, at FROM json_to_recordset(${JSON.stringify(members)}::json) AS m ("userId" uuid, at timestamptz)
    ON CONFLICT DO NOTHING
  `.execute(tx);
}

async function writeBudgets(tx: Tx, id: string, { budget }: CampaignPlan): Promise<void> {
  if (budget === undefined) {
    return;
  }
  // Round limits, as people set them; a spent one is what was spent and a refusal.
  await sql`
    INSERT INTO admin_center.campaign_budget (campaign_id, currency, limit_minor, spent_minor, exhausted_at)
    SELECT ${id}, currency, CASE WHEN ${budget > 1}::boolean THEN ceil(sum(committed_minor) * ${budget}::numeric / 10000) * 10000 ELSE sum(committed_minor) + 100 END,
      sum(committed_minor), CASE WHEN ${budget > 1}::boolean THEN NULL ELSE max(at) + interval '1 hour' END
    FROM admin_center.redemption WHERE campaign_id = ${id} GROUP BY currency
  `.execute(tx);
}

/** Codes outside of the campaigns' own: one for loyal customers, one of the past, unique ones for the founders' week. */
async function writeCodes(tx: Tx, company: Company, ids: Record<CouponName, string>): Promise<void> {
  const batch = named(company, 'batch');
  const founders = named(company, 'campaign founders-week');
  const at = iso(company.loadedAt - 76 * DAY);
  const unique = Array.from({ length: UNIQUE_CODES }, (_, index) => {
    const words = derive(company.key, purpose('promotions unique code'), index);
    return `FW${words.flatMap((word) => [0, 8, 16].map((shift) => ALPHABET[(word >>> shift) % ALPHABET.length])).slice(0, 10).join('')}`;
  });
  await sql`
    INSERT INTO admin_center.promotion_code (code_id, code, coupon_id, active, max_per_user, created_at) VALUES
      (${named(company, 'code LOYAL10')}, 'LOYAL10', ${ids.loyal}, true, 1, ${iso(company.loadedAt - 200 * DAY)}),
      (${named(company, 'code TESTERS')}, 'TESTERS', ${ids.beta}, false, 1, ${iso(company.loadedAt - 400 * DAY)})
  `.execute(tx);
  await sql`
    INSERT INTO admin_center.code_batch (batch_id, coupon_id, campaign_id, prefix, length, count, made, state, created_by, created_at, finished_at, first_time_transaction, max_redemptions)
    VALUES (${batch}, ${ids.founders}, ${founders}, 'FW', 10, ${UNIQUE_CODES}, ${UNIQUE_CODES}, 'done', 'fin.larsen@acme.example', ${at}, ${at}, false, 1)
  `.execute(tx);
  await sql`
    INSERT INTO admin_center.promotion_code (code_id, code, coupon_id, campaign_id, batch_id, max_redemptions, created_at)
    SELECT md5(code)::uuid, code, ${ids.founders}, ${founders}, ${batch}, 1, ${at} FROM unnest(${unique}::text[]) AS code
  `.execute(tx);
}

/** Counts follow from the rows; what was turned away left none. */
async function tallyUp(tx: Tx): Promise<void> {
  await sql`
    UPDATE admin_center.promotion_code p SET times_redeemed = used.times
    FROM (SELECT code_id, count(*) AS times FROM admin_center.redemption GROUP BY code_id) used WHERE used.code_id = p.code_id
  `.execute(tx);
  await sql`
    UPDATE admin_center.coupon c SET times_redeemed = used.times
    FROM (SELECT coupon_id, count(*) AS times FROM admin_center.redemption GROUP BY coupon_id) used WHERE used.coupon_id = c.coupon_id
  `.execute(tx);
  await sql`
    SELECT admin_center.tally_add('admincenter_coupon_redemptions_total', jsonb_build_object('campaign', campaign, 'result', result), times)
    FROM (
      SELECT key AS campaign, 'applied' AS result, redemptions AS times FROM admin_center.campaign
      UNION ALL
      SELECT key, 'holdout', count(*) FROM admin_center.campaign_member JOIN admin_center.campaign USING (campaign_id) WHERE arm = 'holdout' GROUP BY key
      UNION ALL
      SELECT key, 'budget_exhausted', redemptions / 3 FROM admin_center.campaign WHERE key = 'founders-week'
      UNION ALL
      SELECT key, 'inactive', redemptions / 4 FROM admin_center.campaign WHERE status = 'killed'
      UNION ALL
      SELECT key, 'already_redeemed', redemptions / 20 FROM admin_center.campaign
      UNION ALL
      SELECT 'none', 'unknown_code', sum(redemptions) / 15 FROM admin_center.campaign
    ) counted
  `.execute(tx);
}
