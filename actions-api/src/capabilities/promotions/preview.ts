// Blast radius of switching a coupon or campaign on or off (M9): who could redeem it, and what that can still cost.
import type { Tier } from '@admin-center/contracts/capability';
import type { BlastRadius } from '@admin-center/contracts/fields';
import type { PromotionPreview } from '@admin-center/contracts/promotions';
import { sql } from 'kysely';
import { type Audience, measure, previewToken } from '../../platform/blast-radius.ts';
import type { Queryable } from '../../platform/database.ts';
import type { CampaignRow } from './campaigns.ts';
import type { CouponRow } from './coupons.ts';
import { type Exposure, readPrices, worstCaseOf } from './worst-case.ts';

type Slo = BlastRadius['slo'];

interface CouponInUse extends CouponRow {
  readonly codes: number;
  readonly bound_users: string[];
  readonly open_codes: number;
  readonly first_time_codes: number;
  /** Of all its codes; null where one of them has no limit at all. */
  readonly codes_left: number | null;
  /** Of codes that each user can redeem so often, per user. */
  readonly per_user: number;
}

export async function previewCoupon(database: Queryable, change: 'activate' | 'archive', coupon: CouponRow, slo: Slo): Promise<PromotionPreview> {
  const inUse = await readInUse(database, sql`p.coupon_id = ${coupon.coupon_id}`);
  const { radius, worstCase, codes, warnings } = await measureCoupons(database, inUse, coupon.tiers);
  const stands = change === 'activate' ? coupon.status === 'draft' : coupon.status !== 'archived';
  return {
    ...radius, sessions: 0, experiments: [], slo, approval: 'not_needed', codes,
    worstCase: worstCase.map((cost) => ({ ...cost, budgetMinor: null })),
    warnings: [...(stands ? [] : [`This coupon is ${coupon.state}, so the change will be refused.`]), ...(change === 'activate' ? warnings : [])],
    token: previewToken([change, coupon.coupon_id, coupon.version, codes]),
  };
}

export async function previewCampaign(database: Queryable, change: 'activate' | 'kill' | 'archive', campaign: CampaignRow, slo: Slo): Promise<PromotionPreview> {
  const inUse = await readInUse(database, sql`p.campaign_id = ${campaign.campaign_id}`);
  const { radius, worstCase, codes, warnings } = await measureCoupons(database, inUse, []);
  const budgetOf = (currency: string): number | null => {
    const budget = campaign.budgets.find((candidate) => candidate.currency === currency);
    return budget === undefined ? null : budget.limitMinor - budget.spentMinor;
  };
  const budgetOnly = campaign.budgets.filter(({ currency }) => !worstCase.some((cost) => cost.currency === currency));
  return {
    ...radius, sessions: 0, experiments: [], slo, codes,
    approval: needsApproval(change, campaign) ? 'needed' : 'not_needed',
    worstCase: [
      // A currency without a budget is refused where there are budgets, so it costs nothing.
      ...worstCase.map(({ currency, discountMinor }) => ({ currency, discountMinor: campaign.budgets.length > 0 && budgetOf(currency) === null ? 0 : discountMinor, budgetMinor: budgetOf(currency) })),
      ...budgetOnly.map(({ currency }) => ({ currency, discountMinor: 0, budgetMinor: budgetOf(currency) })),
    ],
    warnings: change === 'activate' ? [...campaignWarnings(campaign, inUse), ...warnings] : [],
    token: previewToken([change, campaign.campaign_id, campaign.version, codes, inUse.map(({ coupon_id, version }) => [coupon_id, version])]),
  };
}

/** Ending what runs on a budget takes two admins (S16). */
export const needsApproval = (change: 'activate' | 'kill' | 'archive', { budgets, status }: CampaignRow): boolean => change !== 'activate' && status === 'active' && budgets.length > 0;

