// The lists of sessions, and the report of one: every request made in it.
import type { ImpersonatedRequest, ImpersonationSession } from '@admin-center/contracts/impersonation';
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { cursorOf, instantText, pageOf } from '../../platform/cursor.ts';
import type { Database } from '../../platform/database.ts';
import { readSession, readSessions } from './store.ts';

const OPEN_AT_MOST = 500;
const sessionCursor = cursorOf('impersonation:sessions', z.object({ at: instantText, id: z.guid() }));
const requestCursor = cursorOf('impersonation:requests', z.object({ id: z.number().int() }));

export const listOpen = (database: Database): Promise<ImpersonationSession[]> =>
  readSessions(database, sql`s.state IN ('requested', 'active')`, sql`coalesce(s.ends_at, s.code_expires_at), s.id`, OPEN_AT_MOST);

interface Filter {
  readonly admin?: string | undefined;
  readonly userId?: string | undefined;
  readonly state?: string | undefined;
  readonly reasonClass?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listSessions(database: Database, filter: Filter): Promise<{ items: ImpersonationSession[]; nextCursor: string | null }> {
  const after = filter.cursor === undefined ? null : sessionCursor.decode(filter.cursor);
  const conditions: RawBuilder<unknown>[] = [
    sql`TRUE`,
    ...(filter.admin === undefined ? [] : [sql`position(lower(${filter.admin}) IN lower(s.admin_email)) > 0`]),
    ...(filter.userId === undefined ? [] : [sql`s.user_id = ${filter.userId}`]),
    ...(filter.state === undefined ? [] : [sql`s.state = ${filter.state}`]),
    ...(filter.reasonClass === undefined ? [] : [sql`s.reason_class = ${filter.reasonClass}`]),
    ...(filter.from === undefined ? [] : [sql`s.requested_at >= ${filter.from}`]),
    ...(filter.to === undefined ? [] : [sql`s.requested_at < ${filter.to}`]),
    ...(after === null ? [] : [sql`(s.requested_at, s.id) < (${after.at}::timestamptz, ${after.id}::uuid)`]),
  ];
  const rows = await readSessions(database, sql.join(conditions, sql` AND `), sql`s.requested_at DESC, s.id DESC`, filter.limit + 1);
  return pageOf(rows, filter.limit, ({ position, id }) => sessionCursor.encode({ at: position, id }));
}

interface RequestRow {
  readonly id: number;
  readonly at: Date;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly action_class: ImpersonatedRequest['actionClass'];
  readonly blocked: boolean;
}

interface ReportFilter {
  readonly blocked?: 'true' | 'false' | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Oldest first, in the order they were received. @throws AppError 404 */
export async function listRequests(database: Database, sessionId: string, { blocked, cursor, limit }: ReportFilter): Promise<{ items: ImpersonatedRequest[]; nextCursor: string | null }> {
  await readSession(database, sessionId);
  const after = cursor === undefined ? 0 : requestCursor.decode(cursor).id;
  const { rows } = await sql<RequestRow>`
    SELECT id, at, method, route, status, action_class, blocked FROM admin_center.impersonation_request
    WHERE session_id = ${sessionId} AND id > ${after} AND ${blocked === undefined ? sql`TRUE` : sql`blocked = ${blocked === 'true'}`}
    ORDER BY id
    LIMIT ${limit + 1}
  `.execute(database);
  const { items, nextCursor } = pageOf(rows, limit, ({ id }) => requestCursor.encode({ id }));
  return {
    items: items.map(({ id, at, action_class, ...row }) => ({ ...row, id: String(id), at: at.toISOString(), actionClass: action_class })),
    nextCursor,
  };
}
