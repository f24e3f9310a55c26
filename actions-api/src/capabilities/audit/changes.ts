// What changed in the product, for the question behind a step in a graph (M1).
import type { Change } from '@admin-center/contracts/audit';
import { sql } from 'kysely';
import type { Queryable } from '../../platform/database.ts';

const MAX = 500;

interface ChangeRow {
  readonly id: number;
  readonly at: Date;
  readonly ended_at: Date | null;
  readonly title: string;
  readonly text: string;
  readonly audit_sequence: number | null;
  readonly target_type: string | null;
  readonly target_id: string | null;
  readonly actor_role: NonNullable<Change['actor']>['role'] | null;
  readonly actor_email: string | null;
  readonly reason: string | null;
}

/**
 * Marks whose time touches the range, with who and why from the audit log; of more than 500 the newest, oldest first.
 * Left out are actions on the audit log itself (exports, approvals), which move no series, and redemptions, which users
 * make by the thousand and which would push out the campaign that brought them.
 */
export async function listChanges(database: Queryable, { from, to }: { readonly from: string; readonly to: string }): Promise<Change[]> {
  const { rows } = await sql<ChangeRow>`
    SELECT m.id, m.at, m.ended_at, m.title, m.text, m.audit_sequence, l.target_type, l.target_id, l.actor_role, d.actor_email, d.reason
    FROM admin_center.mark m
    LEFT JOIN admin_center.audit_log l ON l.sequence = m.audit_sequence
    LEFT JOIN admin_center.audit_detail d ON d.sequence = m.audit_sequence
    WHERE m.at < ${to} AND coalesce(m.ended_at, m.at) >= ${from} AND coalesce(l.action, '') NOT LIKE 'audit.%' AND coalesce(l.action, '') <> 'promotions.redeem'
    ORDER BY m.at DESC, m.id DESC
    LIMIT ${MAX}
  `.execute(database);
  return rows.toReversed().map((row) => ({
    id: String(row.id),
    at: row.at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    action: row.title,
    target: row.target_type === null || row.target_id === null ? null : { type: row.target_type, id: row.target_id },
    actor: row.actor_role === null ? null : { email: row.actor_email, role: row.actor_role },
    reason: row.reason,
    text: row.text,
    auditSequence: row.audit_sequence,
  }));
}
