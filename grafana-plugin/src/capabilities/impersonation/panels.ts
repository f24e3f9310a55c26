// Impersonation as panels: how many sessions there are, how they end, how long they last, and what they were refused.
import { pageUrl } from '../../routes.ts';
import { growthInRange, growthOverTime } from '../../platform/counter-panels.ts';
import { FINE_POINTS, metricHelp, type Headline, type Panel } from '../../platform/panel.ts';
import { gauge, quantile } from '../../platform/promql.ts';

const permission = 'impersonation:read';

export const activeSessions: Headline = {
  title: 'Sessions under way',
  description: metricHelp('admincenter_impersonation_sessions'),
  unit: 'locale',
  decimals: 0,
  expr: (offset) => gauge('admincenter_impersonation_sessions', { state: 'active' }, offset),
  good: 'neither',
  change: 'percent',
  link: { label: 'The sessions under way', href: pageUrl('impersonation') },
  permission,
};

export const oldestActive: Panel = {
  title: 'Age of the oldest active session',
  description: metricHelp('admincenter_impersonation_oldest_active_age_seconds'),
  viz: 'timeseries',
  points: FINE_POINTS,
  unit: 's',
  queries: [{ expr: gauge('admincenter_impersonation_oldest_active_age_seconds'), legend: 'Oldest session' }],
  colors: { 'Oldest session': 'orange' },
};

export const sessionsOver = growthOverTime({
  title: 'Sessions that came to their end',
  metric: 'admincenter_impersonation_sessions_total',
  by: 'outcome',
  colors: { ended: 'green', expired: 'blue', refused: 'orange', revoked: 'red' },
});

export const reasonsInRange = growthInRange({ title: 'Sessions in this time range, by reason', metric: 'admincenter_impersonation_sessions_total', by: 'reason_class' });

export const sessions: Panel = {
  title: 'Sessions',
  description: metricHelp('admincenter_impersonation_sessions'),
  viz: 'timeseries',
  points: FINE_POINTS,
  unit: 'short',
  decimals: 0,
  queries: [
    { expr: gauge('admincenter_impersonation_sessions', { state: 'active' }), legend: 'Active' },
    { expr: gauge('admincenter_impersonation_sessions', { state: 'requested' }), legend: 'Waiting for the code to be used' },
  ],
  colors: { Active: 'orange', 'Waiting for the code to be used': 'blue' },
};

export const blockedActions = growthOverTime({ title: 'Refused actions, by class', metric: 'admincenter_impersonation_blocked_actions_total', by: 'action_class' });

export const duration: Panel = {
  title: 'How long sessions last',
  description: metricHelp('admincenter_impersonation_session_duration_seconds'),
  viz: 'timeseries',
  points: FINE_POINTS,
  unit: 's',
  queries: [
    { expr: quantile(0.5, 'admincenter_impersonation_session_duration_seconds', '1d'), legend: 'Median' },
    { expr: quantile(0.95, 'admincenter_impersonation_session_duration_seconds', '1d'), legend: '95% are shorter' },
  ],
};
