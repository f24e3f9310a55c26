// Records what Stripe gave as a discount of ours: each one once, under the name Stripe gave it, for the user of the host it
// went to. Limits are not looked at: Stripe has given the discount already.
import type { Tier } from '@admin-center/contracts/capability';
import { sql } from 'kysely';
import type { Stripe } from 'stripe';
import type { Database, Tx } from '../../../platform/database.ts';
import { durationOfRow } from '../coupons.ts';
import { invoicesOf } from '../discounts.ts';
import { countResult } from '../outcomes.ts';
import { type ApplyParts, NotYet } from './apply-parts.ts';
import type { EventEnd } from './events.ts';

/** The host may write its own rows later than Stripe tells of the sale. */
const LOOKS_FOR_USER = 6;

interface CodeOfStripe {
  readonly code_id: string;
  readonly code: string;
  readonly coupon_id: string;
  readonly duration: 'once' | 'repeating' | 'forever';
  readonly duration_months: number | null;
  readonly campaign_id: string | null;
  readonly campaign_key: string | null;
}

export interface Use {
  readonly discountId: string;
  readonly promotionCode: string;
  readonly amountMinor: number;
  readonly at: Date;
}

export interface Subscriber {
  readonly user_id: string;
  readonly tier: Tier;
}

/** What was sold with the discounts. */
export interface Sale {
  readonly subtotalMinor: number;
  readonly currency: string;
  /** Whose invoices carry the same discount again; null for a single purchase. */
  readonly subscription: string | null;
  findUser(): Promise<Subscriber | null>;
}

/** What a discount on an invoice or a checkout says; null for one without a promotion code. */
export function useOf(amountMinor: number, discount: Stripe.Discount | Stripe.DeletedDiscount | string): Use | null {
  if (typeof discount !== 'object' || !('promotion_code' in discount) || discount.promotion_code === null) {
    return null;
  }
  const { promotion_code } = discount;
  return { discountId: discount.id, promotionCode: typeof promotion_code === 'string' ? promotion_code : promotion_code.id, amountMinor, at: new Date(discount.start * 1_000) };
}

/** @throws NotYet while the user may still turn up */
export async function recordUses(parts: ApplyParts, uses: readonly Use[], sale: Sale, attempts: number): Promise<EventEnd> {
  const { database } = parts;
  let end: EventEnd = 'ignored';
  for (const use of uses) {
    const code = await findCode(database, use.promotionCode);
    if (code === null || (await isKnown(database, use, code, sale.subscription))) {
      continue;
    }
    const user = await sale.findUser();
    if (user === null && attempts < LOOKS_FOR_USER) {
      throw new NotYet('No user of the host is known for this sale yet.');
    }
    if (user === null) {
      await database.transaction().execute((tx) => countUnmatched(tx, use, code, sale.subscription, parts.clock()));
    } else {
      await record(parts, sale, use, code, user);
    }
    end = user === null ? 'unmatched' : 'applied';
  }
  return end;
}

async function findCode(database: Database, stripeId: string): Promise<CodeOfStripe | null> {
  const { rows } = await sql<CodeOfStripe>`
    SELECT p.code_id, p.code, p.coupon_id, p.campaign_id, g.key AS campaign_key, c.duration, c.duration_months
    FROM admin_center.stripe_sync s JOIN admin_center.promotion_code p ON p.code_id = s.object_id
    JOIN admin_center.coupon c USING (coupon_id) LEFT JOIN admin_center.campaign g USING (campaign_id)
    WHERE s.stripe_id = ${stripeId}
  `.execute(database);
  return rows[0] ?? null;
}

/** A discount that lasts is on every invoice of its subscription. */
async function isKnown(database: Database, { discountId }: Use, { code_id }: CodeOfStripe, subscription: string | null): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM admin_center.stripe_discount WHERE discount_id = ${discountId} OR (code_id = ${code_id} AND subscription = ${subscription}::text) LIMIT 1
  `.execute(database);
  return rows.length > 0;
}

const see = (tx: Tx, { discountId }: Use, { code_id }: CodeOfStripe, subscription: string | null, redemptionId: string | null, at: Date) => sql`
  INSERT INTO admin_center.stripe_discount (discount_id, code_id, subscription, redemption_id, seen_at)
  VALUES (${discountId}, ${code_id}, ${subscription}, ${redemptionId}, ${at})
