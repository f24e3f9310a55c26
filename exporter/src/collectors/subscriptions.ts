// Subscriptions, recurring revenue and its movements, churn, trials, sales, and the counters of payments and refunds.
import { subscriptions as capability } from '@admin-center/contracts/subscriptions';
import type { Collector } from '../collector.ts';
import { samplesOf } from '../collector.ts';
import { counter } from '../counter.ts';
import { arpu, churn, conversion, mrr, retention, revenue } from './subscriptions-ratios.ts';

const MINOR_PER_MAJOR = 100;
const payments = counter('admincenter_payments_total', ['result', 'decline_class']);
const refunds = counter('admincenter_refunds_total', ['reason']);

export const subscriptions: Collector = {
  name: 'subscriptions',
  capability,
  intervalSeconds: 30,
  timeoutMs: 60_000,
  steps: [
    'SELECT * FROM admin_center.subscription_steps($1)',
    'SELECT * FROM admin_center.revenue_steps($1)',
    `SELECT *, '1d' AS "window" FROM admin_center.payment_steps($1)`,
  ],
  // Both count from the installation on.
  present: [payments.now, refunds.now],
  mayBeAbsent: ['admincenter_arpu_amount', 'admincenter_churn_ratio', 'admincenter_net_revenue_retention_ratio', 'admincenter_trial_conversion_ratio'],
  samples: (facts) => [
    ...samplesOf('admincenter_subscriptions', facts.totals('subscriptions')),
    ...mrr(facts),
    ...samplesOf('admincenter_mrr_by_tier_amount', facts.totals('mrr'), MINOR_PER_MAJOR),
    ...arpu(facts),
    ...samplesOf('admincenter_paying_users', facts.totals('paying')),
    ...churn(facts),
    ...retention(facts),
    ...samplesOf('admincenter_trials', facts.totals('trials')),
    ...conversion(facts),
    ...revenue(facts),
    ...samplesOf('admincenter_recent_payments', facts.totals('recent payments')),
    ...samplesOf('admincenter_recent_refunds', facts.totals('recent refunds')),
    ...payments.samples(facts),
    ...refunds.samples(facts),
  ],
};
