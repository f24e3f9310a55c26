// What the worker does for promotions.
import type { Clock } from '@admin-center/platform/clock';
import type { Logger } from '@admin-center/platform/log';
import type { Recorder } from '../../platform/audited.ts';
import type { Database } from '../../platform/database.ts';
import type { Job } from '../../platform/jobs/queue.ts';
import { makeWaitingCodes } from './batches.ts';
import { advanceReferrals } from './referral-job.ts';
import { purgeEvents } from './stripe/events.ts';

export interface JobParts {
  readonly database: Database;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly log: Logger;
}

export const promotionsJobs = (parts: JobParts): readonly Job[] => [
  { name: 'make-promotion-codes', cron: '* * * * *', repeatAfterSeconds: 5, atStart: true, run: () => makeWaitingCodes(parts.database, parts.clock) },
  { name: 'advance-referrals', cron: '* * * * *', repeatAfterSeconds: 60, atStart: true, run: () => advanceReferrals(parts) },
  { name: 'purge-stripe-events', cron: '41 4 * * *', atStart: false, run: () => purgeEvents(parts.database) },
];
