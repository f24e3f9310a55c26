// Engagement as panels and headline numbers. Definitions D1 to D5 are the metrics' own help texts.
import { RETENTION_DAYS } from '@admin-center/contracts/engagement';
import { pageUrl } from '../../routes.ts';
import { growthOverTime } from '../../platform/counter-panels.ts';
import { metricHelp, TIER_COLORS, WINDOW_COLORS, type Headline, type Panel } from '../../platform/panel.ts';
import { gauge, sum } from '../../platform/promql.ts';

const permission = 'engagement:read';
/** Where users come from and go (D5), on graphs and bars alike. */
export const LIFECYCLE_COLORS = { new: 'green', returning: 'blue', resurrected: 'light-blue', dormant: 'red' } as const;
const seen = (window: string, label: string) => ({ label, href: `${pageUrl('users')}?seen=${window}` });
const latest = { label: 'Users seen most recently', href: `${pageUrl('users')}?sort=lastSeenAt` };

const activeIn = (window: '1d' | '7d' | '30d') => (offset?: string) => gauge('admincenter_active_users', { window, tier: '$tier' }, offset);

export const onlineNow: Headline = {
  title: 'Online now',
  description: metricHelp('admincenter_concurrent_users'),
  unit: 'locale',
  expr: (offset) => gauge('admincenter_concurrent_users', { tier: '$tier' }, offset),
  good: 'up',
  change: 'percent',
  link: latest,
  permission,
};

const active = (window: '1d' | '7d' | '30d', title: string, words: string): Headline => ({
  title,
  description: metricHelp('admincenter_active_users'),
  unit: 'locale',
  expr: activeIn(window),
  good: 'up',
  change: 'percent',
  link: seen(window, `Users seen in the last ${words}`),
  permission,
});

export const active1d = active('1d', 'Active, 24 hours', '24 hours');
export const active7d = active('7d', 'Active, 7 days', '7 days');
export const active30d = active('30d', 'Active, 30 days', '30 days');

export const stickiness: Headline = {
  title: 'Stickiness',
  description: metricHelp('admincenter_stickiness_ratio'),
  unit: 'percentunit',
  decimals: 1,
  expr: (offset) => gauge('admincenter_stickiness_ratio', { tier: '$tier' }, offset),
  good: 'up',
  change: 'points',
  link: seen('1d', 'Users seen in the last 24 hours'),
  permission,
};

export const medianSession: Headline = {
  title: 'Median session',
  description: metricHelp('admincenter_session_duration_seconds'),
  unit: 's',
  expr: (offset) => gauge('admincenter_session_duration_seconds', { percentile: 'p50' }, offset),
  good: 'up',
  change: 'percent',
  link: latest,
  permission,
};

export const activeUsers: Panel = {
  title: 'Active users, trailing windows',
  description: metricHelp('admincenter_active_users'),
  viz: 'timeseries',
  unit: 'short',
  queries: [
    { expr: activeIn('1d')(), legend: '24 hours' },
    { expr: activeIn('7d')(), legend: '7 days' },
    { expr: activeIn('30d')(), legend: '30 days' },
  ],
  colors: WINDOW_COLORS,
};

export const activeUsersByTier: Panel = {
  title: 'Active users by tier, trailing 30 days',
  description: metricHelp('admincenter_active_users'),
  viz: 'timeseries',
  unit: 'short',
  queries: [{ expr: gauge('admincenter_active_users', { window: '30d', tier: ['free', 'premium', 'enterprise'] }), legend: '{{tier}}' }],
  stack: true,
  colors: TIER_COLORS,
};

export const stickinessByTier: Panel = {
  title: 'Stickiness by tier',
  description: metricHelp('admincenter_stickiness_ratio'),
  viz: 'timeseries',
  unit: 'percentunit',
  queries: [{ expr: gauge('admincenter_stickiness_ratio', { tier: ['free', 'premium', 'enterprise'] }), legend: '{{tier}}' }],
  colors: TIER_COLORS,
};

