// Rules of the user endpoints: what a role gets to see, and when a suspension or reactivation is refused.
import type { UserDetail, UserSummary } from '@admin-center/contracts/users';
import { requireSamePreview } from '../../platform/blast-radius.ts';
import { pageOf } from '../../platform/cursor.ts';
import type { Actor } from '../../platform/context.ts';
import type { Database } from '../../platform/database.ts';
import { conflict, denied, notFound } from '../../platform/errors.ts';
import { readAccount, readActions, readPayments, readSessions, readSubscriptions } from './detail.ts';
import { type Change, previewOf, stateNeeded, type Subject } from './preview.ts';
import { findExactly, listUsers, passes, positionOf, userCursor, type UserFilter, type UserOrder } from './search.ts';
import { readLiveRow, toSummaries } from './summary.ts';

interface UserPage {
  items: UserSummary[];
  nextCursor: string | null;
  total: number;
  totalIsExact: boolean;
}

export async function searchUsers(database: Database, filter: UserFilter & UserOrder & { readonly cursor?: string | undefined; readonly limit: number }): Promise<UserPage> {
  const exact = await findExactly(database, filter.q);
  if (exact !== null) {
    const rows = exact.filter((row) => passes(row, filter));
    return { items: await toSummaries(database, rows), nextCursor: null, total: rows.length, totalIsExact: true };
  }
  const cursor = userCursor(filter);
  const after = filter.cursor === undefined ? null : cursor.decode(filter.cursor);
  const { rows, ...count } = await listUsers(database, filter, filter, after, filter.limit + 1);
  const page = pageOf(rows, filter.limit, (row) => cursor.encode(positionOf(row)));
  return { ...page, items: await toSummaries(database, page.items), ...count };
}

/** @throws AppError 404 */
export async function readUser(database: Database, userId: string, actor: Actor): Promise<UserDetail> {
  const [row, account, sessions, subscriptions, payments, actions] = await Promise.all([
    readLiveRow(database, userId),
    readAccount(database, userId),
    readSessions(database, userId),
    readSubscriptions(database, userId),
    actor.permissions.has('subscriptions:read') ? readPayments(database, userId) : null,
    actor.permissions.has('audit:read') ? readActions(database, userId) : null,
  ]);
  if (row === null || account === null) {
    throw notFound('user');
  }
  const [summary] = await toSummaries(database, [row]);
  return {
    ...(summary as UserSummary),
    emailVerified: account.email_verified,
    identitySource: account.identity_source,
    locale: account.locale,
    suspendedAt: account.suspended_at?.toISOString() ?? null,
    suspensionReason: account.suspension_reason,
    deletedAt: account.deleted_at?.toISOString() ?? null,
    isAdmin: account.is_admin,
    sessions,
    subscriptions,
    payments,
    actions,
  };
}

/**
 * @throws AppError 403 where the actor may not touch this user, 409 where the user's state does not allow the change or
 * is no longer what the preview showed (the problem carries the new `preview`)
 */
export function admit(change: Change, subject: Subject, actor: Actor, previewToken: string | undefined): void {
  const { row, account } = subject;
  if (row.user_id === actor.userId) {
    throw denied('target_is_yourself', `You cannot ${change} yourself. Ask another admin.`);
  }
  if (account.is_admin && !actor.roles.includes('super_admin')) {
    throw denied('target_is_admin', `This user is an admin, and only a super admin may ${change} them.`);
  }
  if (row.state === 'deleted') {
    throw conflict('user_deleted', `This user was deleted, so there is nothing to ${change}.`);
  }
  const preview = previewOf(change, subject);
  requireSamePreview(preview, previewToken);
  if (row.state !== stateNeeded(change)) {
    throw conflict('state_conflict', change === 'suspend' ? 'This user is suspended already.' : 'This user is not suspended.', { preview });
  }
}
