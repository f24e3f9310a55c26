// What admins do with sessions: ask for one, extend it, end it.
import type { ResponseOf } from '@admin-center/contracts/capability';
import { CODE_MINUTES, impersonation, type ImpersonationSession } from '@admin-center/contracts/impersonation';
import type { Histogram } from '@opentelemetry/api';
import { sql } from 'kysely';
import type { Work } from '../../platform/audited.ts';
import { requireApproval } from '../../platform/approvals.ts';
import { requireSamePreview } from '../../platform/blast-radius.ts';
import type { RequestContext } from '../../platform/context.ts';
import type { Tx } from '../../platform/database.ts';
import { conflict, denied } from '../../platform/errors.ts';
import { type Asked, type Candidate, radiusOf, readCandidate, refusalOf } from './admission.ts';
import { closeSession, type Closed, moveMark } from './close.ts';
import { handOffUrl, hashOfCode, makeCode } from './code.ts';
import type { Consent } from './consent.ts';
import { liveSessionsOf } from './standing.ts';
import { lockSession, lockSessions, type OpenSession, readSession, stateOf } from './store.ts';

const { endpoints } = impersonation;

interface AskedFor extends Asked {
  readonly reason: string;
  readonly reasonClass: ImpersonationSession['reasonClass'];
  readonly ticket?: string | undefined;
  readonly context?: ImpersonationSession['context'] | undefined;
  readonly previewToken?: string | undefined;
}

interface Requested {
  readonly code: string;
  readonly session: ImpersonationSession;
}

/** A code that waits already is taken back: an admin has one session at a time. */
export const requestWork = (asked: AskedFor, { actor }: RequestContext, handOffPage: string | undefined): Work<Candidate, Requested, ResponseOf<typeof endpoints.request>> => ({
  reason: asked.reason,
  async read(tx) {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`impersonation:${actor.userId}`}, 0)), admin_center.lock_account(${asked.userId})`.execute(tx);
    return readCandidate(tx, asked.userId, actor);
  },
  async run(tx, candidate) {
    const refusal = refusalOf(candidate, actor);
    if (refusal !== null) {
      throw refusal;
    }
    const radius = radiusOf(asked, candidate);
    requireSamePreview(radius, asked.previewToken);
    if (radius.approval === 'needed') {
      const { email, tier } = candidate.subject.summary;
      await requireApproval(tx, { actor }, {
        action: 'impersonation.request', target: { type: 'user', id: asked.userId }, fingerprint: radius.token, radius,
        summary: `Impersonate ${email} (${tier}) for ${asked.minutes} minutes, scope ${asked.scope}.`,
      });
    }
    await takeBackCode(tx, actor.userId);
    const code = makeCode();
    return { code, session: await readSession(tx, await insertSession(tx, asked, actor, code, candidate.consent)) };
  },
  keep: ({ result: { session } }) => ({
    before: null,
    after: {
      session: session.id, scope: session.scope, minutes: asked.minutes, reasonClass: session.reasonClass, ticket: session.ticket, context: session.context, codeExpiresAt: session.endsAt,
    },
  }),
  respond: ({ result: { code, session } }, auditSequence) => ({
    session, auditSequence, code,
    codeExpiresAt: session.endsAt,
    handOffUrl: handOffUrl(handOffPage, code),
    message: `The code is good for one hand-over within ${CODE_MINUTES} minutes.`,
  }),
});

async function takeBackCode(tx: Tx, adminId: string | null): Promise<void> {
  for (const waiting of await lockSessions(tx, sql`s.admin_id = ${adminId} AND s.state = 'requested'`, { wait: true })) {
    await closeSession(tx, waiting, waiting.cause ?? 'superseded');
  }
}

async function insertSession(tx: Tx, { userId, scope, minutes, reason, reasonClass, ticket, context }: AskedFor, actor: RequestContext['actor'], code: string, consent: Consent): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    INSERT INTO admin_center.impersonation_session
      (admin_id, admin_subject, admin_email, admin_role, user_id, scope, minutes, reason, reason_class, ticket, context, code_hash, code_expires_at, consent_id, admin_sessions, user_sessions)
    VALUES (
      ${actor.userId}, ${actor.subject}, ${actor.email}, ${actor.role}, ${userId}, ${scope}, ${minutes}, ${reason}, ${reasonClass}, ${ticket ?? null},
      ${context === undefined || context === null ? null : JSON.stringify(context)}::jsonb, ${hashOfCode(code)}, clock_timestamp() + ${CODE_MINUTES} * interval '1 minute',
      ${consent.needed ? consent.id : null}, ${liveSessionsOf(sql`${actor.userId}::uuid`)}, ${liveSessionsOf(sql`${userId}::uuid`)}
    )
    RETURNING id
  `.execute(tx);
  return (rows[0] as { id: string }).id;
}

type Changed = ResponseOf<typeof endpoints.end>;

/** Once, by who asked for the session, and never beyond its hard end. */
export const extendWork = (sessionId: string, { reason, minutes }: { readonly reason: string; readonly minutes: number }, { actor }: RequestContext): Work<OpenSession, ImpersonationSession, Changed> => ({
  reason,
  read: (tx) => lockSession(tx, sessionId),
  async run(tx, session) {
    if (session.admin_id !== actor.userId) {
      throw denied('not_your_session', 'Only the admin who asked for a session may extend it.');
    }
    if (session.state !== 'active' || session.cause !== null) {
      throw conflict('session_not_active', 'This session is not active, so there is nothing to extend. Ask for a new one.');
    }
    if (session.extended_at !== null) {
      throw conflict('session_extended', 'This session was extended already, and that goes once. Ask for a new one.');
    }
    const { rows } = await sql<{ ends_at: Date }>`
      UPDATE admin_center.impersonation_session
      SET ends_at = least(ends_at + ${minutes} * interval '1 minute', hard_ends_at), extended_at = clock_timestamp(), extension_reason = ${reason}
      WHERE id = ${sessionId}
      RETURNING ends_at
    `.execute(tx);
    await moveMark(tx, session.start_sequence, (rows[0] as { ends_at: Date }).ends_at);
    return readSession(tx, sessionId);
  },
  keep: ({ before, after }) => ({ before: stateOf(before), after: stateOf(after) }),
  respond: ({ result: session }, auditSequence) => ({ session, auditSequence, message: `The session now ends at ${session.endsAt}.` }),
});

interface Ended {
  readonly closed: Closed;
  readonly session: ImpersonationSession;
}

/** @param duration of sessions, by which the one that ends here is counted */
export const endWork = (sessionId: string, reason: string, duration: Histogram): Work<OpenSession, Ended, Changed> => ({
  reason,
  read: (tx) => lockSession(tx, sessionId),
  async run(tx, session) {
    if (session.ended_at !== null) {
      throw conflict('session_over', 'This session is over already.');
    }
    const closed = await closeSession(tx, session, session.cause ?? 'ended_by_admin');
    return { closed, session: await readSession(tx, sessionId) };
  },
  keep: ({ before, result }) => ({ before: stateOf(before), after: result.closed.after }),
  respond({ result: { closed, session } }, auditSequence) {
    countDuration(duration, closed);
    return { session, auditSequence, message: 'The session is over; the host refuses its next request.' };
  },
});

/** Sessions that never started have no duration. */
export function countDuration(duration: Histogram, { durationSeconds }: Closed): void {
  if (durationSeconds !== null) {
    duration.record(durationSeconds);
  }
}
