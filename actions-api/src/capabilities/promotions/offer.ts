// What a code offers one user at an instant, and whether they may have it: one judgement for redeeming, validating and
// the price preview. Redeeming makes sure of it again by conditional updates.
import type { RedemptionResult, Discount, Duration } from '@admin-center/contracts/promotions';
import type { Tier } from '@admin-center/contracts/capability';
import { sql } from 'kysely';
import type { Queryable } from '../../platform/database.ts';
import { discountOfRow, durationOfRow } from './coupons.ts';
import { discountOf, fitsCurrency, type Interval, invoicesOf } from './discounts.ts';
import { type Arm, armOf } from './holdout.ts';
import { isOpen, type Opening } from './openings.ts';
import { hasPaid } from './paid-before.ts';

export interface Purchase {
  readonly userId: string;
  readonly subtotalMinor: number;
  readonly currency: string;
  readonly tier: Tier;
  readonly interval: Interval;
}

interface OfferRow {
  readonly code_id: string;
  readonly code: string;
  readonly code_active: boolean;
  readonly bound_user_id: string | null;
  readonly first_time_transaction: boolean;
  readonly minimum_minor: number | null;
  readonly minimum_currency: string | null;
  readonly code_max: number | null;
  readonly code_used: number;
  readonly max_per_user: number | null;
  readonly code_expires_at: Date | null;
  readonly coupon_id: string;
  readonly coupon_name: string;
  readonly coupon_status: string;
  readonly percent_off_bp: number | null;
  readonly amount_off_minor: number | null;
  readonly currency: string | null;
  readonly duration: Duration['kind'];
  readonly duration_months: number | null;
  readonly coupon_max: number | null;
  readonly coupon_used: number;
  readonly redeem_by: Date | null;
  readonly tiers: Tier[];
  readonly campaign_id: string | null;
  readonly campaign_key: string | null;
  readonly campaign_status: string | null;
  readonly starts_at: Date | null;
  readonly ends_at: Date | null;
  readonly zone: string | null;
  readonly openings: Opening[] | null;
  readonly holdout_share: number | null;
  readonly budgeted: boolean;
  readonly budget_left_minor: number | null;
  readonly user_active: boolean;
  readonly paid_before: boolean;
  readonly used_by_user: number;
}

export interface Offer {
  readonly row: OfferRow;
  readonly discount: Discount;
  readonly duration: Duration;
  /** Off this invoice. */
  readonly discountMinor: number;
  /** Over the whole duration. */
  readonly committedMinor: number;
  readonly arm: Arm;
}

/** How a code that exists can be judged. */
export type Judged = Exclude<RedemptionResult, 'unknown_code' | 'throttled'>;
export type Verdict = { readonly result: 'unknown_code'; readonly offer: null } | { readonly result: Judged; readonly offer: Offer };

/** Codes are compared without regard to case and spaces around them. */
export const normalCode = (code: string): string => code.trim().toUpperCase();

export async function judge(database: Queryable, code: string, purchase: Purchase, at: Date): Promise<Verdict> {
  const row = await readOffer(database, normalCode(code), purchase);
  if (row === null) {
    return { result: 'unknown_code', offer: null };
  }
  const discount = discountOfRow(row);
  const duration = durationOfRow(row);
  const discountMinor = fitsCurrency(discount, purchase.currency) ? discountOf(purchase.subtotalMinor, purchase.currency, discount) : 0;
  const offer: Offer = {
    row, discount, duration, discountMinor,
    committedMinor: discountMinor * invoicesOf(duration, purchase.interval),
    arm: row.campaign_key === null ? 'treated' : armOf(row.campaign_key, row.holdout_share ?? 0, purchase.userId),
  };
  return { result: resultOf(offer, purchase, at), offer };
}

/** In the order in which a customer would want to know; the hold-out last, so that both its sides passed all the rest. */
function resultOf(offer: Offer, purchase: Purchase, at: Date): Judged {
  const { row } = offer;
  return availabilityOf(row, at) ?? eligibilityOf(row, purchase) ?? moneyOf(offer, purchase) ?? (offer.arm === 'holdout' ? 'holdout' : 'applied');
}

