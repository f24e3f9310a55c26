import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createQuantiles } from './quantiles.ts';

/** percentile_disc, by its definition. */
const discrete = (values: readonly number[], share: number): number | null =>
  values.length === 0 ? null : ([...values].sort((one, other) => one - other)[Math.max(1, Math.ceil(share * values.length)) - 1] as number);

describe('quantiles', () => {
  test('are those of a sorted list, while values come and go', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 60 }), fc.nat({ max: 60 }), (values, removed) => {
        const quantiles = createQuantiles(100);
        values.forEach((value) => quantiles.add(value, 1));
        values.slice(0, removed).forEach((value) => quantiles.add(value, -1));
        const rest = values.slice(removed);
        expect(quantiles.count).toBe(rest.length);
        for (const share of [0, 0.5, 0.9, 1]) {
          expect(quantiles.quantile(share)).toBe(discrete(rest, share));
        }
      }),
    );
  });

  test('hold the smallest and the largest value', () => {
    const quantiles = createQuantiles(86_400);
    quantiles.add(0, 1);
    quantiles.add(86_400, 1);
    expect([quantiles.quantile(0.5), quantiles.quantile(0.9)]).toEqual([0, 86_400]);
  });

  test.each([-1, 86_401, 0.5, Number.NaN])('refuse %p', (value) => {
    expect(() => createQuantiles(86_400).add(value, 1)).toThrow('not a whole number from 0 to 86400');
  });
});
