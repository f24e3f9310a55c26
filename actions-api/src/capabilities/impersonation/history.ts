// What a user sees of those who looked at their account: which admin, when, why, and every request that was made.
import type { END_CAUSES } from '@admin-center/contracts/impersonation';
import { sql } from 'kysely';
import { z } from 'zod';
import { cursorOf, instantText, pageOf } from '../../platform/cursor.ts';
import type { Database } from '../../platform/database.ts';
import { listRequests } from './list.ts';
import { notFound } from '../../platform/errors.ts';

const cursor = cursorOf('impersonation:history', z.object({ at: instantText, id: z.guid() }));

/** One session, as the host may show it to the user whose account it was. */
export interface PastSession {
  readonly id: string;
  readonly admin: string;
  readonly reason: string;
  readonly reasonClass: string;
  readonly ticket: string | null;
  readonly scope: 'read' | 'write';
  readonly startedAt: string;
  /** Null while it is under way. */
  readonly endedAt: string | null;
  readonly endCause: (typeof END_CAUSES)[number] | null;
  readonly requests: number;
  readonly blocked: number;
}

interface Row {
  readonly id: string;
  readonly admin_email: string;
  readonly reason: string;
  readonly reason_class: string;
  readonly ticket: string | null;
  readonly scope: 'read' | 'write';
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly end_cause: PastSession['endCause'];
  readonly requests: number;
  readonly blocked: number;
  readonly position: string;
}

interface Page {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Newest first; a code that nobody used gave nobody a look. */
export async function historyOf(database: Database, userId: string, page: Page): Promise<{ items: PastSession[]; nextCursor: string | null }> {
  const after = page.cursor === undefined ? null : cursor.decode(page.cursor);
  const { rows } = await sql<Row>`
    SELECT s.id, s.admin_email, s.reason, s.reason_class, s.ticket, s.scope, s.started_at, s.ended_at, s.end_cause, made.requests, made.blocked,
      s.started_at AT TIME ZONE 'UTC' || '+00' AS position
    FROM admin_center.impersonation_session s
    CROSS JOIN LATERAL (SELECT count(*) AS requests, count(*) FILTER (WHERE r.blocked) AS blocked FROM admin_center.impersonation_request r WHERE r.session_id = s.id) made
    WHERE s.user_id = ${userId} AND s.started_at IS NOT NULL AND ${after === null ? sql`TRUE` : sql`(s.started_at, s.id) < (${after.at}::timestamptz, ${after.id}::uuid)`}
    ORDER BY s.started_at DESC, s.id DESC
    LIMIT ${page.limit + 1}
  `.execute(database);
  const { items, nextCursor } = pageOf(rows, page.limit, ({ position, id }) => cursor.encode({ at: position, id }));
  return {
    nextCursor,
    items: items.map((row) => ({
      id: row.id, admin: row.admin_email, reason: row.reason, reasonClass: row.reason_class, ticket: row.ticket, scope: row.scope,
      startedAt: row.started_at.toISOString(), endedAt: row.ended_at?.toISOString() ?? null, endCause: row.end_cause, requests: row.requests, blocked: row.blocked,
    })),
  };
}

/** What was done in one of them, oldest first. @throws AppError 404 also for a session at somebody else's account */
export async function doneIn(database: Database, userId: string, sessionId: string, page: Page): ReturnType<typeof listRequests> {
  const { rows } = await sql`SELECT FROM admin_center.impersonation_session WHERE id = ${sessionId} AND user_id = ${userId} AND started_at IS NOT NULL`.execute(database);
  if (rows.length === 0) {
    throw notFound('session');
  }
  return listRequests(database, sessionId, page);
}