function availabilityOf(row: OfferRow, at: Date): Judged | null {
  const inCampaign = row.campaign_id !== null;
  if (!row.code_active || row.coupon_status !== 'active' || (inCampaign && row.campaign_status !== 'active')) {
    return 'inactive';
  }
  if (isPast(row.code_expires_at, at) || isPast(row.ends_at, at) || (row.redeem_by !== null && row.redeem_by < at)) {
    return 'expired';
  }
  if (inCampaign && ((row.starts_at as Date) > at || !isOpen(row.openings ?? [], row.zone as string, at))) {
    return 'outside_window';
  }
  return isFull(row.coupon_used, row.coupon_max) || isFull(row.code_used, row.code_max) ? 'exhausted' : null;
}

function eligibilityOf(row: OfferRow, { userId, tier }: Purchase): Judged | null {
  const bound = row.bound_user_id !== null && row.bound_user_id !== userId.toLowerCase();
  if (bound || !row.user_active || (row.tiers.length > 0 && !row.tiers.includes(tier))) {
    return 'not_eligible';
  }
  if (row.first_time_transaction && row.paid_before) {
    return 'not_first_time';
  }
  return isFull(row.used_by_user, row.max_per_user) ? 'already_redeemed' : null;
}

/** Any doubt about the currency refuses: nothing is ever converted. */
function moneyOf({ row, discount, committedMinor }: Offer, { subtotalMinor, currency }: Purchase): Judged | null {
  const otherMinimum = row.minimum_currency !== null && row.minimum_currency !== currency;
  if (!fitsCurrency(discount, currency) || otherMinimum || (row.budgeted && row.budget_left_minor === null)) {
    return 'currency_mismatch';
  }
  if (row.minimum_minor !== null && subtotalMinor < row.minimum_minor) {
    return 'below_minimum';
  }
  return row.budget_left_minor !== null && committedMinor > row.budget_left_minor ? 'budget_exhausted' : null;
}

const isPast = (end: Date | null, at: Date): boolean => end !== null && end <= at;
const isFull = (used: number, most: number | null): boolean => most !== null && used >= most;

async function readOffer(database: Queryable, code: string, { userId, currency }: Purchase): Promise<OfferRow | null> {
  const { rows } = await sql<OfferRow>`
    SELECT p.code_id, p.code, p.active AS code_active, p.user_id AS bound_user_id, p.first_time_transaction, p.minimum_minor, p.minimum_currency,
      p.max_redemptions AS code_max, p.times_redeemed AS code_used, p.max_per_user, p.expires_at AS code_expires_at,
      c.coupon_id, c.name AS coupon_name, c.status AS coupon_status, c.percent_off_bp, c.amount_off_minor, c.currency, c.duration, c.duration_months,
      c.max_redemptions AS coupon_max, c.times_redeemed AS coupon_used, c.redeem_by, c.tiers,
      g.campaign_id, g.key AS campaign_key, g.status AS campaign_status, g.starts_at, g.ends_at, g.zone, g.openings, g.holdout_share::double precision AS holdout_share,
      EXISTS (SELECT FROM admin_center.campaign_budget b WHERE b.campaign_id = g.campaign_id) AS budgeted,
      (SELECT b.limit_minor - b.spent_minor FROM admin_center.campaign_budget b WHERE b.campaign_id = g.campaign_id AND b.currency = ${currency}) AS budget_left_minor,
      EXISTS (SELECT FROM admin_center.account a WHERE a.user_id = ${userId} AND a.state = 'active') AS user_active,
      CASE WHEN p.first_time_transaction OR g.campaign_id IS NOT NULL THEN ${hasPaid(userId)} ELSE false END AS paid_before,
      coalesce((SELECT u.used FROM admin_center.promotion_code_use u WHERE u.code_id = p.code_id AND u.user_id = ${userId}), 0) AS used_by_user
    FROM admin_center.promotion_code p
    JOIN admin_center.coupon c USING (coupon_id)
    LEFT JOIN admin_center.campaign g USING (campaign_id)
    WHERE p.code = ${code}
  `.execute(database);
  return rows[0] ?? null;
}
