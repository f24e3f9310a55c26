// Sessions of impersonation by state, the age of the oldest, and what was counted of their ends and of refused actions.
import { impersonation as capability } from '@admin-center/contracts/impersonation';
import { type Collector, samplesOf } from '../collector.ts';

export const impersonation: Collector = {
  name: 'impersonation',
  capability,
  // Short: a session lasts minutes, and so does a burst of refused actions.
  intervalSeconds: 5,
  timeoutMs: 10_000,
  present: [
    `SELECT 'sessions' AS fact, 0 AS step, sessions AS delta, state FROM admin_center.impersonation_state`,
    `SELECT 'age' AS fact, 0 AS step, age_seconds AS delta FROM admin_center.impersonation_oldest`,
    `SELECT 'ended' AS fact, 0 AS step, value AS delta, labels ->> 'reason_class' AS reason_class, labels ->> 'outcome' AS outcome
     FROM admin_center.counter WHERE metric = 'admincenter_impersonation_sessions_total'`,
    `SELECT 'blocked' AS fact, 0 AS step, value AS delta, labels ->> 'action_class' AS action_class
     FROM admin_center.counter WHERE metric = 'admincenter_impersonation_blocked_actions_total'`,
  ],
  steps: [],
  mayBeAbsent: [],
  samples: (facts) => [
    ...samplesOf('admincenter_impersonation_sessions', facts.totals('sessions')),
    ...samplesOf('admincenter_impersonation_sessions_total', facts.totals('ended')),
    ...samplesOf('admincenter_impersonation_oldest_active_age_seconds', facts.totals('age')),
    ...samplesOf('admincenter_impersonation_blocked_actions_total', facts.totals('blocked')),
  ],
};
