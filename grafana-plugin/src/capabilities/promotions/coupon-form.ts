// What the coupon form holds, and what it sends: everything for a new coupon, only the changes for one that exists.
import { TIERS, type Tier } from '@admin-center/contracts/capability';
import { promotions, type Coupon } from '@admin-center/contracts/promotions';
import { changesOf, instantOrNull, localOf, numberOrNull } from '../../platform/form-values.ts';
import { FIRST_CURRENCY } from './currencies.ts';
import { fromMinor, toMinor } from './words.ts';

export const createCouponSchema = promotions.endpoints.createCoupon.body;
export const updateCouponSchema = promotions.endpoints.updateCoupon.body;

export interface CouponValues {
  readonly name: string;
  readonly kind: 'percent' | 'amount';
  readonly percentOff: string;
  readonly amountOffMinor: string;
  readonly currency: string;
  readonly duration: 'once' | 'repeating' | 'forever';
  readonly months: string;
  readonly maxRedemptions: string;
  readonly redeemBy: string;
  readonly free: boolean;
  readonly premium: boolean;
  readonly enterprise: boolean;
  readonly reason: string;
}

export function couponValues(coupon?: Coupon): CouponValues {
  const discount = coupon?.discount;
  const has = (tier: Tier) => coupon?.tiers.includes(tier) ?? false;
  return {
    name: coupon?.name ?? '',
    kind: discount?.kind ?? 'percent',
    percentOff: discount?.kind === 'percent' ? String(discount.percentOff) : '',
    amountOffMinor: discount?.kind === 'amount' ? fromMinor(discount.amountOffMinor, discount.currency) : '',
    currency: discount?.kind === 'amount' ? discount.currency : FIRST_CURRENCY,
    duration: coupon?.duration.kind ?? 'once',
    months: coupon?.duration.kind === 'repeating' ? String(coupon.duration.months) : '3',
    maxRedemptions: coupon?.maxRedemptions?.toString() ?? '',
    redeemBy: localOf(coupon?.redeemBy ?? null),
    free: has('free'),
    premium: has('premium'),
    enterprise: has('enterprise'),
    reason: '',
  };
}

const fields = (values: CouponValues) => ({
  name: values.name.trim(),
  discount: values.kind === 'percent' ? { kind: 'percent', percentOff: numberOrNull(values.percentOff) } : { kind: 'amount', amountOffMinor: toMinor(values.amountOffMinor, values.currency), currency: values.currency },
  duration: values.duration === 'repeating' ? { kind: 'repeating', months: numberOrNull(values.months) } : { kind: values.duration },
  maxRedemptions: numberOrNull(values.maxRedemptions),
  redeemBy: instantOrNull(values.redeemBy),
  tiers: TIERS.filter((tier) => values[tier]),
});

export const newCoupon = (values: CouponValues): unknown => ({ ...fields(values), reason: values.reason });

export const couponChanges =
  (coupon: Coupon) =>
  (values: CouponValues): unknown => ({ ...changesOf<object>(fields(couponValues(coupon)), fields(values)), reason: values.reason, version: coupon.version });
