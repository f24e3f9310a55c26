// Requests for approval in the database: read them, ask, decide.
import type { Approval } from '@admin-center/contracts/audit-approvals';
import type { BlastRadius } from '@admin-center/contracts/fields';
import { sql } from 'kysely';
import type { Approvable } from '../../platform/approvals.ts';
import type { Actor } from '../../platform/context.ts';
import type { Queryable, Tx } from '../../platform/database.ts';
import { conflict, denied, notFound } from '../../platform/errors.ts';

export interface ApprovalRow {
  readonly id: string;
  readonly position: string;
  readonly state: Approval['state'];
  readonly action: string;
  readonly target_type: string;
  readonly target_id: string;
  readonly fingerprint: string;
  readonly summary: string;
  readonly radius: BlastRadius;
  readonly reason: string;
  readonly requester_id: string | null;
  readonly requester_subject: string;
  readonly requester_email: string;
  readonly requested_at: Date;
  readonly expires_at: Date;
  readonly decider_email: string | null;
  readonly decided_at: Date | null;
  readonly decision_reason: string | null;
  readonly used_at: Date | null;
}

// What is decided by the clock is not written: nobody has to come by for a request to expire.
const SELECT = sql`
  SELECT *, requested_at::text AS position FROM (
    SELECT a.*, CASE
        WHEN used_at IS NOT NULL THEN 'used'
        WHEN decision IN ('rejected', 'withdrawn') THEN decision
        WHEN expires_at <= clock_timestamp() THEN 'expired'
        ELSE coalesce(decision, 'waiting')
      END AS state
    FROM admin_center.approval a
  ) approval
`;

export interface ApprovalFilter {
  readonly open?: 'true' | 'false' | undefined;
  readonly fingerprint?: string | undefined;
}

/** Newest first, those after the position of the last one of the page before. */
export async function listApprovals(database: Queryable, filter: ApprovalFilter, after: { readonly at: string; readonly id: string } | null, limit: number): Promise<ApprovalRow[]> {
  const conditions = [
    after === null ? sql`TRUE` : sql`(requested_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`,
    ...(filter.fingerprint === undefined ? [] : [sql`fingerprint = ${filter.fingerprint}`]),
    ...(filter.open === undefined ? [] : [sql`(state IN ('waiting', 'approved')) = ${filter.open === 'true'}`]),
  ];
  const { rows } = await sql<ApprovalRow>`${SELECT} WHERE ${sql.join(conditions, sql` AND `)} ORDER BY requested_at DESC, id DESC LIMIT ${limit}`.execute(database);
  return rows;
}

/** @throws AppError 404 */
export async function readApproval(database: Queryable, id: string): Promise<ApprovalRow> {
  const { rows } = await sql<ApprovalRow>`${SELECT} WHERE id = ${id}`.execute(database);
  const [row] = rows;
  if (row === undefined) {
    throw notFound('request for approval');
  }
  return row;
}

/** Of two admins who decide at once the second sees what the first decided. @throws AppError 404 */
export async function lockApproval(tx: Tx, id: string): Promise<ApprovalRow> {
  await sql`SELECT FROM admin_center.approval WHERE id = ${id} FOR UPDATE`.execute(tx);
  return readApproval(tx, id);
}

/** @throws AppError 409 when the same person has asked for the same already */
export async function insertApproval(tx: Tx, id: string, write: Approvable, actor: Actor, reason: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`approval ${actor.subject} ${write.fingerprint}`}, 0))`.execute(tx);
  const open = await listApprovals(tx, { open: 'true', fingerprint: write.fingerprint }, null, 100);
  if (open.some((row) => row.requester_subject === actor.subject && row.action === write.action && row.target_id === write.target.id)) {
    throw conflict('already_asked', 'You have asked for exactly this already, and it is still open.');
  }
  await sql`
    INSERT INTO admin_center.approval
      (id, action, target_type, target_id, fingerprint, summary, radius, reason, requester_id, requester_subject, requester_email)
    VALUES
      (${id}, ${write.action}, ${write.target.type}, ${write.target.id}, ${write.fingerprint}, ${write.summary}, ${JSON.stringify(write.radius)}::jsonb,
       ${reason}, ${actor.userId}, ${actor.subject}, ${actor.email})
  `.execute(tx);
}

/** One person may have several Grafana users; any trace of being the same counts. */
const isRequester = (row: ApprovalRow, actor: Actor): boolean =>
  row.requester_subject === actor.subject || (actor.userId !== null && row.requester_id === actor.userId) || row.requester_email.toLowerCase() === actor.email.toLowerCase();

/** @throws AppError 403 for who may not decide this one, 409 when there is nothing to decide any more */
export async function decide(tx: Tx, row: ApprovalRow, actor: Actor, decision: 'approved' | 'rejected' | 'withdrawn', reason: string | null): Promise<void> {
  if (decision === 'withdrawn' && row.requester_subject !== actor.subject) {
    throw denied('not_your_request', 'Only whoever asked can withdraw a request. You may reject it.');
  }
  if (decision !== 'withdrawn' && isRequester(row, actor)) {
    throw denied('own_request', 'Nobody decides about their own request. Another super admin has to.');
  }
  if (row.state !== 'waiting' && !(decision === 'withdrawn' && row.state === 'approved')) {
    throw conflict('already_decided', `This request is ${row.state} already.`);
  }
  await sql`
    UPDATE admin_center.approval
    SET decision = ${decision}, decider_subject = ${actor.subject}, decider_email = ${actor.email}, decided_at = clock_timestamp(), decision_reason = ${reason}
    WHERE id = ${row.id}
  `.execute(tx);
}

export const toApproval = (row: ApprovalRow, actor: Actor): Approval => ({
  id: row.id,
  state: row.state,
  action: row.action,
  target: { type: row.target_type, id: row.target_id },
  fingerprint: row.fingerprint,
  summary: row.summary,
  radius: row.radius,
  reason: row.reason,
  requester: row.requester_email,
  requestedAt: row.requested_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  decider: row.decider_email,
  decidedAt: row.decided_at?.toISOString() ?? null,
  decisionReason: row.decision_reason,
  usedAt: row.used_at?.toISOString() ?? null,
  mine: row.requester_subject === actor.subject,
  mayDecide: row.state === 'waiting' && actor.permissions.has('audit:approve') && !isRequester(row, actor),
});
