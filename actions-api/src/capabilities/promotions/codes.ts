// Promotion codes as they are stored: reading, listing, making, switching on and off.
import type { PromotionCode } from '@admin-center/contracts/promotions';
import { sql } from 'kysely';
import { z } from 'zod';
import { cursorOf, instantText, pageOf } from '../../platform/cursor.ts';
import type { Queryable, Tx } from '../../platform/database.ts';
import { AppError, conflict, notFound } from '../../platform/errors.ts';
import { isOpen, type Opening } from './openings.ts';
import { STRIPE_COLUMNS, type StripeColumns, stripeOf } from './stripe/state.ts';

const codeCursor = cursorOf('promotions:codes', z.strictObject({ at: instantText, id: z.guid() }));

export type Restrictions = Pick<PromotionCode, 'firstTimeTransaction' | 'minimumAmount' | 'maxRedemptions' | 'maxPerUser' | 'expiresAt'>;

export interface NewCode extends Restrictions {
  readonly code: string;
  readonly couponId: string;
  readonly campaignId: string | null;
  readonly userId: string | null;
}

export interface CodeRow extends StripeColumns {
  readonly code_id: string;
  readonly code: string;
  readonly coupon_id: string;
  readonly coupon_name: string;
  readonly campaign_id: string | null;
  readonly campaign_name: string | null;
  readonly campaign_open: boolean;
  readonly openings: Opening[] | null;
  readonly zone: string | null;
  readonly batch_id: string | null;
  readonly user_id: string | null;
  readonly active: boolean;
  readonly usable: boolean;
  readonly first_time_transaction: boolean;
  readonly minimum_minor: number | null;
  readonly minimum_currency: string | null;
  readonly max_redemptions: number | null;
  readonly max_per_user: number | null;
  readonly expires_at: Date | null;
  readonly times_redeemed: number;
  readonly created_at: Date;
  readonly version: number;
  readonly position: string;
}

const select = (at: Date) => sql`
  SELECT p.*, p.created_at::text AS position, c.name AS coupon_name, g.name AS campaign_name, g.openings, g.zone,
    g.campaign_id IS NULL OR admin_center.campaign_state(g, ${at}) = 'running' AS campaign_open,
    p.active AND admin_center.coupon_state(c, ${at}) = 'active' AND coalesce(p.expires_at > ${at}, true)
      AND coalesce(p.times_redeemed < p.max_redemptions, true) AS usable, ${STRIPE_COLUMNS}
  FROM admin_center.promotion_code p
  JOIN admin_center.coupon c USING (coupon_id)
  LEFT JOIN admin_center.campaign g USING (campaign_id)
  LEFT JOIN admin_center.stripe_sync s ON s.object_id = p.code_id
`;

/** @param withStripe as of toCoupon */
export const toCode = (row: CodeRow, at: Date, withStripe = false): PromotionCode => ({
  id: row.code_id,
  code: row.code,
  coupon: { id: row.coupon_id, name: row.coupon_name },
  campaign: row.campaign_id === null ? null : { id: row.campaign_id, name: row.campaign_name as string },
  batchId: row.batch_id,
  userId: row.user_id,
  firstTimeTransaction: row.first_time_transaction,
  minimumAmount: row.minimum_minor === null ? null : { amountMinor: row.minimum_minor, currency: row.minimum_currency as string },
  maxRedemptions: row.max_redemptions,
  maxPerUser: row.max_per_user,
  expiresAt: row.expires_at?.toISOString() ?? null,
  active: row.active,
  redeemable: row.usable && row.campaign_open && isOpen(row.openings ?? [], row.zone ?? 'UTC', at),
  timesRedeemed: row.times_redeemed,
  stripe: stripeOf(row, withStripe),
  createdAt: row.created_at.toISOString(),
  version: row.version,
});

