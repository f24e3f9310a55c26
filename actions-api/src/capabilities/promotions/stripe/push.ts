// Pushes what is due to Stripe, one object at a time; every outcome is written down with the row.
import type { Stripe } from 'stripe';
import type { Clock } from '@admin-center/platform/clock';
import type { Logger } from '@admin-center/platform/log';
import type { Database } from '../../../platform/database.ts';
import { readCoupon } from '../coupons.ts';
import { failureOf, nextTry } from './failures.ts';
import { pushCode } from './push-code.ts';
import { pushCoupon } from './push-coupon.ts';
import { type Claimed, claimNext, postpone, settle } from './queue.ts';

export interface PushParts {
  readonly database: Database;
  readonly stripe: Stripe;
  readonly clock: Clock;
  readonly log: Logger;
}

/** @returns whether there was anything due */
export async function pushNext(parts: PushParts): Promise<boolean> {
  const { database, clock } = parts;
  const claimed = await claimNext(database, clock());
  if (claimed === null) {
    return false;
  }
  try {
    await settle(database, claimed, await push(parts, claimed));
  } catch (error) {
    await noteFailure(parts, claimed, error);
  }
  return true;
}

async function push({ database, stripe, clock }: PushParts, claimed: Claimed) {
  return claimed.object === 'coupon'
    ? pushCoupon(stripe, claimed, await readCoupon(database, claimed.object_id, clock()))
    : pushCode(database, stripe, claimed, clock());
}

/** @throws what is no error of Stripe; the row comes back when its lease ends */
async function noteFailure({ database, clock, log }: PushParts, claimed: Claimed, error: unknown): Promise<void> {
  const failure = failureOf(error);
  if (failure === null) {
    throw error;
  }
  const { object, object_id: id, attempts } = claimed;
  log.warn({ object, id, attempts, failure: failure.kind, reason: failure.message }, 'a push to Stripe failed');
  if (failure.kind === 'later') {
    await postpone(database, claimed, failure.message, nextTry(clock(), attempts), failure.newRound);
  } else {
    await settle(database, claimed, { state: 'failed', stripeId: null, active: null, error: failure.message, dueAt: null });
  }
}
