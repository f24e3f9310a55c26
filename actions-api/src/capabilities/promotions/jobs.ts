// What the worker does for promotions.
import type { Clock } from '@admin-center/platform/clock';
import type { Logger } from '@admin-center/platform/log';
import { sql } from 'kysely';
import type { Recorder } from '../../platform/audited.ts';
import { type Database, limitStatements } from '../../platform/database.ts';
import type { Job } from '../../platform/jobs/queue.ts';
import { makeWaitingCodes } from './batches.ts';
import { advanceReferrals } from './referral-job.ts';
import { purgeEvents } from './stripe/events.ts';

/** Ten times a hundred thousand redemptions are computed in well under this. */
const LONG_MS = 10 * 60_000;
/** A run takes about a second with 720,000 payments, and grows with them. */
const RETURNS_SECONDS = 300;

export interface JobParts {
  readonly database: Database;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The returns of campaigns, for the exporter, which asks more often than they could be computed. */
export const keepReturns = (database: Database): Promise<void> =>
  database.transaction().execute(async (tx) => {
    await limitStatements(tx, LONG_MS);
    await sql`SELECT admin_center.keep_campaign_roi()`.execute(tx);
  });

export const promotionsJobs = (parts: JobParts): readonly Job[] => [
  { name: 'make-promotion-codes', cron: '* * * * *', repeatAfterSeconds: 5, atStart: true, run: () => makeWaitingCodes(parts.database, parts.clock) },
  { name: 'advance-referrals', cron: '* * * * *', repeatAfterSeconds: 60, atStart: true, run: () => advanceReferrals(parts) },
  { name: 'keep-campaign-roi', cron: '* * * * *', repeatAfterSeconds: RETURNS_SECONDS, atStart: true, run: () => keepReturns(parts.database) },
  { name: 'purge-stripe-events', cron: '41 4 * * *', atStart: false, run: () => purgeEvents(parts.database) },
];
