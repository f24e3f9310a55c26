// Sessions of impersonation by state, the age of the oldest, and what was counted of their ends and of refused actions.
import { impersonation as capability } from '@admin-center/contracts/impersonation';
import { type Collector, samplesOf } from '../collector.ts';
import { counter, nowOf } from '../counter.ts';

const SESSIONS = 'SELECT * FROM admin_center.impersonation_steps($1)';
const ended = counter('admincenter_impersonation_sessions_total', ['reason_class', 'outcome']);
const blocked = counter('admincenter_impersonation_blocked_actions_total', ['action_class']);

export const impersonation: Collector = {
  name: 'impersonation',
  capability,
  // Short: a session lasts minutes, and so does a burst of refused actions.
  intervalSeconds: 5,
  timeoutMs: 10_000,
  steps: [SESSIONS, ended.steps, blocked.steps],
  now: { [SESSIONS]: `SELECT 'sessions' AS fact, 0 AS step, sessions AS delta, state FROM admin_center.impersonation_state`, ...nowOf([ended, blocked]) },
  present: [`SELECT 'age' AS fact, 0 AS step, age_seconds AS delta FROM admin_center.impersonation_oldest`],
  mayBeAbsent: [],
  samples: (facts) => [
    ...samplesOf('admincenter_impersonation_sessions', facts.totals('sessions')),
    ...ended.samples(facts),
    ...samplesOf('admincenter_impersonation_oldest_active_age_seconds', facts.totals('age')),
    ...blocked.samples(facts),
  ],
};
