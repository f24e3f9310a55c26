// Work that must not run on two replicas at a time: who holds the lock does it, the others pass.
import { sql } from 'kysely';
import type { Database } from '../database.ts';

/** The lock goes with its connection, so a leader that dies leaves none behind. @returns false when another replica is at it */
export const asLeader = (database: Database, task: string, work: () => Promise<void>): Promise<boolean> =>
  database.connection().execute(async (connection) => {
    const key = `admin-center:${task}`;
    const { rows } = await sql<{ taken: boolean }>`SELECT pg_try_advisory_lock(hashtextextended(${key}, 0)) AS taken`.execute(connection);
    if (rows[0]?.taken !== true) {
      return false;
    }
    try {
      await work();
      return true;
    } finally {
      await sql`SELECT pg_advisory_unlock(hashtextextended(${key}, 0))`.execute(connection);
    }
  });