`.execute(tx);

async function countUnmatched(tx: Tx, use: Use, code: CodeOfStripe, subscription: string | null, at: Date): Promise<void> {
  await see(tx, use, code, subscription, null, at);
  await sql`UPDATE admin_center.stripe_sync SET unmatched = unmatched + 1 WHERE object_id IN (${code.code_id}, ${code.coupon_id})`.execute(tx);
}

async function record({ recorder, clock, log }: ApplyParts, sale: Sale, use: Use, code: CodeOfStripe, user: Subscriber): Promise<void> {
  const subtotalMinor = Math.max(sale.subtotalMinor, use.amountMinor);
  const redemption = { code: code.code, couponId: code.coupon_id, campaignId: code.campaign_id, userId: user.user_id, subtotalMinor, discountMinor: use.amountMinor, currency: sale.currency.toUpperCase(), reference: use.discountId, at: use.at.toISOString() };
  // Which interval a subscription has is not known here, so a budget is asked for months.
  const committedMinor = sale.subscription === null ? use.amountMinor : use.amountMinor * invoicesOf(durationOfRow(code), 'month');
  await recorder.auditedBySystem<null, string>({
    by: 'stripe', action: 'promotions.redeem', target: { type: 'promotion-code', id: code.code_id }, log,
    read: async () => null,
    async run(tx) {
      await countUse(tx, code, user.user_id, redemption.currency, committedMinor, use.at);
      const { rows } = await sql<{ redemption_id: string }>`
        INSERT INTO admin_center.redemption (reference, code_id, coupon_id, campaign_id, user_id, at, subtotal_minor, discount_minor, committed_minor, currency, tier)
        VALUES (${use.discountId}, ${code.code_id}, ${code.coupon_id}, ${code.campaign_id}, ${user.user_id}, ${use.at}, ${subtotalMinor}, ${use.amountMinor}, ${committedMinor}, ${redemption.currency}, ${user.tier})
        RETURNING redemption_id
      `.execute(tx);
      const { redemption_id } = rows[0] as { redemption_id: string };
      await see(tx, use, code, sale.subscription, redemption_id, clock());
      return redemption_id;
    },
    keep: ({ result }) => ({ before: null, after: { redemptionId: result, ...redemption } }),
  });
}

/** In the order of redeeming here, so that both never wait for each other in a circle. Counts stop at their limits. */
async function countUse(tx: Tx, { code_id, coupon_id, campaign_id, campaign_key }: CodeOfStripe, userId: string, currency: string, committedMinor: number, at: Date): Promise<void> {
  await sql`UPDATE admin_center.coupon SET times_redeemed = least(times_redeemed + 1, max_redemptions) WHERE coupon_id = ${coupon_id}`.execute(tx);
  await sql`UPDATE admin_center.promotion_code SET times_redeemed = least(times_redeemed + 1, max_redemptions) WHERE code_id = ${code_id}`.execute(tx);
  await sql`
    INSERT INTO admin_center.promotion_code_use AS u (code_id, user_id, used) VALUES (${code_id}, ${userId}, 1)
    ON CONFLICT (code_id, user_id) DO UPDATE SET used = u.used + 1
  `.execute(tx);
  if (campaign_id !== null) {
    await sql`UPDATE admin_center.campaign SET redemptions = redemptions + 1 WHERE campaign_id = ${campaign_id}`.execute(tx);
    await sql`
      UPDATE admin_center.campaign_budget SET spent_minor = least(spent_minor + ${committedMinor}, limit_minor) WHERE campaign_id = ${campaign_id} AND currency = ${currency}
    `.execute(tx);
    await sql`
      INSERT INTO admin_center.campaign_member (campaign_id, user_id, arm, paid_before, assigned_at)
      SELECT ${campaign_id}, ${userId}, 'treated', EXISTS (
        SELECT FROM admin_center.payment p WHERE p.user_id = ${userId} AND p.amount_minor > 0 AND p.created_at < ${at} AND p.status IN ('succeeded', 'refunded', 'partially_refunded', 'disputed')
      ), ${at} ON CONFLICT DO NOTHING
    `.execute(tx);
  }
  await countResult(tx, campaign_key ?? 'none', 'applied');
}
