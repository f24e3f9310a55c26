// What the worker does, and how often.
import { sql } from 'kysely';
import type { Logger } from '@admin-center/platform/log';
import { type Database, limitStatements, type Tx } from '../database.ts';
import type { Job } from './queue.ts';

/** A million users are reconciled in well under this. */
const LONG_MS = 10 * 60 * 1_000;
const IDEMPOTENCY_KEPT = '24 hours';
/** A host sends a report again for minutes at most. */
const REPORTS_KNOWN = '48 hours';

/** For statements that may read everything. */
const inTime = (database: Database, work: (tx: Tx) => Promise<unknown>): Promise<void> =>
  database.transaction().execute(async (tx) => {
    await limitStatements(tx, LONG_MS);
    await work(tx);
  });

const refreshDirectory = (database: Database, full: boolean): Promise<void> =>
  inTime(database, (tx) => sql`SELECT admin_center.refresh_user_directory(${full}::boolean)`.execute(tx));

const refreshRevenue = (database: Database, full: boolean): Promise<void> =>
  inTime(database, (tx) => sql`SELECT admin_center.refresh_recurring_revenue(${full}::boolean), admin_center.refresh_paying_users(${full}::boolean)`.execute(tx));

async function purgeRequests(database: Database): Promise<void> {
  await sql`DELETE FROM admin_center.idempotency_key WHERE created_at < now() - ${IDEMPOTENCY_KEPT}::interval`.execute(database);
  await sql`DELETE FROM admin_center.sdk_report WHERE received_at < now() - ${REPORTS_KNOWN}::interval`.execute(database);
  await sql`DELETE FROM admin_center.rate_limit WHERE expire < (extract(epoch FROM now()) * 1000)::bigint`.execute(database);
}

/** @param verifyChain the audit capability's verification */
export const jobsOf = (database: Database, log: Logger, verifyChain: () => Promise<{ readonly problems: readonly unknown[] }>): readonly Job[] => [
  { name: 'refresh-user-directory', cron: '* * * * *', repeatAfterSeconds: 15, atStart: true, run: () => refreshDirectory(database, false) },
  { name: 'reconcile-user-directory', cron: '7 * * * *', atStart: false, run: () => refreshDirectory(database, true) },
  { name: 'refresh-recurring-revenue', cron: '* * * * *', repeatAfterSeconds: 15, atStart: true, run: () => refreshRevenue(database, false) },
  { name: 'reconcile-recurring-revenue', cron: '37 * * * *', atStart: false, run: () => refreshRevenue(database, true) },
  {
    name: 'tally-payments', cron: '* * * * *', repeatAfterSeconds: 15, atStart: true,
    run: () => inTime(database, (tx) => sql`SELECT admin_center.tally_payments()`.execute(tx)),
  },
  {
    name: 'verify-audit-chain', cron: '*/5 * * * *', atStart: true,
    run: async () => {
      const { problems } = await verifyChain();
      if (problems.length > 0) {
        log.error({ problems }, 'the audit chain is broken');
      }
    },
  },
  { name: 'purge-requests', cron: '23 * * * *', atStart: false, run: () => purgeRequests(database) },
];
