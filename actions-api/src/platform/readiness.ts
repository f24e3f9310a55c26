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
    const { rows } = await sql<{ migrated: boolean; allowed: boolean | null }>`
      SELECT to_regclass('admin_center.rate_limit') IS NOT NULL AND to_regclass('admin_center.admin') IS NOT NULL AS migrated,
        (SELECT bool_and(has_function_privilege(oid, 'EXECUTE')) FROM pg_proc WHERE proname IN ('audit_append', 'suspend_user') AND pronamespace = to_regnamespace('admin_center')) AS allowed
    `.execute(database);
    const [answer] = rows;
    return [
      ...(answer?.migrated === true ? [] : ['The database is not migrated. Run the migration with the owner\'s DATABASE_URL.']),
      ...(answer?.allowed === false ? ['The role of DATABASE_URL lacks rights. It must be admin_center_api; running the migration again renews its rights.'] : []),
    ];
  } catch (error) {
    return [`The database cannot be reached: ${error instanceof Error ? error.message || error.name : String(error)}.`];
  }
}
