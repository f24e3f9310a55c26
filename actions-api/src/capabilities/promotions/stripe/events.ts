// Events of Stripe between their arrival and their handling: a queue in PostgreSQL that takes each event once.
import { sql } from 'kysely';
import type { Database, Queryable } from '../../../platform/database.ts';

export const HANDLED = ['coupon.updated', 'coupon.deleted', 'promotion_code.created', 'promotion_code.updated', 'invoice.paid', 'checkout.session.completed', 'checkout.session.async_payment_succeeded'] as const;
/** Stripe delivers an event again for days at most. */
const KEPT = '30 days';

export interface StripeEvent {
  readonly id: string;
  readonly type: (typeof HANDLED)[number];
  readonly subjectId: string;
  readonly createdAt: Date;
}

export interface DueEvent extends Omit<StripeEvent, 'createdAt'> {
  /** This one included. */
  readonly attempts: number;
}

export type EventEnd = 'applied' | 'unmatched' | 'ignored' | 'failed';

export async function storeEvent(database: Database, { id, type, subjectId, createdAt }: StripeEvent, at: Date): Promise<void> {
  await sql`
    INSERT INTO admin_center.stripe_event (event_id, type, subject_id, created_at, received_at, due_at)
    VALUES (${id}, ${type}, ${subjectId}, ${createdAt}, ${at}, ${at}) ON CONFLICT (event_id) DO NOTHING
  `.execute(database);
}

export async function nextEvent(database: Database, at: Date): Promise<DueEvent | null> {
  const { rows } = await sql<DueEvent>`
    UPDATE admin_center.stripe_event e SET attempts = e.attempts + 1
    WHERE e.event_id = (SELECT due.event_id FROM admin_center.stripe_event due WHERE due.due_at <= ${at} ORDER BY due.due_at, due.event_id LIMIT 1)
    RETURNING e.event_id AS id, e.type, e.subject_id AS "subjectId", e.attempts
  `.execute(database);
  return rows[0] ?? null;
}

export async function endEvent(database: Queryable, { id }: DueEvent, state: EventEnd, error: string | null = null): Promise<void> {
  await sql`UPDATE admin_center.stripe_event SET state = ${state}, error = ${error}, due_at = NULL WHERE event_id = ${id}`.execute(database);
}

export async function postponeEvent(database: Queryable, { id }: DueEvent, error: string, until: Date): Promise<void> {
  await sql`UPDATE admin_center.stripe_event SET error = ${error}, due_at = ${until} WHERE event_id = ${id}`.execute(database);
}

export async function purgeEvents(database: Database): Promise<void> {
  await sql`DELETE FROM admin_center.stripe_event WHERE received_at < now() - ${KEPT}::interval AND due_at IS NULL`.execute(database);
}
