// What waits to be pushed to Stripe. A worker takes one row for a while; if it dies, the row is free again when that is over.
import { sql } from 'kysely';
import type { Database, Tx } from '../../../platform/database.ts';

/** Longer than all calls of one push may take together. */
const LEASE = '2 minutes';

export interface Claimed {
  readonly object: 'coupon' | 'promotion_code';
  readonly object_id: string;
  readonly stripe_id: string | null;
  readonly wanted_version: number;
  /** This one included. */
  readonly attempts: number;
  readonly round: number;
  readonly lease: string;
}

export interface Pushed {
  readonly state: 'pending' | 'synced' | 'failed' | 'kept';
  readonly stripeId: string | null;
  readonly active: boolean | null;
  readonly error: string | null;
  /** When time alone changes what Stripe must know. */
  readonly dueAt: Date | null;
}

/** A code waits until its coupon is at Stripe. */
export async function claimNext(database: Database, at: Date): Promise<Claimed | null> {
  const { rows } = await sql<Claimed>`
    UPDATE admin_center.stripe_sync s SET lease = gen_random_uuid(), leased_until = ${at}::timestamptz + ${LEASE}::interval, attempts = s.attempts + 1
    WHERE s.object_id = (
      SELECT due.object_id FROM admin_center.stripe_sync due
      WHERE due.due_at <= ${at} AND (due.leased_until IS NULL OR due.leased_until <= ${at})
        AND (due.object = 'coupon' OR EXISTS (
          SELECT FROM admin_center.promotion_code p JOIN admin_center.stripe_sync c ON c.object_id = p.coupon_id
          WHERE p.code_id = due.object_id AND c.stripe_id IS NOT NULL
        ))
      ORDER BY due.due_at LIMIT 1 FOR UPDATE OF due SKIP LOCKED
    )
    RETURNING s.object, s.object_id, s.stripe_id, s.wanted_version, s.attempts, s.round, s.lease
  `.execute(database);
  return rows[0] ?? null;
}

/** A change that came in the meantime keeps the row due. A worker that took too long has lost the row and changes nothing. */
export async function settle(database: Database, { object_id, lease, wanted_version }: Claimed, { state, stripeId, active, error, dueAt }: Pushed): Promise<void> {
  await sql`
    UPDATE admin_center.stripe_sync s
    SET lease = NULL, leased_until = NULL, attempts = CASE WHEN ${state}::text = 'failed' THEN s.attempts ELSE 0 END, stripe_id = coalesce(${stripeId}::text, s.stripe_id), active = ${active}::boolean,
      pushed_version = ${wanted_version},
      state = CASE WHEN s.wanted_version = ${wanted_version} THEN ${state}::text ELSE s.state END,
      error = CASE WHEN s.wanted_version = ${wanted_version} THEN ${error}::text ELSE s.error END,
      due_at = CASE WHEN s.wanted_version = ${wanted_version} THEN ${dueAt}::timestamptz ELSE s.due_at END
    WHERE s.object_id = ${object_id} AND s.lease = ${lease}
  `.execute(database);
}

/** @param newRound where Stripe would only repeat what it answered to this idempotency key */
export async function postpone(database: Database, { object_id, lease, wanted_version }: Claimed, error: string, until: Date, newRound: boolean): Promise<void> {
  await sql`
    UPDATE admin_center.stripe_sync s
    SET lease = NULL, leased_until = NULL, round = s.round + ${newRound ? 1 : 0}, error = ${error},
      due_at = CASE WHEN s.wanted_version = ${wanted_version} THEN ${until}::timestamptz ELSE s.due_at END
    WHERE s.object_id = ${object_id} AND s.lease = ${lease}
  `.execute(database);
}

/** Makes a coupon due again, and of its codes those that failed. @returns how many rows are due */
export async function pushAgain(tx: Tx, couponId: string, at: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    UPDATE admin_center.stripe_sync s SET state = 'pending', error = NULL, round = s.round + 1, due_at = ${at}
    WHERE s.object_id = ${couponId}
      OR (s.state = 'failed' AND s.object_id IN (SELECT p.code_id FROM admin_center.promotion_code p WHERE p.coupon_id = ${couponId}))
  `.execute(tx);
  return Number(numAffectedRows ?? 0);
}
