// Active users, stickiness, sessions, features, retention and lifecycle (D1 to D5).
import { engagement as capability, RETENTION_DAYS } from '@admin-center/contracts/engagement';
import { TIERS } from '@admin-center/contracts/capability';
import { type Collector, ratio, type Sample, sampleOf, samplesOf } from '../collector.ts';
import type { Facts, Total } from '../facts.ts';

const sumOf = (totals: readonly Total[], wanted: Readonly<Record<string, string>>): number =>
  totals.reduce((sum, { labels, value }) => (Object.entries(wanted).every(([label, is]) => labels[label] === is) ? sum + value : sum), 0);

/** The same totals, and their sum as tier `all`: a user is entitled to exactly one tier at a time. */
function withAll(metric: string, totals: readonly Total[], rest: Readonly<Record<string, string>> = {}): Sample[] {
  const own = totals.filter(({ labels }) => Object.entries(rest).every(([label, is]) => labels[label] === is));
  return [...samplesOf(metric, own), { metric, labels: { ...rest, tier: 'all' }, value: sumOf(own, {}) }];
}

/** D2: mean daily active users of the last 30 complete UTC days over the distinct users of the same days. */
function stickiness(daily: readonly Total[], monthly: readonly Total[]): Sample[] {
  return ['all', ...TIERS].flatMap((tier) => sampleOf('admincenter_stickiness_ratio', { tier }, ratio(sumOf(daily, { tier }) / 30, sumOf(monthly, { tier }))));
}

/** D4: of the cohorts of 30 days whose n-th day after has ended. The past knows only the bounded mode. */
function retention(facts: Facts): Sample[] {
  return RETENTION_DAYS.flatMap((day) => {
    const began = sumOf(facts.totals('began'), { day });
    const later = facts.totals('back_or_later');
    return [
      ...sampleOf('admincenter_retention_ratio', { day, mode: 'bounded' }, ratio(sumOf(facts.totals('back'), { day }), began)),
      ...(later.length === 0 ? [] : sampleOf('admincenter_retention_ratio', { day, mode: 'unbounded' }, ratio(sumOf(later, { day }), began))),
    ];
  });
}

/** D3, of the sessions of 7 complete days. */
function sessions(facts: Facts): Sample[] {
  const lasted = facts.distribution('lasted');
  return [
    ...sampleOf('admincenter_session_duration_seconds', { percentile: 'p50' }, lasted.quantile(0.5)),
    ...sampleOf('admincenter_session_duration_seconds', { percentile: 'p90' }, lasted.quantile(0.9)),
    ...sampleOf('admincenter_session_single_event_ratio', {}, ratio(lasted.upTo(0), lasted.count)),
    ...sampleOf('admincenter_sessions_per_user', { window: '7d' }, ratio(lasted.count, sumOf(facts.totals('weekly'), { tier: 'all' }))),
  ];
}

const ACTIVITY = 'SELECT * FROM admin_center.activity_steps($1)';
const USES = 'SELECT * FROM admin_center.feature_use_steps($1)';

export const engagement: Collector = {
  name: 'engagement',
  capability,
  intervalSeconds: 30,
  timeoutMs: 60_000,
  steps: [
    ACTIVITY,
    'SELECT * FROM admin_center.session_steps($1)',
    'SELECT * FROM admin_center.active_day_steps($1)',
    'SELECT * FROM admin_center.feature_steps($1)',
    'SELECT * FROM admin_center.lifecycle_steps($1)',
    'SELECT * FROM admin_center.session_day_steps($1)',
    'SELECT * FROM admin_center.retention_steps($1)',
    USES,
  ],
  now: {
    [ACTIVITY]: 'SELECT * FROM admin_center.active_users_now()',
    [USES]: "SELECT 'uses' AS fact, 0 AS step, uses AS delta, feature, tier FROM admin_center.feature_use",
  },
  present: [
    'SELECT * FROM admin_center.retention_unbounded',
    "SELECT 'rollup_lag' AS fact, 0 AS step, seconds AS delta FROM admin_center.event_rollup_lag",
  ],
  // While nobody was active, no session ended, nobody began, no feature is in the catalogue.
  mayBeAbsent: [
    'admincenter_stickiness_ratio', 'admincenter_session_duration_seconds', 'admincenter_session_single_event_ratio', 'admincenter_sessions_per_user',
    'admincenter_retention_ratio', 'admincenter_feature_active_users', 'admincenter_feature_uses_total',
  ],
  samples: (facts) => [
    ...capability.metrics[0].labels.window.flatMap((window) => withAll('admincenter_active_users', facts.totals('active'), { window })),
    ...stickiness(facts.totals('daily'), facts.totals('monthly')),
    ...samplesOf('admincenter_sessions_active', facts.totals('open')),
    ...withAll('admincenter_concurrent_users', facts.totals('present')),
    ...sessions(facts),
    ...samplesOf('admincenter_feature_active_users', facts.totals('feature')),
    ...samplesOf('admincenter_feature_uses_total', facts.totals('uses')),
    ...samplesOf('admincenter_lifecycle_users', facts.totals('lifecycle')),
    ...retention(facts),
    ...samplesOf('admincenter_event_rollup_lag_seconds', facts.totals('rollup_lag')),
  ],
};
