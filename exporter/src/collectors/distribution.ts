// Active users by country, platform and client, of complete UTC days.
import { distribution as capability } from '@admin-center/contracts/distribution';
import { NO_COUNTRY, PLATFORMS, WINDOWS } from '@admin-center/contracts/distribution-places';
import { type Collector, type Sample, samplesOf } from '../collector.ts';
import type { Total } from '../facts.ts';

/** What is a number of its own even while it is 0. */
const ALWAYS = [...NO_COUNTRY, 'other'];

const byUsers = (totals: readonly Total[]): readonly Total[] => totals.toSorted((one, other) => other.value - one.value);

function countries(totals: readonly Total[]): readonly Sample[] {
  const missing = ALWAYS.flatMap((country) => WINDOWS.map((window) => ({ labels: { window, country }, value: 0 }))).filter(
    ({ labels }) => !totals.some(({ labels: { country, window } }) => country === labels.country && window === labels.window),
  );
  return samplesOf('admincenter_active_users_by_country', [...byUsers(totals), ...missing]);
}

export const distribution: Collector = {
  name: 'distribution',
  capability,
  // Its numbers change at midnight, and when events of a day before arrive late.
  intervalSeconds: 60,
  timeoutMs: 30_000,
  steps: ['SELECT * FROM admin_center.distribution_steps($1)'],
  present: [],
  // Of pairs that nobody has there is no list to start at 0.
  mayBeAbsent: ['admincenter_active_users_by_client'],
  samples: (facts) => [
    ...countries(facts.totals('country')),
    ...samplesOf('admincenter_active_users_by_platform', facts.totals('platform').filter(({ labels: { platform } }) => (PLATFORMS as readonly string[]).includes(platform ?? ''))),
    ...samplesOf('admincenter_active_users_by_client', byUsers(facts.totals('client'))),
  ],
};
