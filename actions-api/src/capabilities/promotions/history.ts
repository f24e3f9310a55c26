// What admins did to a coupon, code, campaign, referral or the programme, or tried to.
import type { Coupon } from '@admin-center/contracts/promotions';
import { sql } from 'kysely';
import type { Actor } from '../../platform/context.ts';
import type { Queryable } from '../../platform/database.ts';

export interface ActionTaken {
  readonly sequence: number;
  readonly at: string;
  readonly action: string;
  readonly outcome: string;
  readonly actor: string;
  readonly reason: string | null;
}
export type WithHistory<T = Coupon> = T & { readonly history: ActionTaken[] | null };

const RECENT = 50;

/** The most recent; null for who may not read the audit log. Redemptions are not among them: they have a list of their own. */
export async function readHistory(database: Queryable, actor: Actor, type: string, id: string): Promise<ActionTaken[] | null> {
  if (!actor.permissions.has('audit:read')) {
    return null;
  }
  const { rows } = await sql<Omit<ActionTaken, 'at'> & { at: Date }>`
    SELECT l.sequence, l.at, l.action, l.outcome, coalesce(d.actor_email, l.actor_subject, 'system') AS actor, d.reason
    FROM admin_center.audit_log l JOIN admin_center.audit_detail d USING (sequence)
    WHERE l.target_type = ${type} AND l.target_id = ${id} AND l.action <> 'promotions.redeem'
    ORDER BY l.sequence DESC
    LIMIT ${RECENT}
  `.execute(database);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
