// The arithmetic of discounts, over any amounts and coupons there can be.
import { describe, expect, test } from '@jest/globals';
import type { Discount } from '@admin-center/contracts/promotions';
import fc from 'fast-check';
import { discountOf, invoicesOf, percentOf, stack } from './discounts.ts';

const amounts = fc.integer({ min: 0, max: 2 ** 53 - 1 });
const percents = fc.integer({ min: 1, max: 10_000 }).map((basisPoints): Discount => ({ kind: 'percent', percentOff: basisPoints / 100 }));
const amountsOff = fc.integer({ min: 1, max: 2 ** 40 }).map((amountOffMinor): Discount => ({ kind: 'amount', amountOffMinor, currency: 'EUR' }));
const coupons = fc.array(fc.oneof(percents, amountsOff), { maxLength: 6 });
const given = (discounts: readonly Discount[]) => discounts.map((discount, source) => ({ source, discount }));

describe('stacking', () => {
  test('never goes below nothing, gives nothing back, and adds up', () => {
    fc.assert(
      fc.property(amounts, coupons, (subtotal, discounts) => {
        const stacked = stack(subtotal, 'EUR', given(discounts));
        expect(stacked.totalMinor).toBeGreaterThanOrEqual(0);
        expect(stacked.discounts.every(({ amountMinor }) => amountMinor >= 0 && Number.isSafeInteger(amountMinor))).toBe(true);
        expect(stacked.discounts.reduce((sum, { amountMinor }) => sum - BigInt(amountMinor), BigInt(subtotal))).toBe(BigInt(stacked.totalMinor));
      }),
    );
  });

  test('takes percents before amounts, whatever the order they come in', () => {
    fc.assert(
      fc.property(amounts, percents, amountsOff, (subtotal, percent, amount) => {
        const [one, other] = [stack(subtotal, 'EUR', given([percent, amount])), stack(subtotal, 'EUR', given([amount, percent]))];
        expect(one.totalMinor).toBe(other.totalMinor);
        expect(other.discounts.map(({ source }) => source)).toEqual([1, 0]);
        expect(one.totalMinor).toBe(Math.max(0, subtotal - discountOf(subtotal, 'EUR', percent) - (amount.kind === 'amount' ? amount.amountOffMinor : 0)));
      }),
    );
  });

  test('costs no more with a coupon added', () => {
    fc.assert(
      fc.property(amounts, coupons, amountsOff, (subtotal, discounts, more) => {
        expect(stack(subtotal, 'EUR', given([...discounts, more])).totalMinor).toBeLessThanOrEqual(stack(subtotal, 'EUR', given(discounts)).totalMinor);
      }),
    );
  });

  test('of 100 and 20% and 15.00 leaves 65.00, not 68.00', () => {
    expect(stack(10_000, 'EUR', given([{ kind: 'amount', amountOffMinor: 1_500, currency: 'EUR' }, { kind: 'percent', percentOff: 20 }])).totalMinor).toBe(6_500);
  });

  test('never converts: an amount of another currency is refused, a percent is of any', () => {
    expect(() => stack(1_000, 'USD', given([{ kind: 'amount', amountOffMinor: 100, currency: 'EUR' }]))).toThrow(RangeError);
    expect(discountOf(1_000, 'USD', { kind: 'percent', percentOff: 10 })).toBe(100);
  });
});

describe('percents', () => {
  test('are rounded to the nearest minor unit, halves up, exactly as in fractions', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 10_000 }), (amount, basisPoints) => {
        const error = 2n * (BigInt(percentOf(amount, basisPoints)) * 10_000n - BigInt(amount) * BigInt(basisPoints));
        expect(error > -10_000n && error <= 10_000n).toBe(true);
      }),
    );
    expect([percentOf(999, 1_250), percentOf(1, 5_000), percentOf(1, 4_999), percentOf(2 ** 53 - 1, 10_000)]).toEqual([125, 1, 0, 2 ** 53 - 1]);
  });
});

test('a duration is so many invoices, a year of them for forever', () => {
  expect(invoicesOf({ kind: 'once' }, 'month')).toBe(1);
  expect(invoicesOf({ kind: 'repeating', months: 3 }, 'month')).toBe(3);
  expect(invoicesOf({ kind: 'repeating', months: 13 }, 'year')).toBe(2);
  expect(invoicesOf({ kind: 'forever' }, 'month')).toBe(12);
  expect(invoicesOf({ kind: 'forever' }, 'year')).toBe(1);
});
