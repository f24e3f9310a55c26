// Keeps one report, whole or not at all, and once.
import { sql } from 'kysely';
import { recordEvaluations } from '../../capabilities/flags/usage.ts';
import { recordRequests } from '../../capabilities/impersonation/requests.ts';
import type { Database } from '../database.ts';
import type { Report } from './schema.ts';

/** @returns false when this key sent this report before */
export function storeReport(database: Database, keyId: string, report: Report): Promise<boolean> {
  return database.transaction().execute(async (tx) => {
    const { numAffectedRows } = await sql`
      INSERT INTO admin_center.sdk_report (key_id, message_id) VALUES (${keyId}, ${report.messageId}) ON CONFLICT DO NOTHING
    `.execute(tx);
    if (numAffectedRows !== 1n) {
      return false;
    }
    await recordEvaluations(tx, report.evaluations);
    // Last: it may hold the head of the audit chain.
    await recordRequests(tx, keyId, report.impersonated);
    return true;
  });
}
