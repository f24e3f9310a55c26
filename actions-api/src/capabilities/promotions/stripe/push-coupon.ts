// A coupon at Stripe, under our own id: making it again finds what is there, so no retry makes a second one.
import { Stripe } from 'stripe';
import type { CouponRow } from '../coupons.ts';
import { isMissing } from './failures.ts';
import { keyOf } from './idempotency.ts';
import type { Claimed, Pushed } from './queue.ts';

export const secondsOf = (at: Date): number => Math.floor(at.getTime() / 1_000);

export async function pushCoupon(stripe: Stripe, claimed: Claimed, row: CouponRow): Promise<Pushed> {
  const known = claimed.stripe_id !== null;
  if (row.status === 'archived') {
    // An attempt before this one may have made it without our knowing.
    return known || claimed.attempts > 1 ? remove(stripe, row) : kept('It was archived before it was pushed.');
  }
  if (!known && row.state !== 'active') {
    return kept(`It was ${row.state} before it was pushed.`);
  }
  const there = known
    ? await stripe.coupons.update(row.coupon_id, { name: row.name }, { idempotencyKey: keyOf(claimed, 'update') })
    : await create(stripe, claimed, row);
  const error = differenceOf(there, row);
  return { state: error === null ? 'synced' : 'failed', stripeId: there.id, active: there.valid, error, dueAt: null };
}

async function create(stripe: Stripe, claimed: Claimed, row: CouponRow): Promise<Stripe.Coupon> {
  try {
    return await stripe.coupons.create(
      {
        id: row.coupon_id,
        name: row.name,
        duration: row.duration,
        ...(row.duration_months === null ? {} : { duration_in_months: row.duration_months }),
        ...(row.percent_off_bp === null ? { amount_off: row.amount_off_minor as number, currency: (row.currency as string).toLowerCase() } : { percent_off: row.percent_off_bp / 100 }),
        ...(row.max_redemptions === null ? {} : { max_redemptions: row.max_redemptions }),
        ...(row.redeem_by === null ? {} : { redeem_by: secondsOf(row.redeem_by) }),
        metadata: { admin_center_id: row.coupon_id },
      },
      { idempotencyKey: keyOf(claimed, 'create') },
    );
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError && error.code === 'resource_already_exists') {
      return stripe.coupons.retrieve(row.coupon_id);
    }
    throw error;
  }
}

/** Deleting keeps the discounts that were given. */
async function remove(stripe: Stripe, { coupon_id }: CouponRow): Promise<Pushed> {
  try {
    await stripe.coupons.del(coupon_id);
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
  }
  return { state: 'synced', stripeId: coupon_id, active: false, error: null, dueAt: null };
}

/** Stripe changes nothing of a coupon but its name. */
function differenceOf(there: Stripe.Coupon, row: CouponRow): string | null {
  const theirs = { limit: there.max_redemptions, end: there.redeem_by };
  const ours = { limit: row.max_redemptions, end: row.redeem_by === null ? null : secondsOf(row.redeem_by) };
  if (theirs.limit === ours.limit && theirs.end === ours.end) {
    return null;
  }
  const end = theirs.end === null ? 'no end' : `the end ${new Date(theirs.end * 1_000).toISOString()}`;
  return `Stripe keeps limit and end of a coupon as they were when it was made: ${theirs.limit === null ? 'no limit' : `${theirs.limit} redemptions`} and ${end}. Change them back, or archive this coupon and make a new one.`;
}

const kept = (error: string): Pushed => ({ state: 'kept', stripeId: null, active: null, error, dueAt: null });