export const concurrentUsers: Panel = {
  title: 'Concurrent users by tier',
  description: metricHelp('admincenter_concurrent_users'),
  viz: 'timeseries',
  unit: 'short',
  queries: [{ expr: gauge('admincenter_concurrent_users', { tier: ['free', 'premium', 'enterprise'] }), legend: '{{tier}}' }],
  stack: true,
  colors: TIER_COLORS,
};

export const sessionDuration: Panel = {
  title: 'Session duration, 7 complete days',
  description: metricHelp('admincenter_session_duration_seconds'),
  viz: 'timeseries',
  unit: 's',
  queries: [{ expr: gauge('admincenter_session_duration_seconds'), legend: '{{percentile}}' }],
  colors: { p50: 'blue', p90: 'purple' },
};

export const sessionsPerUser: Panel = {
  title: 'Sessions per active user, 7 complete days',
  description: metricHelp('admincenter_sessions_per_user'),
  viz: 'timeseries',
  unit: 'short',
  decimals: 1,
  queries: [{ expr: gauge('admincenter_sessions_per_user', { window: '7d' }), legend: 'Sessions per user' }],
};

export const openSessions: Panel = {
  title: 'Open sessions by platform',
  description: metricHelp('admincenter_sessions_active'),
  viz: 'timeseries',
  unit: 'short',
  queries: [{ expr: gauge('admincenter_sessions_active'), legend: '{{platform}}' }],
  stack: true,
};

export const openSessionsNow: Panel = {
  title: 'Open sessions now',
  description: metricHelp('admincenter_sessions_active'),
  viz: 'bargauge',
  unit: 'locale',
  queries: [{ expr: sum(gauge('admincenter_sessions_active'), 'platform'), legend: '{{platform}}', instant: true }],
};

/** One by one: by the alphabet day 30 would come before day 7. */
export const retentionBounded: Panel = {
  title: 'Retention on day 1, 7 and 30 (bounded)',
  description: metricHelp('admincenter_retention_ratio'),
  viz: 'timeseries',
  unit: 'percentunit',
  queries: RETENTION_DAYS.map((day) => ({ expr: gauge('admincenter_retention_ratio', { mode: 'bounded', day }), legend: `day ${day}` })),
};

export const retentionUnbounded: Panel = {
  title: 'Retention on or after day 1, 7 and 30 (unbounded)',
  description: metricHelp('admincenter_retention_ratio'),
  viz: 'bargauge',
  unit: 'percentunit',
  queries: RETENTION_DAYS.map((day) => ({ expr: gauge('admincenter_retention_ratio', { mode: 'unbounded', day }), legend: `day ${day}`, instant: true })),
};

export const lifecycleWeek: Panel = {
  title: 'Lifecycle, last complete week',
  description: metricHelp('admincenter_lifecycle_users'),
  viz: 'timeseries',
  unit: 'short',
  queries: [{ expr: gauge('admincenter_lifecycle_users', { window: 'week', state: ['new', 'returning', 'resurrected'] }), legend: '{{state}}' }],
  stack: true,
  colors: LIFECYCLE_COLORS,
};

export const dormantWeek: Panel = {
  title: 'Dormant since the last complete week',
  description: metricHelp('admincenter_lifecycle_users'),
  viz: 'timeseries',
  unit: 'short',
  queries: [{ expr: gauge('admincenter_lifecycle_users', { window: 'week', state: 'dormant' }), legend: 'dormant' }],
  colors: LIFECYCLE_COLORS,
};

export const featureUsers: Panel = {
  title: 'Users of features, 30 complete days',
  description: metricHelp('admincenter_feature_active_users'),
  viz: 'timeseries',
  unit: 'short',
  queries: [{ expr: gauge('admincenter_feature_active_users', { window: '30d' }), legend: '{{feature}}' }],
};

export const featureUses = growthOverTime({ title: 'Uses of features', metric: 'admincenter_feature_uses_total', by: 'feature' });

export const singleEvents: Panel = {
  title: 'Sessions of a single event, 7 complete days',
  description: metricHelp('admincenter_session_single_event_ratio'),
  viz: 'timeseries',
  unit: 'percentunit',
  queries: [{ expr: gauge('admincenter_session_single_event_ratio'), legend: 'single events' }],
};
