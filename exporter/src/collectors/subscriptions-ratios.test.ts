import { describe, expect, test } from '@jest/globals';
import { createFacts } from '../facts.ts';
import { conversion, mrr, revenue } from './subscriptions-ratios.ts';

/** Facts of one instant: name, labels, value in minor units. */
function factsOf(...rows: readonly (readonly [string, Record<string, string>, number])[]) {
  const facts = createFacts();
  rows.forEach(([fact, labels, delta]) => facts.apply({ fact, step: 0, delta, ...labels }));
  return facts;
}

describe('recurring revenue', () => {
  const balanced = [
    ['mrr', { tier: 'premium', currency: 'USD' }, 3_000],
    ['movement', { window: '30d', component: 'start', currency: 'USD' }, 2_000],
    ['movement', { window: '30d', component: 'new', currency: 'USD' }, 1_500],
    ['movement', { window: '30d', component: 'churn', currency: 'USD' }, 500],
    ['movement', { window: '30d', component: 'churn' }, 1],
    ['movement', { window: '90d', component: 'start', currency: 'USD' }, 7],
  ] as const;

  test('is shown when its movements explain it', () => {
    expect(mrr(factsOf(...balanced))).toEqual([
      { metric: 'admincenter_mrr_amount', labels: { component: 'total', currency: 'USD' }, value: 30 },
      { metric: 'admincenter_mrr_amount', labels: { component: 'new', currency: 'USD' }, value: 15 },
      { metric: 'admincenter_mrr_amount', labels: { component: 'churn', currency: 'USD' }, value: 5 },
    ]);
  });

  test('fails the collector on a difference of one cent', () => {
    expect(() => mrr(factsOf(...balanced, ['mrr', { tier: 'enterprise', currency: 'USD' }, 1]))).toThrow('Recurring revenue in USD does not add up: 1 minor units');
  });
});

test('net revenue exists where there were only refunds', () => {
  expect(revenue(factsOf(['sales', { component: 'refunded', currency: 'EUR' }, 999]))).toEqual([
    { metric: 'admincenter_revenue_amount', labels: { kind: 'refunded', currency: 'EUR' }, value: 9.99 },
    { metric: 'admincenter_revenue_amount', labels: { kind: 'net', currency: 'EUR' }, value: -9.99 },
  ]);
});

test('no trial matured: there is no ratio', () => {
  expect(conversion(factsOf())).toEqual([]);
});
