// Active users, stickiness and sessions (D1 to D3).
import { engagement as capability } from '@admin-center/contracts/engagement';
import { TIERS } from '@admin-center/contracts/capability';
import { type Collector, ratio, type Sample, sampleOf, samplesOf } from '../collector.ts';
import type { Total } from '../facts.ts';

const sumOf = (totals: readonly Total[], wanted: Readonly<Record<string, string>>): number =>
  totals.reduce((sum, { labels, value }) => (Object.entries(wanted).every(([label, is]) => labels[label] === is) ? sum + value : sum), 0);

/** The same totals, and their sum as tier `all`: a user is entitled to exactly one tier at a time. */
function withAll(metric: string, totals: readonly Total[], rest: Readonly<Record<string, string>> = {}): Sample[] {
  const own = totals.filter(({ labels }) => Object.entries(rest).every(([label, is]) => labels[label] === is));
  return [...samplesOf(metric, own), { metric, labels: { ...rest, tier: 'all' }, value: sumOf(own, {}) }];
}

/** D2: mean daily active users of the last 30 complete UTC days over the distinct users of the same days. */
function stickiness(daily: readonly Total[], monthly: readonly Total[]): Sample[] {
  return ['all', ...TIERS].flatMap((tier) => {
    const wanted: Record<string, string> = tier === 'all' ? {} : { tier };
    return sampleOf('admincenter_stickiness_ratio', { tier }, ratio(sumOf(daily, wanted) / 30, sumOf(monthly, wanted)));
  });
}

export const engagement: Collector = {
  name: 'engagement',
  capability,
  intervalSeconds: 30,
  timeoutMs: 60_000,
  steps: ['SELECT * FROM admin_center.activity_steps($1)', 'SELECT * FROM admin_center.session_steps($1)'],
  present: [],
  mayBeAbsent: ['admincenter_stickiness_ratio', 'admincenter_session_duration_seconds', 'admincenter_sessions_per_user'],
  samples: (facts) => {
    const active = facts.totals('active');
    const lasted = facts.distribution('lasted');
    return [
      ...capability.metrics[0].labels.window.flatMap((window) => withAll('admincenter_active_users', active, { window })),
      ...stickiness(facts.totals('daily'), facts.totals('monthly')),
      ...samplesOf('admincenter_sessions_active', facts.totals('open')),
      ...withAll('admincenter_concurrent_users', facts.totals('present')),
      ...sampleOf('admincenter_session_duration_seconds', { percentile: 'p50' }, lasted.quantile(0.5)),
      ...sampleOf('admincenter_session_duration_seconds', { percentile: 'p90' }, lasted.quantile(0.9)),
      ...sampleOf('admincenter_sessions_per_user', { window: '7d' }, ratio(lasted.count, sumOf(active, { window: '7d' }))),
    ];
  },
};
