// What the worker does for conversion: works out the past of funnels slice by slice, settles who may still convert, forgets
// what none needs, and follows who pays.
import { sql } from 'kysely';
import { type Database, limitStatements, type Tx } from '../../platform/database.ts';
import type { Job } from '../../platform/jobs/queue.ts';

const LONG_MS = 10 * 60 * 1_000;
/** Slices of one run: other jobs and rollups come in between. */
const SLICES_A_RUN = 16;

const inTime = <T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> =>
  database.transaction().execute(async (tx) => {
    await limitStatements(tx, LONG_MS);
    return work(tx);
  });

async function buildSlice(database: Database): Promise<boolean> {
  const { rows } = await inTime(database, (tx) => sql<{ built: boolean }>`SELECT admin_center.build_funnel_slice() AS built`.execute(tx));
  return rows[0]?.built === true;
}

/** @returns once there is nothing more to work out, or after so many slices */
export async function buildFunnels(database: Database, slices = SLICES_A_RUN): Promise<void> {
  for (let done = 0; done < slices; done += 1) {
    if (!(await buildSlice(database))) {
      return;
    }
  }
}

/** @param until who could still convert after it is pending in results */
export const settleFunnels = (database: Database, until: Date): Promise<unknown> => inTime(database, (tx) => sql`SELECT admin_center.settle_funnels(${until})`.execute(tx));

async function forgetEntries(database: Database): Promise<void> {
  for (let forgotten = 1; forgotten > 0; ) {
    const { rows } = await inTime(database, (tx) => sql<{ forgotten: number }>`SELECT admin_center.forget_funnel_entries() AS forgotten`.execute(tx));
    forgotten = rows[0]?.forgotten ?? 0;
  }
}

const followPayers = (database: Database, full: boolean): Promise<unknown> => inTime(database, (tx) => sql`SELECT admin_center.refresh_paid_spans(${full}::boolean)`.execute(tx));

export const conversionJobs = (database: Database, clock: () => Date): readonly Job[] => [
  { name: 'build-funnels', cron: '* * * * *', repeatAfterSeconds: 2, atStart: true, run: () => buildFunnels(database) },
  { name: 'settle-funnels', cron: '* * * * *', repeatAfterSeconds: 15, atStart: true, run: async () => void (await settleFunnels(database, clock())) },
  { name: 'forget-funnel-entries', cron: '17 * * * *', atStart: false, run: () => forgetEntries(database) },
  { name: 'refresh-paid-spans', cron: '* * * * *', repeatAfterSeconds: 30, atStart: true, run: async () => void (await followPayers(database, false)) },
  { name: 'reconcile-paid-spans', cron: '47 * * * *', atStart: false, run: async () => void (await followPayers(database, true)) },
];
