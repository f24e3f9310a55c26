// Whether this process can do its work: what `/readyz` answers. Grafana's keys are not asked about, since Grafana itself
// may be waiting for us to be ready.
import { sql } from 'kysely';
import type { Database } from './database.ts';

const TIMEOUT_MS = 2_000;

/** @returns why not, one sentence each; empty when ready */
export async function reasonsNotReady(database: Database): Promise<readonly string[]> {
  const late = new Promise<string[]>((resolve) => {
    setTimeout(() => resolve([`The database did not answer within ${TIMEOUT_MS / 1_000} s.`]), TIMEOUT_MS).unref();
  });
  return Promise.race([late, askDatabase(database)]);
}

async function askDatabase(database: Database): Promise<string[]> {
  try {
    const { rows } = await sql<{ migrated: boolean }>`
      SELECT to_regclass('admin_center.rate_limit') IS NOT NULL AND to_regclass('admin_center.admin') IS NOT NULL AS migrated
    `.execute(database);
    return rows[0]?.migrated === true ? [] : ['The database is not migrated. Run the migration with the owner\'s DATABASE_URL.'];
  } catch (error) {
    return [`The database cannot be reached: ${error instanceof Error ? error.message || error.name : String(error)}.`];
  }
}
