// Keeps the counts of the stream of events up to date, and the room that the stream needs.
import { sql } from 'kysely';
import type { Logger } from '@admin-center/platform/log';
import { type Database, limitStatements } from '../database.ts';
import { leadWhileAlive } from '../jobs/leader.ts';
import { type Loop, startLoop } from '../jobs/loop.ts';
import type { Job } from '../jobs/queue.ts';

const LOOK_MS = 1_000;
const BATCH = 50_000;
const BATCH_MS = 10 * 60 * 1_000;
const RECEIPTS_KEPT = '7 days';

export interface RolledUp {
  readonly events: number;
  /** Others wait. */
  readonly more: boolean;
  /** The stream comes from another cluster, so counting began anew. */
  readonly rebuilt: boolean;
}

/** One batch, in one transaction: its events are counted once or, when this fails, not yet. */
export const rollUpBatch = (database: Database, most = BATCH): Promise<RolledUp> =>
  database.transaction().execute(async (tx) => {
    await limitStatements(tx, BATCH_MS);
    const { rows } = await sql<RolledUp>`SELECT events, more, rebuilt FROM admin_center.roll_up_events(${most}::integer)`.execute(tx);
    return rows[0] as RolledUp;
  });

/** Of several workers one rolls up at a time. One that hung and goes on is held off by the lock of the watermark. */
export const startRollupLoop = (database: Database, log: Logger): Loop =>
  startLoop('event-rollup', LOOK_MS, log, async () => {
    await leadWhileAlive(database, 'event-rollup', async () => {
      for (let waiting = true; waiting; ) {
        const { events, more, rebuilt } = await rollUpBatch(database);
        if (rebuilt) {
          log.warn('the stream of events was written by another cluster; it is counted anew');
        }
        if (events > 0) {
          log.debug({ events, more }, 'rolled up events');
        }
        waiting = more;
      }
    });
  });

export const eventJobs = (database: Database): readonly Job[] => [
  {
    name: 'make-event-partitions', cron: '13 2 * * *', atStart: true,
    run: async () => {
      await sql`SELECT admin_center.ensure_event_partitions(current_date, (now() + interval '3 months')::date)`.execute(database);
    },
  },
  {
    name: 'purge-event-receipts', cron: '51 * * * *', atStart: false,
    run: async () => {
      await sql`DELETE FROM admin_center.event_receipt WHERE received_at < now() - ${RECEIPTS_KEPT}::interval`.execute(database);
    },
  },
];
