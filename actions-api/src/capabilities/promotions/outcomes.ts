// What remains of an attempt that ended without a redemption: a count, a place in the hold-out, a budget known to be empty.
import type { RedemptionResult } from '@admin-center/contracts/promotions';
import { sql } from 'kysely';
import type { Database, Queryable } from '../../platform/database.ts';
import type { Judged, Offer, Purchase } from './offer.ts';

/** @param campaign key, or `none` outside of campaigns */
export async function countResult(database: Queryable, campaign: string, result: RedemptionResult): Promise<void> {
  await sql`SELECT admin_center.tally_add('admincenter_coupon_redemptions_total', ${JSON.stringify({ campaign, result })}::jsonb)`.execute(database);
}

export async function noteOutcome(database: Database, result: Exclude<Judged, 'applied'>, offer: Offer, purchase: Purchase, at: Date): Promise<void> {
  const { row } = offer;
  await database.transaction().execute(async (tx) => {
    if (result === 'holdout') {
      await assign(tx, offer, purchase.userId, at);
    }
    if (result === 'budget_exhausted') {
      await sql`
        UPDATE admin_center.campaign_budget SET exhausted_at = ${at}
        WHERE campaign_id = ${row.campaign_id} AND currency = ${purchase.currency} AND exhausted_at IS NULL
      `.execute(tx);
    }
    await countResult(tx, row.campaign_key ?? 'none', result);
  });
}

/** The first try counts, be it to validate or to redeem; later ones change nothing. */
export async function assign(database: Queryable, { row, arm }: Offer, userId: string, at: Date): Promise<void> {
  await sql`
    INSERT INTO admin_center.campaign_member (campaign_id, user_id, arm, paid_before, assigned_at)
    VALUES (${row.campaign_id}, ${userId}, ${arm}, ${row.paid_before}, ${at}) ON CONFLICT DO NOTHING
  `.execute(database);
}