export interface CodeFilter {
  readonly q?: string | undefined;
  readonly couponId?: string | undefined;
  readonly campaignId?: string | undefined;
  readonly batchId?: string | undefined;
  readonly userId?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export async function listCodes(database: Queryable, filter: CodeFilter, at: Date, withStripe: boolean) {
  const { q, couponId, campaignId, batchId, userId, cursor, limit } = filter;
  const after = cursor === undefined ? null : codeCursor.decode(cursor);
  const conditions = [
    ...(q === undefined || q === '' ? [] : [sql`p.code ^@ ${q.toUpperCase()}`]),
    ...(couponId === undefined ? [] : [sql`p.coupon_id = ${couponId}`]),
    ...(campaignId === undefined ? [] : [sql`p.campaign_id = ${campaignId}`]),
    ...(batchId === undefined ? [] : [sql`p.batch_id = ${batchId}`]),
    ...(userId === undefined ? [] : [sql`p.user_id = ${userId}`]),
    ...(after === null ? [] : [sql`(p.created_at, p.code_id) < (${after.at}, ${after.id})`]),
    sql`TRUE`,
  ];
  const { rows } = await sql<CodeRow>`
    ${select(at)} WHERE ${sql.join(conditions, sql` AND `)} ORDER BY p.created_at DESC, p.code_id DESC LIMIT ${limit + 1}
  `.execute(database);
  const { items, nextCursor } = pageOf(rows, limit, (row) => codeCursor.encode({ at: row.position, id: row.code_id }));
  return { items: items.map((row) => toCode(row, at, withStripe)), nextCursor };
}

/** @throws AppError 404 */
export async function readCode(database: Queryable, codeId: string, at: Date): Promise<CodeRow> {
  const { rows } = await sql<CodeRow>`${select(at)} WHERE p.code_id = ${codeId}`.execute(database);
  const [row] = rows;
  if (row === undefined) {
    throw notFound('promotion code');
  }
  return row;
}

export async function lockCode(tx: Tx, codeId: string, at: Date): Promise<CodeRow> {
  await sql`SELECT FROM admin_center.promotion_code WHERE code_id = ${codeId} FOR UPDATE`.execute(tx);
  return readCode(tx, codeId, at);
}

/** @throws AppError 409 for a code there is already, 422 for a coupon or campaign there is none of or that takes no codes */
export async function insertCode(tx: Tx, codeId: string, given: NewCode, at: Date): Promise<void> {
  await requireOwners(tx, given);
  const { rows } = await sql`
    INSERT INTO admin_center.promotion_code (code_id, code, coupon_id, campaign_id, user_id, first_time_transaction, minimum_minor, minimum_currency, max_redemptions, max_per_user, expires_at, created_at)
    VALUES (${codeId}, ${given.code}, ${given.couponId}, ${given.campaignId}, ${given.userId}, ${given.firstTimeTransaction}, ${given.minimumAmount?.amountMinor ?? null},
      ${given.minimumAmount?.currency ?? null}, ${given.maxRedemptions}, ${given.maxPerUser}, ${given.expiresAt}, ${at})
    ON CONFLICT (code) DO NOTHING RETURNING 1
  `.execute(tx);
  if (rows.length === 0) {
    throw conflict('code_taken', `There is a code ${given.code} already. Codes are never used again, not even those of the past.`);
  }
}

/** @throws AppError 422 */
export async function requireOwners(tx: Tx, { couponId, campaignId, minimumAmount }: Pick<NewCode, 'couponId' | 'campaignId' | 'minimumAmount'>): Promise<void> {
  const coupons = await sql<{ status: string; currency: string | null }>`SELECT status, currency FROM admin_center.coupon WHERE coupon_id = ${couponId} FOR SHARE`.execute(tx);
  const [coupon] = coupons.rows;
  if (coupon === undefined || coupon.status === 'archived') {
    throw refused('couponId', 'There is no such coupon, or it is archived.');
  }
  if (minimumAmount !== null && coupon.currency !== null && coupon.currency !== minimumAmount.currency) {
    throw refused('minimumAmount', `The coupon is in ${coupon.currency}, so nobody could ever meet a minimum in ${minimumAmount.currency}.`);
  }
  if (campaignId !== null) {
    const { rows } = await sql`SELECT FROM admin_center.campaign WHERE campaign_id = ${campaignId} AND status IN ('draft', 'active') FOR SHARE`.execute(tx);
    if (rows.length === 0) {
      throw refused('campaignId', 'There is no such campaign, or it was ended for good.');
    }
  }
}

const refused = (field: string, message: string): AppError => new AppError('body_invalid', 422, message, { errors: [{ path: `body.${field}`, message }] });

/** @throws AppError 409 when it stands so already */
export async function switchCode(tx: Tx, before: CodeRow, active: boolean): Promise<void> {
  if (before.active === active) {
    throw conflict('state_conflict', `This code is ${active ? 'on' : 'off'} already.`);
  }
  await sql`UPDATE admin_center.promotion_code SET active = ${active}, version = version + 1 WHERE code_id = ${before.code_id}`.execute(tx);
}
