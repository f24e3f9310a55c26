// Conversion as panels and headline numbers.
import { metricHelp, type Headline, type Panel } from '../../platform/panel.ts';
import { gauge, series } from '../../platform/promql.ts';
import { pageUrl } from '../../routes.ts';

const PERMISSION = 'conversion:read';
const rates = { label: 'Rates', href: `${pageUrl('conversion')}?tab=rates` };
const funnels = { label: 'Funnels', href: `${pageUrl('conversion')}?tab=funnels` };

const rate = (title: string, from_tier: 'free' | 'premium', to_tier: 'premium' | 'enterprise', cohort: string): Headline => ({
  title,
  description: metricHelp('admincenter_conversion_ratio'),
  unit: 'percentunit',
  decimals: 2,
  expr: (offset) => gauge('admincenter_conversion_ratio', { from_tier, to_tier, cohort }, offset),
  good: 'up',
  change: 'points',
  link: rates,
  permission: PERMISSION,
});

export const freeToPremium = rate('Free to Premium, 30 days', 'free', 'premium', 'period_30d');
export const freeToPremiumMatured = rate('Free to Premium by sign-up', 'free', 'premium', 'signup_matured_30d');
export const premiumToEnterprise = rate('Premium to Enterprise, 30 days', 'premium', 'enterprise', 'period_30d');
export const entered: Headline = {
  title: 'Entered a funnel, 7 days',
  description: metricHelp('admincenter_funnel_entered_users'),
  unit: 'locale',
  expr: (offset) => `max(${gauge('admincenter_funnel_entered_users', { window: '7d' }, offset)})`,
  good: 'up',
  change: 'percent',
  link: funnels,
  permission: PERMISSION,
};

export const ratesOverTime: Panel = {
  title: 'Conversion rates',
  description: metricHelp('admincenter_conversion_ratio'),
  viz: 'timeseries',
  unit: 'percentunit',
  queries: [
    { expr: gauge('admincenter_conversion_ratio', { cohort: 'period_30d' }), legend: '{{from_tier}} to {{to_tier}}' },
    { expr: gauge('admincenter_conversion_ratio', { cohort: 'signup_matured_30d' }), legend: '{{from_tier}} to {{to_tier}} by sign-up' },
  ],
};

/** The last step of each funnel. */
export const funnelsOverTime: Panel = {
  title: 'Conversion of each funnel',
  description: metricHelp('admincenter_funnel_conversion_ratio'),
  viz: 'timeseries',
  unit: 'percentunit',
  queries: [{ expr: `min by (funnel) (${gauge('admincenter_funnel_conversion_ratio', { window: '30d' })})`, legend: '{{funnel}}' }],
};

export const enteredOverTime: Panel = {
  title: 'Persons who entered, 7 days',
  description: metricHelp('admincenter_funnel_entered_users'),
  viz: 'timeseries',
  unit: 'short',
  queries: [{ expr: gauge('admincenter_funnel_entered_users', { window: '7d' }), legend: '{{funnel}}' }],
};

export const timeToConversion: Panel = {
  title: 'Days to conversion',
  description: metricHelp('admincenter_time_to_conversion_seconds'),
  viz: 'timeseries',
  unit: 'short',
  queries: [{ expr: `${gauge('admincenter_time_to_conversion_seconds')} / 86400`, legend: '{{funnel}} {{percentile}}' }],
};

export const stepsNow: Panel = {
  title: 'Steps reached, 30 days',
  description: metricHelp('admincenter_funnel_conversion_ratio'),
  viz: 'bargauge',
  unit: 'percentunit',
  queries: [{ expr: series('admincenter_funnel_conversion_ratio', { window: '30d' }), legend: '{{funnel}} {{step}}', instant: true }],
};
