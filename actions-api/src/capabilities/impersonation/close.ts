// Ends a session: its row, the counter of its outcome, the mark that spans it, and what its log held by then.
import type { SESSION_OUTCOMES } from '@admin-center/contracts/impersonation';
import { sql } from 'kysely';
import { appendEntry, type Origin } from '../../platform/audit-entry.ts';
import type { Tx } from '../../platform/database.ts';
import { type EndCause, outcomeOf } from './standing.ts';
import { type OpenSession, stateOf } from './store.ts';

export interface Closed {
  /** From the exchange of the code to the end; null when it never came to that. */
  readonly durationSeconds: number | null;
  /** For the audit entry: it ties the log of requests to the chain. */
  readonly evidence: { readonly requests: number; readonly blocked: number; readonly digest: string };
  readonly after: Record<string, unknown>;
}

/**
 * @param session locked and open
 * @param outcome `refused` when the code was handed over too late to be allowed; else it follows from the cause
 */
export async function closeSession(tx: Tx, session: OpenSession, cause: EndCause, outcome: (typeof SESSION_OUTCOMES)[number] = outcomeOf(cause)): Promise<Closed> {
  const { rows } = await sql<{ ended_at: Date; duration: number | null }>`
    UPDATE admin_center.impersonation_session
    SET state = ${outcome}, end_cause = ${cause}, ended_at = greatest(coalesce(started_at, requested_at), least(clock_timestamp(), coalesce(ends_at, code_expires_at)))
    WHERE id = ${session.id}
    RETURNING ended_at, extract(epoch FROM ended_at - started_at)::double precision AS duration
  `.execute(tx);
  const { ended_at, duration } = rows[0] as { ended_at: Date; duration: number | null };
  await sql`
    SELECT admin_center.tally_add('admincenter_impersonation_sessions_total', ${JSON.stringify({ reason_class: session.reason_class, outcome })}::jsonb)
  `.execute(tx);
  await moveMark(tx, session.start_sequence, ended_at);
  const evidence = await readEvidence(tx, session.id);
  return { durationSeconds: duration, evidence, after: { ...stateOf({ ...session, state: outcome, ended_at, end_cause: cause }), ...evidence } };
}

/** The same, recorded as the doing of the product itself. */
export async function finishSession(tx: Tx, origin: Origin, session: OpenSession, cause: EndCause, outcome?: 'refused'): Promise<Closed> {
  const closed = await closeSession(tx, session, cause, outcome);
  await appendEntry(tx, origin, {
    action: 'impersonation.finish', outcome: 'success', target: { type: 'user', id: session.user_id }, reason: null, before: stateOf(session), after: closed.after,
  });
  return closed;
}

/** The mark of the start lasts as long as the session; one that Grafana has is sent again with the new end. */
export async function moveMark(tx: Tx, startSequence: number | null, endsAt: Date): Promise<void> {
  if (startSequence === null) {
    return;
  }
  // The outbox first: a relay that makes the mark right now holds that row until it is there.
  await sql`
    UPDATE admin_center.outbox
    SET mark_ends_at = ${endsAt}, annotation_due = CASE WHEN annotated_at IS NULL THEN annotation_due ELSE clock_timestamp() END
    WHERE audit_sequence = ${startSequence}
  `.execute(tx);
  await sql`UPDATE admin_center.mark SET ended_at = ${endsAt} WHERE audit_sequence = ${startSequence}`.execute(tx);
}

async function readEvidence(tx: Tx, sessionId: string): Promise<Closed['evidence']> {
  const { rows } = await sql<Closed['evidence']>`
    SELECT count(*) AS requests, count(*) FILTER (WHERE blocked) AS blocked, encode(admin_center.impersonation_digest(${sessionId}), 'hex') AS digest
    FROM admin_center.impersonation_request WHERE session_id = ${sessionId}
  `.execute(tx);
  return rows[0] as Closed['evidence'];
}
