// Engagement as the API answers it, for tests.
import type { Activity, Feature, Lifecycle, Retention, Sessions } from '@admin-center/contracts/engagement-answers';

export const DEFINED = { version: 2, text: 'Active is who did one of these: “Chatted”. Page views never count.' };

const cells = (...users: ReadonlyArray<number | null>) => (of: number) => users.map((count, n) => ({ n, users: count, ratio: count === null ? null : count / of }));

export const RETENTION: Retention = {
  definition: DEFINED, source: 'rollup', mode: 'bounded', basis: 'calendar', interval: 'week',
  cohorts: [
    { cohort: '2026-11-02', users: 40, cells: cells(40, 20, 10, null)(40) },
    { cohort: '2026-11-09', users: 60, cells: cells(60, 15, null)(60) },
    { cohort: '2026-11-16', users: 0, cells: cells(0, null)(1) },
  ],
  overall: [{ n: 0, users: 100, of: 100, ratio: 1 }, { n: 1, users: 35, of: 100, ratio: 0.35 }, { n: 2, users: 10, of: 40, ratio: 0.25 }, { n: 3, users: 0, of: 0, ratio: null }],
};

export const ACTIVITY: Activity = {
  definition: DEFINED, split: 'all',
  series: [{ value: 'all', days: [{ day: '2026-11-20', complete: true, dau: 5, wau: 20, mau: 60, stickiness: 0.1 }, { day: '2026-11-21', complete: true, dau: 7, wau: 21, mau: 61, stickiness: 0.11 }, { day: '2026-11-22', complete: false, dau: 2, wau: 19, mau: 60, stickiness: null }] }],
};

export const LIFECYCLE: Lifecycle = {
  definition: DEFINED, interval: 'week',
  items: [{ startsOn: '2026-11-09', complete: true, new: 10, returning: 30, resurrected: 5, dormant: 8, active: 45, churn: 0.21 }, { startsOn: '2026-11-16', complete: false, new: 4, returning: 20, resurrected: 1, dormant: 25, active: 25, churn: null }],
};

export const SESSIONS: Sessions = {
  sessions: 120, users: 40, p50Seconds: 480, p90Seconds: 3600, singleEventShare: 0.25,
  histogram: [{ fromSeconds: 0, toSeconds: 1, sessions: 30 }, { fromSeconds: 1, toSeconds: 60, sessions: 20 }, { fromSeconds: 60, toSeconds: null, sessions: 70 }],
  perUserWeek: { p50: 2, p90: 5 }, activeDays: [1, 2, 3, 4, 5, 6, 7].map((days) => ({ days, users: 8 - days })), weeks: ['2026-11-09'],
};

const use = { users: 9, eligible: 30, reach: 0.3, uses: 45, intensity: 5 };
export const FEATURE: Feature = {
  key: 'export', title: 'Export', tiers: ['enterprise'], events: ['Exported'], flag: null, served: 1, inCatalogue: true, total: use,
  tiersUse: [{ tier: 'free', users: 0, eligible: 0, reach: null, uses: 0, intensity: null }, { tier: 'premium', users: 0, eligible: 0, reach: null, uses: 0, intensity: null }, { tier: 'enterprise', ...use }],
};
