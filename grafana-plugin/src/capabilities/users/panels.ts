// How many users there are, how many come, how many are suspended: panels and headline numbers.
import { pageUrl } from '../../routes.ts';
import { metricHelp, TIER_COLORS, type Headline, type Panel } from '../../platform/panel.ts';
import { gauge, sum } from '../../platform/promql.ts';

const permission = 'users:read';

export const signups7d: Headline = {
  title: 'Sign-ups, 7 days',
  description: metricHelp('admincenter_signups'),
  unit: 'locale',
  expr: (offset) => gauge('admincenter_signups', { window: '7d' }, offset),
  good: 'up',
  change: 'percent',
  link: { label: 'Users who signed up in the last 7 days', href: `${pageUrl('users')}?created=7d` },
  permission,
};

export const signups: Panel = {
  title: 'Sign-ups, trailing 24 hours',
  description: metricHelp('admincenter_signups'),
  viz: 'timeseries',
  unit: 'short',
  queries: [{ expr: gauge('admincenter_signups', { window: '1d' }), legend: 'Sign-ups' }],
  colors: { 'Sign-ups': 'green' },
};

export const suspended: Panel = {
  title: 'Suspended users',
  description: metricHelp('admincenter_users'),
  viz: 'timeseries',
  unit: 'short',
  decimals: 0,
  queries: [{ expr: sum(gauge('admincenter_users', { state: 'suspended' })), legend: 'Suspended' }],
  colors: { Suspended: 'orange' },
};

export const usersByTier: Panel = {
  title: 'Users by tier',
  description: metricHelp('admincenter_users'),
  viz: 'timeseries',
  unit: 'short',
  queries: [{ expr: sum(gauge('admincenter_users', { state: ['active', 'suspended'] }), 'tier'), legend: '{{tier}}' }],
  stack: true,
  colors: TIER_COLORS,
};

export const usersByState: Panel = {
  title: 'Users by state',
  description: metricHelp('admincenter_users'),
  viz: 'bargauge',
  unit: 'locale',
  queries: [{ expr: sum(gauge('admincenter_users'), 'state'), legend: '{{state}}', instant: true }],
  colors: { active: 'green', suspended: 'orange', deleted: 'semi-dark-red' },
};
