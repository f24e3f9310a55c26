// The writes to the host's users, through the adapter's functions.
import { sql } from 'kysely';
import type { Tx } from '../../platform/database.ts';
import { readSubject, type Subject } from './preview.ts';

/** Two admins at the same user wait for each other, so that the second sees what the first did. @throws AppError 404 */
export async function lockSubject(tx: Tx, userId: string): Promise<Subject> {
  await sql`SELECT admin_center.lock_account(${userId})`.execute(tx);
  return readSubject(tx, userId);
}

/** @returns how many sessions ended */
export async function suspendUser(tx: Tx, userId: string, reason: string): Promise<number> {
  const { rows } = await sql<{ revoked: number }>`SELECT admin_center.suspend_user(${userId}, ${reason}) AS revoked`.execute(tx);
  return rows[0]?.revoked ?? 0;
}

/** Ended sessions stay ended. @returns 0, the number of sessions it ends */
export async function reactivateUser(tx: Tx, userId: string): Promise<number> {
  await sql`SELECT admin_center.reactivate_user(${userId})`.execute(tx);
  return 0;
}

/** What an audit entry keeps of a user before and after a change. */
export const stateOf = ({ row, account, sessions }: Subject): Record<string, unknown> => ({
  state: row.state,
  suspendedAt: account.suspended_at?.toISOString() ?? null,
  suspensionReason: account.suspension_reason,
  liveSessions: sessions.length,
});
