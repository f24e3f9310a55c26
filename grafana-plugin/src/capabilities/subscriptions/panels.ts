// Revenue as panels: recurring revenue and what moves it, churn, trials, payments. Definitions D6 to D8 and D11 are the
// metrics' own help texts. Amounts follow the variable `currency`; its unit is set by the page.
import { CURRENCY_UNIT, metricHelp, MOVEMENT_COLORS, TIER_COLORS, type Panel } from '../../platform/panel.ts';
import { gauge, sum } from '../../platform/promql.ts';

const currency = '$currency';

export const mrrByTier: Panel = {
  title: 'Recurring revenue by tier',
  description: metricHelp('admincenter_mrr_by_tier_amount'),
  viz: 'timeseries',
  unit: CURRENCY_UNIT,
  queries: [{ expr: gauge('admincenter_mrr_by_tier_amount', { tier: ['premium', 'enterprise'], currency }), legend: '{{tier}}' }],
  stack: true,
  colors: TIER_COLORS,
};

export const mrrByCurrency: Panel = {
  title: 'Recurring revenue by currency',
  description: `${metricHelp('admincenter_mrr_amount')} Each line is in its own currency; they are never added up.`,
  viz: 'timeseries',
  unit: 'short',
  queries: [{ expr: `${gauge('admincenter_mrr_amount', { component: 'total' })} > 0`, legend: '{{currency}}' }],
};

export const movements: Panel = {
  title: 'Movements of recurring revenue, trailing 30 days',
  description: metricHelp('admincenter_mrr_amount'),
  viz: 'timeseries',
  unit: CURRENCY_UNIT,
  queries: [{ expr: gauge('admincenter_mrr_amount', { component: ['new', 'expansion', 'reactivation', 'contraction', 'churn', 'paused'], currency }), legend: '{{component}}' }],
  colors: MOVEMENT_COLORS,
};

export const churn: Panel = {
  title: 'Churn, trailing 30 days',
  description: metricHelp('admincenter_churn_ratio'),
  viz: 'timeseries',
  unit: 'percentunit',
  queries: [
    { expr: gauge('admincenter_churn_ratio', { kind: 'logo' }), legend: 'Users lost' },
    { expr: gauge('admincenter_churn_ratio', { kind: 'gross_revenue' }), legend: 'Revenue lost, gross' },
    { expr: gauge('admincenter_churn_ratio', { kind: 'net_revenue' }), legend: 'Revenue lost, net of expansion' },
  ],
  colors: { 'Users lost': 'orange', 'Revenue lost, gross': 'red', 'Revenue lost, net of expansion': 'purple' },
};

export const netRevenueRetention: Panel = {
  title: 'Net revenue retention',
  description: metricHelp('admincenter_net_revenue_retention_ratio'),
  viz: 'timeseries',
  unit: 'percentunit',
  queries: [
    { expr: gauge('admincenter_net_revenue_retention_ratio', { window: '30d' }), legend: '30 days' },
    { expr: gauge('admincenter_net_revenue_retention_ratio', { window: '90d' }), legend: '90 days' },
  ],
  colors: { '30 days': 'blue', '90 days': 'purple' },
  freeAxis: true,
};

export const arpu: Panel = {
  title: 'Recurring revenue per paying user',
  description: metricHelp('admincenter_arpu_amount'),
  viz: 'timeseries',
  unit: CURRENCY_UNIT,
  decimals: 2,
  queries: [{ expr: gauge('admincenter_arpu_amount', { currency }), legend: 'Per paying user' }],
  freeAxis: true,
};

export const payingUsers: Panel = {
  title: 'Paying users by tier',
  description: metricHelp('admincenter_paying_users'),
  viz: 'timeseries',
  unit: 'short',
  queries: [{ expr: gauge('admincenter_paying_users', { tier: ['premium', 'enterprise'] }), legend: '{{tier}}' }],
  stack: true,
  colors: TIER_COLORS,
};

export const subscriptionsByState: Panel = {
  title: 'Subscriptions by state',
  description: metricHelp('admincenter_subscriptions'),
  viz: 'bargauge',
  unit: 'locale',
  queries: [{ expr: sum(gauge('admincenter_subscriptions', { tier: { re: '$tier' } }), 'state'), legend: '{{state}}', instant: true }],
  colors: { active: 'green', trialing: 'blue', past_due: 'orange', canceled: 'semi-dark-red', incomplete: 'yellow' },
};

export const trials: Panel = {
  title: 'Trials',
  description: metricHelp('admincenter_trials'),
  viz: 'timeseries',
  unit: 'short',
  queries: [{ expr: sum(gauge('admincenter_trials', { state: 'running', tier: { re: '$tier' } }), 'tier'), legend: '{{tier}}' }],
  stack: true,
  colors: TIER_COLORS,
};

export const trialConversion: Panel = {
  title: 'Trial conversion',
  description: metricHelp('admincenter_trial_conversion_ratio'),
  viz: 'timeseries',
  unit: 'percentunit',
  queries: [{ expr: gauge('admincenter_trial_conversion_ratio', { cohort: 'matured_30d' }), legend: 'Converted' }],
  colors: { Converted: 'green' },
};

export const paymentsReceived: Panel = {
  title: 'Payments received, trailing 30 days',
  description: metricHelp('admincenter_revenue_amount'),
  viz: 'timeseries',
  unit: CURRENCY_UNIT,
  queries: [
    { expr: gauge('admincenter_revenue_amount', { kind: 'gross', currency }), legend: 'Gross' },
    { expr: gauge('admincenter_revenue_amount', { kind: 'net', currency }), legend: 'Net of refunds' },
    { expr: gauge('admincenter_revenue_amount', { kind: 'refunded', currency }), legend: 'Refunded' },
  ],
  colors: { Gross: 'light-green', 'Net of refunds': 'green', Refunded: 'orange' },
};

export const paymentResults: Panel = {
  title: 'Payments by result, trailing 24 hours',
  description: metricHelp('admincenter_recent_payments'),
  viz: 'timeseries',
  unit: 'short',
  decimals: 0,
  stack: true,
  queries: [{ expr: sum(gauge('admincenter_recent_payments'), 'result'), legend: '{{result}}' }],
  colors: { succeeded: 'green', failed: 'red' },
};

export const declines: Panel = {
  title: 'Failed payments by class, trailing 24 hours',
  description: metricHelp('admincenter_recent_payments'),
  viz: 'timeseries',
  unit: 'short',
  decimals: 0,
  stack: true,
  queries: [{ expr: sum(gauge('admincenter_recent_payments', { result: 'failed' }), 'decline_class'), legend: '{{decline_class}}' }],
};

export const refunds: Panel = {
  title: 'Refunds by reason, trailing 24 hours',
  description: metricHelp('admincenter_recent_refunds'),
  viz: 'timeseries',
  unit: 'short',
  decimals: 0,
  stack: true,
  queries: [{ expr: sum(gauge('admincenter_recent_refunds'), 'reason'), legend: '{{reason}}' }],
};
