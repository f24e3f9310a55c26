// The arithmetic of discounts, in whole minor units: percent before amount, and never below nothing.
import type { Discount, Duration } from '@admin-center/contracts/promotions';

export type Interval = 'month' | 'year';

/** What `forever` is budgeted for. */
const MONTHS_OF_FOREVER = 12;

export interface Applied<T> {
  readonly source: T;
  readonly amountMinor: number;
}

export interface Stacked<T> {
  /** In the order they were taken off. */
  readonly discounts: readonly Applied<T>[];
  readonly totalMinor: number;
}

/** Hundredths of a percent of an amount, half a minor unit rounded up; exact for every amount a number can hold. */
export const percentOf = (amountMinor: number, basisPoints: number): number => Number((BigInt(amountMinor) * BigInt(basisPoints) + 5_000n) / 10_000n);

export const basisPointsOf = (percentOff: number): number => Math.round(percentOff * 100);

/** An amount of another currency is no discount at all: it is never converted. */
export const fitsCurrency = (discount: Discount, currency: string): boolean => discount.kind === 'percent' || discount.currency === currency;

/**
 * Takes discounts off an amount of one currency. Percents come first, each of what is left; then amounts, each of at most
 * what is left; within a kind in the order given.
 * @throws RangeError for an amount of another currency, which callers refuse before
 */
export function stack<T>(subtotalMinor: number, currency: string, given: readonly { readonly source: T; readonly discount: Discount }[]): Stacked<T> {
  let left = subtotalMinor;
  const ordered = [...given.filter(({ discount }) => discount.kind === 'percent'), ...given.filter(({ discount }) => discount.kind === 'amount')];
  const discounts = ordered.map(({ source, discount }): Applied<T> => {
    if (!fitsCurrency(discount, currency)) {
      throw new RangeError(`A discount in another currency than ${currency} cannot be taken off.`);
    }
    const wanted = discount.kind === 'percent' ? percentOf(left, basisPointsOf(discount.percentOff)) : discount.amountOffMinor;
    const amountMinor = Math.min(wanted, left);
    left -= amountMinor;
    return { source, amountMinor };
  });
  return { discounts, totalMinor: left };
}

export const discountOf = (subtotalMinor: number, currency: string, discount: Discount): number =>
  subtotalMinor - stack(subtotalMinor, currency, [{ source: null, discount }]).totalMinor;

/** How many invoices a coupon is good for, as far as it is budgeted. */
export function invoicesOf(duration: Duration, interval: Interval): number {
  const months = duration.kind === 'once' ? 1 : duration.kind === 'repeating' ? duration.months : MONTHS_OF_FOREVER;
  return interval === 'year' ? Math.ceil(months / 12) : months;
}

/** How long a discount lasts; null: forever. */
export const monthsOf = (duration: Duration): number | null => (duration.kind === 'once' ? 1 : duration.kind === 'repeating' ? duration.months : null);
