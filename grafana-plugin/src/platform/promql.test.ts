// PromQL as strings: what the builder writes is what Prometheus reads.
import { gauge, growth, quantile, ratio, series, sum } from './promql.ts';

test.each([
  [series('admincenter_users'), 'admincenter_users'],
  [series('admincenter_users', { state: 'active', tier: ['free', 'premium'] }), 'admincenter_users{state="active",tier=~"free|premium"}'],
  [series('admincenter_users', { tier: { re: '$tier' } }), 'admincenter_users{tier=~"$tier"}'],
  [series('admincenter_users', { state: undefined, tier: 'free' }), 'admincenter_users{tier="free"}'],
  [gauge('admincenter_active_users', { window: '30d', tier: '$tier' }), 'last_over_time(admincenter_active_users{window="30d",tier="$tier"}[1h])'],
  [gauge('admincenter_stickiness_ratio', { tier: 'all' }, '7d'), 'last_over_time(admincenter_stickiness_ratio{tier="all"}[1h] offset 7d)'],
  [growth('admincenter_refunds_total', undefined, '$__rate_interval'), 'increase(admincenter_refunds_total[$__rate_interval])'],
  [growth('admincenter_payments_total', { result: 'failed' }, '1d', '30d'), 'increase(admincenter_payments_total{result="failed"}[1d] offset 30d)'],
  [quantile(0.95, 'admincenter_action_duration_seconds', '5m'), 'histogram_quantile(0.95, sum by (le) (rate(admincenter_action_duration_seconds_bucket[5m])))'],
  [sum('x'), 'sum(x)'],
  [sum('x', 'tier', 'state'), 'sum by (tier, state) (x)'],
  [ratio('a', 'b'), 'a / (b > 0)'],
])('%s', (written, expected) => {
  expect(written).toBe(expected);
});
