// Revenue's headline numbers, each with the list behind it.
import { pageUrl } from '../../routes.ts';
import { CURRENCY_UNIT, metricHelp, type Headline } from '../../platform/panel.ts';
import { gauge, ratio, sum } from '../../platform/promql.ts';

const permission = 'subscriptions:read';
const currency = '$currency';
const revenue = pageUrl('subscriptions');
const paying = { label: 'Active subscriptions', href: `${revenue}?list=subscriptions&state=active` };
const moved = (component: string, label: string) => ({ label, href: `${revenue}?list=movements&component=${component}` });

export const mrr: Headline = {
  title: 'Recurring revenue',
  description: metricHelp('admincenter_mrr_amount'),
  unit: CURRENCY_UNIT,
  expr: (offset) => gauge('admincenter_mrr_amount', { component: 'total', currency }, offset),
  good: 'up',
  change: 'percent',
  link: paying,
  permission,
};

export const payingUsers: Headline = {
  title: 'Paying users',
  description: metricHelp('admincenter_paying_users'),
  unit: 'locale',
  expr: (offset) => sum(gauge('admincenter_paying_users', {}, offset)),
  good: 'up',
  change: 'percent',
  link: paying,
  permission,
};

export const logoChurn: Headline = {
  title: 'Churn, 30 days',
  description: metricHelp('admincenter_churn_ratio'),
  unit: 'percentunit',
  decimals: 2,
  expr: (offset) => gauge('admincenter_churn_ratio', { kind: 'logo', window: '30d' }, offset),
  good: 'down',
  change: 'points',
  link: moved('churn', 'Users who stopped paying'),
  permission,
};

/** Share of the payments with a final result in the last 24 hours that went through. */
export const paymentSuccess: Headline = {
  title: 'Payment success',
  description: `Share of the payments of the last 24 hours that went through. ${metricHelp('admincenter_recent_payments')}`,
  unit: 'percentunit',
  decimals: 1,
  expr: (offset) => ratio(sum(gauge('admincenter_recent_payments', { result: 'succeeded' }, offset)), sum(gauge('admincenter_recent_payments', undefined, offset))),
  good: 'up',
  change: 'points',
  link: { label: 'Subscriptions that are past due', href: `${revenue}?list=subscriptions&state=past_due` },
  permission,
};

export const arpu: Headline = {
  title: 'Per paying user',
  description: metricHelp('admincenter_arpu_amount'),
  unit: CURRENCY_UNIT,
  decimals: 2,
  expr: (offset) => gauge('admincenter_arpu_amount', { currency }, offset),
  good: 'up',
  change: 'percent',
  link: paying,
  permission,
};

export const netRetention: Headline = {
  title: 'Net retention',
  description: metricHelp('admincenter_net_revenue_retention_ratio'),
  unit: 'percentunit',
  decimals: 1,
  expr: (offset) => gauge('admincenter_net_revenue_retention_ratio', { window: '30d' }, offset),
  good: 'up',
  change: 'points',
  link: moved('expansion', 'Users who pay more'),
  permission,
};

export const revenueChurn: Headline = {
  title: 'Revenue churn',
  description: metricHelp('admincenter_churn_ratio'),
  unit: 'percentunit',
  decimals: 2,
  expr: (offset) => gauge('admincenter_churn_ratio', { kind: 'gross_revenue', window: '30d' }, offset),
  good: 'down',
  change: 'points',
  link: moved('contraction', 'Users who pay less'),
  permission,
};

export const trialConversion: Headline = {
  title: 'Trial conversion',
  description: metricHelp('admincenter_trial_conversion_ratio'),
  unit: 'percentunit',
  decimals: 1,
  expr: (offset) => gauge('admincenter_trial_conversion_ratio', { cohort: 'matured_30d' }, offset),
  good: 'up',
  change: 'points',
  link: { label: 'Subscriptions on trial', href: `${revenue}?list=subscriptions&state=trialing` },
  permission,
};

export const netRevenue: Headline = {
  title: 'Received, 30 days',
  description: metricHelp('admincenter_revenue_amount'),
  unit: CURRENCY_UNIT,
  expr: (offset) => gauge('admincenter_revenue_amount', { kind: 'net', currency }, offset),
  good: 'up',
  change: 'percent',
  link: paying,
  permission,
};
