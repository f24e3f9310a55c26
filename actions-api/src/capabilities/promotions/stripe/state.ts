// Where a coupon or a code stands at Stripe, as admins see it.
import type { StripeSync } from '@admin-center/contracts/promotions';
import { sql } from 'kysely';

export interface StripeColumns {
  readonly stripe_state: NonNullable<StripeSync>['state'] | null;
  readonly stripe_id: string | null;
  readonly stripe_error: string | null;
  readonly stripe_unmatched: number | null;
}

/** Of stripe_sync as `s`, which has no row for a draft. */
export const STRIPE_COLUMNS = sql`s.state AS stripe_state, s.stripe_id, s.error AS stripe_error, s.unmatched AS stripe_unmatched`;

/** @param shown whether Stripe is in use at all */
export const stripeOf = (row: StripeColumns, shown: boolean): StripeSync =>
  !shown || row.stripe_state === null ? null : { state: row.stripe_state, id: row.stripe_id, error: row.stripe_error, unmatched: row.stripe_unmatched ?? 0 };
