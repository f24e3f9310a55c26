// Blast radius of a suspension or reactivation (M9), and the token that ties an execution to what was previewed.
import type { BlastRadius } from '@admin-center/contracts/fields';
import type { UserSummary } from '@admin-center/contracts/users';
import { sql } from 'kysely';
import { previewToken } from '../../platform/blast-radius.ts';
import type { Queryable } from '../../platform/database.ts';
import { notFound } from '../../platform/errors.ts';
import { type AccountRow, readAccount } from './detail.ts';
import { readLiveRow, type SummaryRow, toSummaries } from './summary.ts';

export type Change = 'suspend' | 'reactivate';

export const stateNeeded = (change: Change): UserSummary['state'] => (change === 'suspend' ? 'active' : 'suspended');

/** A user as a change finds them. */
export interface Subject {
  readonly summary: UserSummary;
  readonly row: SummaryRow;
  readonly account: AccountRow;
  /** Ids of the sessions that are live. */
  readonly sessions: readonly string[];
}

/** @throws AppError 404 */
export async function readSubject(database: Queryable, userId: string): Promise<Subject> {
  const row = await readLiveRow(database, userId);
  const account = await readAccount(database, userId);
  if (row === null || account === null) {
    throw notFound('user');
  }
  const { rows } = await sql<{ session_id: string }>`
    SELECT session_id FROM admin_center.session WHERE user_id = ${userId} AND live ORDER BY session_id
  `.execute(database);
  const [summary] = await toSummaries(database, [row]);
  return { row, summary: summary as UserSummary, account, sessions: rows.map((session) => session.session_id) };
}

/** What the change would touch, by the same reads that execution makes. */
export function previewOf(change: Change, subject: Subject): BlastRadius {
  const { row, summary, account, sessions } = subject;
  return {
    users: 1,
    tiers: { [row.tier]: 1 },
    mrr: summary.mrr,
    sessions: change === 'suspend' ? sessions.length : 0,
    experiments: [],
    slo: null,
    approval: 'not_needed',
    warnings: warningsOf(change, subject),
    token: tokenOf(change, row, account, sessions),
  };
}

function warningsOf(change: Change, { row, account }: Subject): string[] {
  return [
    ...(row.state === stateNeeded(change) ? [] : [`This user is ${row.state}, so the change will be refused.`]),
    ...(account.is_admin ? ['This user is an admin. Only a super admin may change them.'] : []),
    ...(change === 'suspend' && row.tier !== 'free' ? ['The subscription goes on and is charged until it is canceled.'] : []),
  ];
}

/** Changes whenever anything changes that the preview showed, but for revenue, which the change does not touch. */
function tokenOf(change: Change, row: SummaryRow, account: AccountRow, sessions: readonly string[]): string {
  return previewToken([change, row.user_id, row.state, row.tier, account.suspended_at?.toISOString() ?? null, account.is_admin, change === 'suspend' ? sessions : []]);
}