function campaignWarnings({ budgets, holdout_share, status, state }: CampaignRow, inUse: readonly CouponInUse[]): string[] {
  const drafts = inUse.filter((coupon) => coupon.status === 'draft').map(({ name }) => name);
  return [
    ...(status === 'draft' ? [] : [`This campaign is ${state}, so the change will be refused.`]),
    ...(budgets.length === 0 ? ['There is no budget: nothing but its codes limits what it costs.'] : []),
    ...(holdout_share === 0 ? ['There is no hold-out: its return will be attributed, not incremental.'] : []),
    ...(drafts.length > 0 ? [`These coupons are drafts, and their codes do not work yet: ${drafts.join(', ')}.`] : []),
  ];
}

/** @param tiers of the coupon where there are no codes to go by; free users count always, since they can buy a plan */
async function measureCoupons(database: Queryable, inUse: readonly CouponInUse[], tiers: readonly Tier[]) {
  const open = inUse.filter(({ open_codes }) => open_codes > 0);
  const offered = open.length > 0 ? open.map((coupon) => coupon.tiers) : [tiers];
  const bound = inUse.length > 0 && open.length === 0;
  const audience: Audience =
    bound ? [...new Set(inUse.flatMap(({ bound_users }) => bound_users))]
    : offered.some((some) => some.length === 0) ? 'everyone'
    : { tiers: [...new Set<Tier>(['free', ...offered.flat()])] };
  const radius = await measure(database, audience);
  const exposures = inUse.map((coupon): Exposure => ({ coupon, redemptionsLeft: leftOf(coupon, radius.users) }));
  return {
    radius,
    codes: inUse.reduce((sum, { codes }) => sum + codes, 0),
    worstCase: worstCaseOf(exposures, await readPrices(database)),
    warnings: [
      ...(inUse.length === 0 ? ['There is no code that is switched on, so nobody can redeem it yet.'] : []),
      ...(inUse.some(({ first_time_codes }) => first_time_codes > 0) ? ['Some codes are only for users who never paid; they are counted as if they were for everybody.'] : []),
      ...(exposures.some(({ redemptionsLeft }) => redemptionsLeft === null) ? ['Nothing limits how often it can be redeemed.'] : []),
    ],
  };
}

function leftOf({ max_redemptions, times_redeemed, codes_left, per_user }: CouponInUse, users: number): number | null {
  const byCoupon = max_redemptions === null ? null : max_redemptions - times_redeemed;
  const byCodes = codes_left === null ? null : codes_left + per_user * users;
  return byCoupon === null ? byCodes : byCodes === null ? byCoupon : Math.min(byCoupon, byCodes);
}

/** The coupons with codes that are switched on, among those codes. */
async function readInUse(database: Queryable, codes: ReturnType<typeof sql>): Promise<CouponInUse[]> {
  const { rows } = await sql<CouponInUse>`
    SELECT c.*, used.*
    FROM (
      SELECT p.coupon_id, count(*) AS codes, count(*) FILTER (WHERE p.user_id IS NULL) AS open_codes,
        count(*) FILTER (WHERE p.first_time_transaction) AS first_time_codes,
        coalesce(array_agg(DISTINCT p.user_id) FILTER (WHERE p.user_id IS NOT NULL), '{}') AS bound_users,
        CASE WHEN bool_or(p.max_redemptions IS NULL AND p.max_per_user IS NULL) THEN NULL
          ELSE coalesce(sum(coalesce(p.max_redemptions - p.times_redeemed, CASE WHEN p.user_id IS NOT NULL THEN p.max_per_user END)), 0)::bigint END AS codes_left,
        coalesce(sum(p.max_per_user) FILTER (WHERE p.max_redemptions IS NULL AND p.user_id IS NULL), 0)::bigint AS per_user
      FROM admin_center.promotion_code p WHERE ${codes} AND p.active GROUP BY p.coupon_id
    ) AS used
    JOIN admin_center.coupon c USING (coupon_id)
    ORDER BY c.coupon_id
  `.execute(database);
  return rows;
}
