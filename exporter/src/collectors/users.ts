// Users by state and entitled tier, and sign-ups.
import { users as capability } from '@admin-center/contracts/users';
import { type Collector, samplesOf } from '../collector.ts';

export const users: Collector = {
  name: 'users',
  capability,
  intervalSeconds: 15,
  timeoutMs: 20_000,
  steps: ['SELECT * FROM admin_center.user_steps($1)'],
  present: [],
  mayBeAbsent: [],
  samples: (facts) => [...samplesOf('admincenter_users', facts.totals('users')), ...samplesOf('admincenter_signups', facts.totals('signups'))],
};
