// Redemptions, newest first, with who redeemed what.
import type { Redemption } from '@admin-center/contracts/promotions';
import { sql } from 'kysely';
import { z } from 'zod';
import { cursorOf, instantText, pageOf } from '../../platform/cursor.ts';
import type { Queryable } from '../../platform/database.ts';

const redemptionCursor = cursorOf('promotions:redemptions', z.strictObject({ at: instantText, id: z.guid() }));

export interface RedemptionFilter {
  readonly couponId?: string | undefined;
  readonly campaignId?: string | undefined;
  readonly codeId?: string | undefined;
  readonly userId?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

interface RedemptionRow {
  readonly redemption_id: string;
  readonly at: Date;
  readonly user_id: string;
  readonly email: string | null;
  readonly code: string;
  readonly coupon_id: string;
  readonly coupon_name: string;
  readonly campaign_id: string | null;
  readonly campaign_name: string | null;
  readonly subtotal_minor: number;
  readonly discount_minor: number;
  readonly committed_minor: number;
  readonly currency: string;
  readonly reference: string;
  readonly position: string;
}

export async function listRedemptions(database: Queryable, filter: RedemptionFilter): Promise<{ items: Redemption[]; nextCursor: string | null }> {
  const { couponId, campaignId, codeId, userId, cursor, limit } = filter;
  const after = cursor === undefined ? null : redemptionCursor.decode(cursor);
  const conditions = [
    ...(couponId === undefined ? [] : [sql`r.coupon_id = ${couponId}`]),
    ...(campaignId === undefined ? [] : [sql`r.campaign_id = ${campaignId}`]),
    ...(codeId === undefined ? [] : [sql`r.code_id = ${codeId}`]),
    ...(userId === undefined ? [] : [sql`r.user_id = ${userId}`]),
    ...(after === null ? [] : [sql`(r.at, r.redemption_id) < (${after.at}, ${after.id})`]),
    sql`TRUE`,
  ];
  const { rows } = await sql<RedemptionRow>`
    SELECT r.*, r.at::text AS position, p.code, c.name AS coupon_name, g.name AS campaign_name, d.email
    FROM admin_center.redemption r
    JOIN admin_center.promotion_code p USING (code_id)
    JOIN admin_center.coupon c ON c.coupon_id = r.coupon_id
    LEFT JOIN admin_center.campaign g ON g.campaign_id = r.campaign_id
    LEFT JOIN admin_center.user_directory d ON d.user_id = r.user_id
    WHERE ${sql.join(conditions, sql` AND `)}
    ORDER BY r.at DESC, r.redemption_id DESC LIMIT ${limit + 1}
  `.execute(database);
  const page = pageOf(rows, limit, (row) => redemptionCursor.encode({ at: row.position, id: row.redemption_id }));
  return { ...page, items: page.items.map(toRedemption) };
}

const toRedemption = (row: RedemptionRow): Redemption => ({
  id: row.redemption_id,
  at: row.at.toISOString(),
  userId: row.user_id,
  email: row.email,
  code: row.code,
  coupon: { id: row.coupon_id, name: row.coupon_name },
  campaign: row.campaign_id === null ? null : { id: row.campaign_id, name: row.campaign_name as string },
  subtotalMinor: row.subtotal_minor,
  discountMinor: row.discount_minor,
  committedMinor: row.committed_minor,
  currency: row.currency,
  reference: row.reference,
});
