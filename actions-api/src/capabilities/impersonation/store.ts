// Sessions as they are kept, and as the endpoints show them.
import type { ImpersonationSession } from '@admin-center/contracts/impersonation';
import { type RawBuilder, sql } from 'kysely';
import type { Queryable, Tx } from '../../platform/database.ts';
import { notFound } from '../../platform/errors.ts';
import { causeToEnd, type EndCause } from './standing.ts';

/** What decides about a session and what an audit entry says of it. */
export interface OpenSession {
  readonly id: string;
  readonly state: ImpersonationSession['state'];
  readonly admin_id: string;
  readonly admin_subject: string;
  readonly admin_email: string;
  readonly admin_role: string;
  readonly user_id: string;
  readonly scope: ImpersonationSession['scope'];
  readonly minutes: number;
  readonly reason_class: string;
  readonly code_expires_at: Date;
  readonly started_at: Date | null;
  readonly ends_at: Date | null;
  readonly hard_ends_at: Date | null;
  readonly extended_at: Date | null;
  readonly ended_at: Date | null;
  readonly end_cause: EndCause | null;
  readonly start_sequence: number | null;
  /** Why it has to end now. */
  readonly cause: EndCause | null;
}

/** Locks the sessions that the condition finds; `wait: false` leaves out those that somebody else has locked. */
export async function lockSessions(tx: Tx, condition: RawBuilder<unknown>, { wait }: { readonly wait: boolean }): Promise<readonly OpenSession[]> {
  const { rows } = await sql<OpenSession>`
    SELECT s.id, s.state, s.admin_id, s.admin_subject, s.admin_email, s.admin_role, s.user_id, s.scope, s.minutes, s.reason_class, s.code_expires_at,
      s.started_at, s.ends_at, s.hard_ends_at, s.extended_at, s.ended_at, s.end_cause, s.start_sequence,
      CASE WHEN s.ended_at IS NULL THEN ${causeToEnd} END AS cause
    FROM admin_center.impersonation_session s
    WHERE ${condition}
    ORDER BY s.id
    FOR UPDATE OF s ${wait ? sql`` : sql`SKIP LOCKED`}
  `.execute(tx);
  return rows;
}

/** @throws AppError 404 */
export async function lockSession(tx: Tx, id: string): Promise<OpenSession> {
  const [session] = await lockSessions(tx, sql`s.id = ${id}`, { wait: true });
  if (session === undefined) {
    throw notFound('session');
  }
  return session;
}

interface SessionRow extends OpenSession {
  readonly reason: string;
  readonly ticket: string | null;
  readonly context: ImpersonationSession['context'];
  readonly requested_at: Date;
  readonly extension_reason: string | null;
  readonly user_email: string | null;
  readonly user_name: string | null;
  readonly tier: ImpersonationSession['user']['tier'] | null;
  readonly remaining: number;
  readonly consent: { readonly given_at: string; readonly until: string; readonly withdrawn_at: string | null } | null;
  readonly requests: number;
  readonly blocked: number;
  readonly position: string;
}

export type ListedSession = ImpersonationSession & { readonly position: string };

export async function readSessions(database: Queryable, condition: RawBuilder<unknown>, order: RawBuilder<unknown>, limit: number): Promise<ListedSession[]> {
  const { rows } = await sql<SessionRow>`
    SELECT s.*, a.email AS user_email, a.display_name AS user_name, e.tier, made.requests, made.blocked,
      (SELECT jsonb_build_object('given_at', c.given_at, 'until', c.until, 'withdrawn_at', c.withdrawn_at) FROM admin_center.impersonation_consent c WHERE c.id = s.consent_id) AS consent,
      CASE WHEN s.ended_at IS NULL THEN ceil(greatest(0, extract(epoch FROM coalesce(s.ends_at, s.code_expires_at) - clock_timestamp())))::integer ELSE 0 END AS remaining,
      s.requested_at AT TIME ZONE 'UTC' || '+00' AS position
    FROM admin_center.impersonation_session s
    LEFT JOIN admin_center.account a ON a.user_id = s.user_id
    LEFT JOIN admin_center.entitlement e ON e.user_id = s.user_id
    CROSS JOIN LATERAL (
      SELECT count(*) AS requests, count(*) FILTER (WHERE r.blocked) AS blocked FROM admin_center.impersonation_request r WHERE r.session_id = s.id
    ) made
    WHERE ${condition}
    ORDER BY ${order}
    LIMIT ${limit}
  `.execute(database);
  return rows.map((row) => ({ ...toSession(row), position: row.position }));
}

/** @throws AppError 404 */
export async function readSession(database: Queryable, id: string): Promise<ImpersonationSession> {
  const [session] = await readSessions(database, sql`s.id = ${id}`, sql`s.id`, 1);
  if (session === undefined) {
    throw notFound('session');
  }
  return session;
}

const utc = (text: string): string => new Date(text).toISOString();

const toSession = (row: SessionRow): ImpersonationSession => ({
  id: row.id,
  state: row.state,
  admin: { id: row.admin_id, email: row.admin_email },
  user: { id: row.user_id, email: row.user_email, name: row.user_name, tier: row.tier ?? 'free' },
  scope: row.scope,
  reason: row.reason,
  reasonClass: row.reason_class as ImpersonationSession['reasonClass'],
  ticket: row.ticket,
  context: row.context,
  requestedAt: row.requested_at.toISOString(),
  startedAt: row.started_at?.toISOString() ?? null,
  endsAt: (row.ends_at ?? row.code_expires_at).toISOString(),
  hardEndsAt: row.hard_ends_at?.toISOString() ?? null,
  endedAt: row.ended_at?.toISOString() ?? null,
  endCause: row.end_cause,
  remainingSeconds: row.remaining,
  extended: row.extended_at !== null,
  extensionReason: row.extension_reason,
  consent: row.consent === null ? null : { givenAt: utc(row.consent.given_at), until: utc(row.consent.until), withdrawnAt: row.consent.withdrawn_at === null ? null : utc(row.consent.withdrawn_at) },
  requests: row.requests,
  blocked: row.blocked,
});

/** What an audit entry keeps of a session before and after a change. */
export const stateOf = ({ id, state, admin_id, user_id, scope, started_at, ends_at, ended_at, end_cause }: OpenSession): Record<string, unknown> => ({
  session: id,
  state,
  admin: admin_id,
  user: user_id,
  scope,
  startedAt: started_at?.toISOString() ?? null,
  endsAt: ends_at?.toISOString() ?? null,
  endedAt: ended_at?.toISOString() ?? null,
  endCause: end_cause,
});
