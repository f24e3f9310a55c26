// The most that coupons can still cost: redemptions that are left, times the most one of them takes off.
import type { PromotionPreview } from '@admin-center/contracts/promotions';
import type { Tier } from '@admin-center/contracts/capability';
import { sql } from 'kysely';
import type { Queryable } from '../../platform/database.ts';
import { type CouponRow, discountOfRow, durationOfRow } from './coupons.ts';
import { discountOf, invoicesOf } from './discounts.ts';

export interface Price {
  readonly currency: string;
  readonly tier: Tier;
  readonly amountMinor: number;
}

/** A coupon, and how often its codes can still be redeemed; null: nothing bounds it. */
export interface Exposure {
  readonly coupon: Pick<CouponRow, 'percent_off_bp' | 'amount_off_minor' | 'currency' | 'duration' | 'duration_months' | 'tiers'>;
  readonly redemptionsLeft: number | null;
}

export type Cost = Pick<PromotionPreview['worstCase'][number], 'currency' | 'discountMinor'>;

export async function readPrices(database: Queryable): Promise<Price[]> {
  const { rows } = await sql<Price>`
    SELECT currency, tier, max(amount_minor) AS "amountMinor" FROM admin_center.price WHERE period = 'month' GROUP BY currency, tier ORDER BY currency, tier
  `.execute(database);
  return rows;
}

/** By currency, in alphabetical order. */
export function worstCaseOf(exposures: readonly Exposure[], prices: readonly Price[]): Cost[] {
  const costs = new Map<string, number | null>();
  for (const { coupon, redemptionsLeft } of exposures) {
    const discount = discountOfRow(coupon);
    const months = invoicesOf(durationOfRow(coupon), 'month');
    const currencies = discount.kind === 'amount' ? [discount.currency] : new Set(prices.map(({ currency }) => currency));
    for (const currency of currencies) {
      const offered = prices.filter((price) => price.currency === currency && (coupon.tiers.length === 0 || coupon.tiers.includes(price.tier)));
      // Without a price in its currency an amount is bounded by itself only.
      const dearest = offered.length > 0 ? Math.max(...offered.map(({ amountMinor }) => amountMinor)) : discount.kind === 'amount' ? discount.amountOffMinor : 0;
      const sofar = costs.get(currency);
      const more = redemptionsLeft === null ? null : redemptionsLeft * discountOf(dearest, currency, discount) * months;
      const sum = sofar === null || more === null ? null : (sofar ?? 0) + more;
      costs.set(currency, sum !== null && Number.isSafeInteger(sum) ? sum : null);
    }
  }
  return [...costs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, discountMinor]) => ({ currency, discountMinor }));
}
