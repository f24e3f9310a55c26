// Work that must not run on two replicas at a time: who holds the lock does it, the others pass.
import { sql } from 'kysely';
import type { Database } from '../database.ts';

/**
 * Throws once the lead is lost, and keeps it for as long again otherwise. Called right before a write, inside of its
 * transaction, it keeps out what was found before this process hung and another replica took over.
 */
export type ConfirmLead = () => Promise<void>;

/** Longer than PostgreSQL lets a transaction stand idle (pool.ts): of what a process that hangs had begun nothing comes later. */
const LEAD_MS = 45_000;
const BEATS = 3;

/** So much later than this process would give the lead away by itself PostgreSQL takes it. */
const GRACE_MS = 1_000;

/**
 * The lock goes with its connection, so a leader that dies leaves none behind.
 * @param longestMs how long a leader may stay without confirming. Then PostgreSQL ends the connection, however much of this
 *   process hangs, and another replica takes over
 * @returns false when another replica is at it
 */
export const asLeader = (database: Database, task: string, work: (confirm: ConfirmLead) => Promise<void>, longestMs: number): Promise<boolean> =>
  database.connection().execute(async (connection) => {
    const key = `admin-center:${task}`;
    const { rows } = await sql<{ taken: boolean }>`SELECT pg_try_advisory_lock(hashtextextended(${key}, 0)) AS taken`.execute(connection);
    if (rows[0]?.taken !== true) {
      return false;
    }
    let isOver = false;
    const lost = (): Error => new Error(`The lead of ${task} was lost: it was not confirmed in time.`);
    const deadline = createDeadline(longestMs, lost);
    const confirm = async (): Promise<void> => {
      // The connection may be somebody else's by now.
      if (isOver) {
        throw lost();
      }
      await sql`SELECT`.execute(connection);
      deadline.restart();
    };
    const release = async (): Promise<void> => {
      isOver = true;
      deadline.stop();
      await sql`SELECT pg_advisory_unlock(hashtextextended(${key}, 0))`.execute(connection);
      await sql`RESET idle_session_timeout`.execute(connection);
    };
    try {
      await sql`SELECT set_config('idle_session_timeout', ${String(longestMs + GRACE_MS)}, false)`.execute(connection);
      await Promise.race([work(confirm), deadline.missed]);
    } catch (error) {
      // Where the connection is gone, so is its lock.
      await release().catch(() => undefined);
      throw error;
    }
    await release();
    return true;
  });

/**
 * Leads until the work ends, for as long as this process runs: for work that confirms nothing by itself and whose every step
 * is bounded in time. A process that hung may meet its successor when it goes on, so the work must bear that, or confirm.
 * @returns false when another replica is at it
 */
export const leadWhileAlive = (database: Database, task: string, work: (confirm: ConfirmLead) => Promise<void>, longestMs = LEAD_MS): Promise<boolean> =>
  asLeader(database, task, async (confirm) => {
    const beat = setInterval(() => void confirm().catch(() => undefined), longestMs / BEATS);
    try {
      await work(confirm);
    } finally {
      clearInterval(beat);
    }
  }, longestMs);

/** Lets the caller go on when the work hangs and the process does not. */
function createDeadline(ms: number, lost: () => Error): { readonly missed: Promise<never>; restart(): void; stop(): void } {
  let miss: (error: Error) => void = () => undefined;
  const missed = new Promise<never>((_, reject) => {
    miss = reject;
  });
  missed.catch(() => undefined);
  const start = (): NodeJS.Timeout => setTimeout(() => miss(lost()), ms);
  let timer = start();
  const stop = (): void => clearTimeout(timer);
  return {
    missed,
    restart() {
      stop();
      timer = start();
    },
    stop,
  };
}
