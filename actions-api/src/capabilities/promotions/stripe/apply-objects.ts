// What became of our coupons and codes at Stripe: deleted or switched off there is archived or switched off here; switched
// on there is switched off again, since a campaign that was killed must stay so.
import { sql } from 'kysely';
import type { Stripe } from 'stripe';
import type { Database, Tx } from '../../../platform/database.ts';
import type { ConfirmLead } from '../../../platform/jobs/leader.ts';
import { lockCode, switchCode } from '../codes.ts';
import { lockCoupon, readCoupon, setCouponStatus, toCoupon } from '../coupons.ts';
import { type ApplyParts, NotYet } from './apply-parts.ts';
import type { EventEnd } from './events.ts';
import { isMissing } from './failures.ts';

interface Sync {
  readonly object_id: string;
  readonly state: string;
  readonly active: boolean | null;
  readonly wanted_version: number;
  readonly pushed_version: number;
  readonly leased: boolean;
}

const BY = 'stripe';

async function findSync(database: Database | Tx, stripeId: string): Promise<Sync | null> {
  const { rows } = await sql<Sync>`
    SELECT object_id, state, active, wanted_version, pushed_version, lease IS NOT NULL AS leased FROM admin_center.stripe_sync WHERE stripe_id = ${stripeId}
  `.execute(database);
  return rows[0] ?? null;
}

/** @throws NotYet when something was pushed while Stripe was asked, so that its answer may be old */
async function requireUnchanged(tx: Tx, stripeId: string, seen: Sync): Promise<void> {
  await sql`SELECT FROM admin_center.stripe_sync WHERE object_id = ${seen.object_id} FOR UPDATE`.execute(tx);
  const now = await findSync(tx, stripeId);
  if (now === null || now.leased || now.wanted_version !== seen.wanted_version || now.pushed_version !== seen.pushed_version) {
    throw new NotYet('It was being pushed while Stripe was asked.');
  }
}

async function noteUse(tx: Tx, confirm: ConfirmLead, { object_id }: Sync, timesRedeemed: number, active: boolean): Promise<void> {
  await confirm();
  await sql`UPDATE admin_center.stripe_sync SET times_redeemed = ${timesRedeemed}, active = ${active} WHERE object_id = ${object_id}`.execute(tx);
}

export async function applyCoupon({ database, recorder, stripe, clock, log, confirm }: ApplyParts, stripeId: string): Promise<EventEnd> {
  const sync = await findSync(database, stripeId);
  if (sync === null) {
    return 'ignored';
  }
  const there = await retrieve(() => stripe.coupons.retrieve(stripeId));
  if (there !== null) {
    await database.transaction().execute((tx) => noteUse(tx, confirm, sync, there.times_redeemed, there.valid));
    return 'applied';
  }
  if ((await readCoupon(database, sync.object_id, clock())).status === 'archived') {
    return 'applied';
  }
  await recorder.auditedBySystem({
    by: BY, action: 'promotions.coupon_archive', target: { type: 'coupon', id: sync.object_id }, reason: 'It was deleted at Stripe.', log,
    read: (tx) => lockCoupon(tx, sync.object_id, clock()),
    async run(tx, before) {
      await confirm();
      await setCouponStatus(tx, before, 'archived', clock());
    },
    keep: ({ before, after }) => ({ before: toCoupon(before), after: toCoupon(after) }),
  });
  return 'applied';
}

export async function applyCode({ database, recorder, stripe, clock, log, confirm }: ApplyParts, stripeId: string): Promise<EventEnd> {
  const sync = await findSync(database, stripeId);
  const there = sync === null ? null : await retrieve(() => stripe.promotionCodes.retrieve(stripeId, { expand: ['promotion.coupon'] }));
  if (sync === null || there === null) {
    return 'ignored';
  }
  const settled = (sync.state === 'synced' || sync.state === 'kept') && sync.wanted_version === sync.pushed_version && !sync.leased;
  const switchedOff = settled && sync.active === true && !there.active && !endedByItself(there, clock());
  if (switchedOff) {
    await recorder.auditedBySystem({
      by: BY, action: 'promotions.code_deactivate', target: { type: 'promotion-code', id: sync.object_id }, reason: 'It was switched off at Stripe.', log,
      read: (tx) => lockCode(tx, sync.object_id, clock()),
      async run(tx, before) {
        await requireUnchanged(tx, stripeId, sync);
        await switchCode(tx, before, false);
        await noteUse(tx, confirm, sync, there.times_redeemed, false);
      },
      keep: ({ before, after }) => ({ before: { active: before.active }, after: { active: after.active } }),
    });
    return 'applied';
  }
  await database.transaction().execute(async (tx) => {
    if (settled) {
      await requireUnchanged(tx, stripeId, sync);
    }
    await noteUse(tx, confirm, sync, there.times_redeemed, settled ? there.active : (sync.active ?? there.active));
    if (settled && sync.active === false && there.active) {
      await sql`SELECT admin_center.stripe_want('promotion_code', ${sync.object_id}::uuid)`.execute(tx);
    }
  });
  return 'applied';
}

/** Stripe switches off by itself what was used up, is over, or has lost its coupon. */
const endedByItself = ({ max_redemptions, times_redeemed, expires_at, promotion }: Stripe.PromotionCode, at: Date): boolean =>
  (max_redemptions !== null && times_redeemed >= max_redemptions) ||
  (expires_at !== null && expires_at * 1_000 <= at.getTime()) ||
  typeof promotion.coupon !== 'object' || promotion.coupon?.valid !== true;

async function retrieve<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (isMissing(error)) {
      return null;
    }
    throw error;
  }
}
