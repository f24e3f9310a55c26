// Reads of the audit log and its marks.
import type { AuditEntry, Mark } from '@admin-center/contracts/audit';
import { type RawBuilder, sql } from 'kysely';
import type { Queryable, Tx } from '../../platform/database.ts';
import { conflict, notFound } from '../../platform/errors.ts';

export interface EntryFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly outcome?: string | undefined;
  readonly targetId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const MARKS_MAX = 500;

interface EntryRow {
  readonly sequence: number;
  readonly at: Date;
  readonly actor_id: string | null;
  readonly actor_email: string | null;
  readonly actor_role: AuditEntry['actor']['role'];
  readonly action: string;
  readonly outcome: AuditEntry['outcome'];
  readonly target_type: string;
  readonly target_id: string;
  readonly reason: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly request_id: string | null;
  readonly hash: string;
  readonly erased_at: Date | null;
}

const SELECT_ENTRY = sql`
  SELECT l.sequence, l.at, l.actor_id, d.actor_email, l.actor_role, l.action, l.outcome, l.target_type, l.target_id,
    d.reason, d.before, d.after, l.request_id, encode(l.hash, 'hex') AS hash, d.erased_at
  FROM admin_center.audit_log l JOIN admin_center.audit_detail d USING (sequence)
`;

/** `from` inclusive, `to` exclusive; the actor by e-mail without regard to case. */
function conditionsOf(filter: EntryFilter): RawBuilder<unknown>[] {
  return [
    ...(filter.actor === undefined || filter.actor === '' ? [] : [sql`lower(d.actor_email) = lower(${filter.actor})`]),
    ...(filter.action === undefined ? [] : [sql`l.action = ${filter.action}`]),
    ...(filter.outcome === undefined ? [] : [sql`l.outcome = ${filter.outcome}`]),
    ...(filter.targetId === undefined ? [] : [sql`l.target_id = ${filter.targetId}`]),
    ...(filter.from === undefined ? [] : [sql`l.at >= ${filter.from}`]),
    ...(filter.to === undefined ? [] : [sql`l.at < ${filter.to}`]),
  ];
}

/** Newest first, those before the sequence number `before`. */
export async function listEntries(database: Queryable, filter: EntryFilter, before: number | null, limit: number): Promise<AuditEntry[]> {
  const conditions = [...conditionsOf(filter), before === null ? sql`TRUE` : sql`l.sequence < ${before}`];
  const { rows } = await sql<EntryRow>`
    ${SELECT_ENTRY} WHERE ${sql.join(conditions, sql` AND `)} ORDER BY l.sequence DESC LIMIT ${limit}
  `.execute(database);
  return rows.map(toEntry);
}

/** Matches, counted up to one more than `max`. */
export async function countEntries(database: Queryable, filter: EntryFilter, max: number): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    SELECT count(*) AS total FROM (
      SELECT FROM admin_center.audit_log l JOIN admin_center.audit_detail d USING (sequence)
      WHERE ${sql.join([...conditionsOf(filter), sql`TRUE`], sql` AND `)} LIMIT ${max + 1}
    ) matches
  `.execute(database);
  return rows[0]?.total ?? 0;
}

/** @throws AppError 404 */
export async function readEntry(database: Queryable, sequence: number): Promise<AuditEntry> {
  const { rows } = await sql<EntryRow>`${SELECT_ENTRY} WHERE l.sequence = ${sequence}`.execute(database);
  const [row] = rows;
  if (row === undefined) {
    throw notFound('audit entry');
  }
  return toEntry(row);
}

/** @throws AppError 409 when there is nothing left to erase */
export async function eraseDetail(tx: Tx, sequence: number): Promise<void> {
  const { rows } = await sql<{ erased: boolean | null }>`SELECT admin_center.audit_erase(${sequence}) AS erased`.execute(tx);
  if (rows[0]?.erased !== true) {
    throw conflict('already_erased', 'The personal details of this entry were erased before.');
  }
}

const toEntry = (row: EntryRow): AuditEntry => ({
  sequence: row.sequence,
  at: row.at.toISOString(),
  actor: { id: row.actor_id, email: row.actor_email, role: row.actor_role },
  action: row.action,
  outcome: row.outcome,
  target: { type: row.target_type, id: row.target_id },
  reason: row.reason,
  before: row.before,
  after: row.after,
  requestId: row.request_id,
  hash: row.hash,
  erasedAt: row.erased_at?.toISOString() ?? null,
});

interface MarkRow {
  readonly id: number;
  readonly at: Date;
  readonly ended_at: Date | null;
  readonly title: string;
  readonly text: string;
  readonly tags: string[];
  readonly audit_sequence: number | null;
}

/** Marks whose time touches the range, oldest first; of more than 500 the newest. */
export async function listMarks(database: Queryable, { from, to, targetId }: { readonly from: string; readonly to: string; readonly targetId?: string | undefined }): Promise<Mark[]> {
  const { rows } = await sql<MarkRow>`
    SELECT m.id, m.at, m.ended_at, m.title, m.text, m.tags, m.audit_sequence
    FROM admin_center.mark m LEFT JOIN admin_center.audit_log l ON l.sequence = m.audit_sequence
    WHERE m.at < ${to} AND coalesce(m.ended_at, m.at) >= ${from} AND ${targetId === undefined ? sql`TRUE` : sql`l.target_id = ${targetId}`}
    ORDER BY m.at DESC, m.id DESC
    LIMIT ${MARKS_MAX}
  `.execute(database);
  return rows.toReversed().map((row) => ({
    id: String(row.id),
    at: row.at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    title: row.title,
    text: row.text,
    tags: row.tags,
    auditSequence: row.audit_sequence,
  }));
}
