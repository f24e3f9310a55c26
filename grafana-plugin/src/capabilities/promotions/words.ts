// Discounts, durations and amounts in words, and amounts as people type them.
import type { Coupon, Discount, Duration, PromotionCode } from '@admin-center/contracts/promotions';
import { formatCount, formatMoney, plural } from '../../platform/format.ts';

export const discountText = (discount: Discount): string => (discount.kind === 'percent' ? `${discount.percentOff}% off` : `${formatMoney(discount.amountOffMinor, discount.currency)} off`);

export function durationText(duration: Duration): string {
  switch (duration.kind) {
    case 'once':
      return 'once';
    case 'repeating':
      return `for ${plural(duration.months, 'month')}`;
    case 'forever':
      return 'forever';
  }
}

/** "25% off for 3 months" */
export const couponText = ({ discount, duration }: Pick<Coupon, 'discount' | 'duration'>): string => `${discountText(discount)} ${durationText(duration)}`;

/** "12 of 100", "12" */
export const usedText = (used: number, most: number | null): string => (most === null ? formatCount(used) : `${formatCount(used)} of ${formatCount(most)}`);

const digitsOf = (currency: string): number => {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
};

/** "12.50" → 1250. NaN for what is no amount, or has more decimals than its currency. */
export function toMinor(text: string, currency: string): number {
  const digits = digitsOf(currency);
  const match = /^(\d{1,12})(?:\.(\d+))?$/.exec(text.trim());
  const [, whole = '', fraction = ''] = match ?? [];
  return match === null || fraction.length > digits ? Number.NaN : Number(`${whole}${fraction.padEnd(digits, '0')}`);
}

/** 1250 → "12.50" */
export const fromMinor = (amountMinor: number, currency: string): string => (amountMinor / 10 ** digitsOf(currency)).toFixed(digitsOf(currency));

/** What stands in the way of a code, in a few words. */
export function limitsText({ firstTimeTransaction, minimumAmount, maxPerUser, userId }: Pick<PromotionCode, 'firstTimeTransaction' | 'minimumAmount' | 'maxPerUser' | 'userId'>): string {
  const limits = [
    firstTimeTransaction && 'first payment only',
    minimumAmount && `from ${formatMoney(minimumAmount.amountMinor, minimumAmount.currency)}`,
    maxPerUser !== null && `${formatCount(maxPerUser)} per user`,
    userId !== null && 'one user only',
  ].filter((each) => each !== false && each !== null);
  return limits.length === 0 ? 'none' : limits.join(', ');
}
