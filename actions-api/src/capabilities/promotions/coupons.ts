// Coupons as they are stored: reading, listing, making and changing them.
import type { Coupon, COUPON_STATES, Discount, Duration } from '@admin-center/contracts/promotions';
import { sql } from 'kysely';
import { z } from 'zod';
import { cursorOf, instantText, pageOf } from '../../platform/cursor.ts';
import type { Queryable, Tx } from '../../platform/database.ts';
import { conflict, notFound } from '../../platform/errors.ts';
import { basisPointsOf } from './discounts.ts';
import { STRIPE_COLUMNS, type StripeColumns, stripeOf } from './stripe/state.ts';

const couponCursor = cursorOf('promotions:coupons', z.strictObject({ at: instantText, id: z.guid() }));

export type CouponFields = Pick<Coupon, 'name' | 'discount' | 'duration' | 'maxRedemptions' | 'redeemBy' | 'tiers'>;

export interface CouponRow extends StripeColumns {
  readonly coupon_id: string;
  readonly name: string;
  readonly percent_off_bp: number | null;
  readonly amount_off_minor: number | null;
  readonly currency: string | null;
  readonly duration: Duration['kind'];
  readonly duration_months: number | null;
  readonly max_redemptions: number | null;
  readonly redeem_by: Date | null;
  readonly tiers: Coupon['tiers'];
  readonly status: 'draft' | 'active' | 'archived';
  readonly state: Coupon['state'];
  readonly times_redeemed: number;
  readonly codes: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly version: number;
  readonly position: string;
}

export const discountOfRow = (row: Pick<CouponRow, 'percent_off_bp' | 'amount_off_minor' | 'currency'>): Discount =>
  row.percent_off_bp === null
    ? { kind: 'amount', amountOffMinor: row.amount_off_minor as number, currency: row.currency as string }
    : { kind: 'percent', percentOff: row.percent_off_bp / 100 };

export const durationOfRow = (row: Pick<CouponRow, 'duration' | 'duration_months'>): Duration =>
  row.duration === 'repeating' ? { kind: 'repeating', months: row.duration_months as number } : { kind: row.duration };

/** @param withStripe whether to say where it stands at Stripe: to admins where Stripe is in use, never in the audit log */
export const toCoupon = (row: CouponRow, withStripe = false): Coupon => ({
  id: row.coupon_id,
  name: row.name,
  discount: discountOfRow(row),
  duration: durationOfRow(row),
  maxRedemptions: row.max_redemptions,
  redeemBy: row.redeem_by?.toISOString() ?? null,
  tiers: row.tiers,
  state: row.state,
  timesRedeemed: row.times_redeemed,
  codes: row.codes,
  stripe: stripeOf(row, withStripe),
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  version: row.version,
});

const select = (at: Date) => sql`
  SELECT c.*, admin_center.coupon_state(c, ${at}) AS state, c.created_at::text AS position,
    (SELECT count(*) FROM admin_center.promotion_code p WHERE p.coupon_id = c.coupon_id) AS codes, ${STRIPE_COLUMNS}
  FROM admin_center.coupon c LEFT JOIN admin_center.stripe_sync s ON s.object_id = c.coupon_id
`;

export interface CouponFilter {
  readonly q?: string | undefined;
  readonly state?: (typeof COUPON_STATES)[number] | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export async function listCoupons(database: Queryable, { q, state, cursor, limit }: CouponFilter, at: Date, withStripe: boolean) {
  const after = cursor === undefined ? null : couponCursor.decode(cursor);
  const { rows } = await sql<CouponRow>`
    ${select(at)}
    WHERE ${q === undefined ? sql`TRUE` : sql`strpos(lower(c.name), lower(${q})) > 0`}
      AND ${state === undefined ? sql`TRUE` : sql`admin_center.coupon_state(c, ${at}) = ${state}`}
      AND ${after === null ? sql`TRUE` : sql`(c.created_at, c.coupon_id) < (${after.at}, ${after.id})`}
    ORDER BY c.created_at DESC, c.coupon_id DESC LIMIT ${limit + 1}
  `.execute(database);
  const { items, nextCursor } = pageOf(rows, limit, (row) => couponCursor.encode({ at: row.position, id: row.coupon_id }));
  return { items: items.map((row) => toCoupon(row, withStripe)), nextCursor };
}

/** @throws AppError 404 */
export async function readCoupon(database: Queryable, couponId: string, at: Date): Promise<CouponRow> {
  const { rows } = await sql<CouponRow>`${select(at)} WHERE c.coupon_id = ${couponId}`.execute(database);
  const [row] = rows;
  if (row === undefined) {
    throw notFound('coupon');
  }
  return row;
}

/** Held until the transaction ends: redemptions and other admins wait. @throws AppError 404 */
export async function lockCoupon(tx: Tx, couponId: string, at: Date): Promise<CouponRow> {
  await sql`SELECT FROM admin_center.coupon WHERE coupon_id = ${couponId} FOR UPDATE`.execute(tx);
  return readCoupon(tx, couponId, at);
}

const columnsOf = ({ name, discount, duration, maxRedemptions, redeemBy, tiers }: CouponFields) => ({
  name,
  percentOff: discount.kind === 'percent' ? basisPointsOf(discount.percentOff) : null,
  amountOff: discount.kind === 'amount' ? discount.amountOffMinor : null,
  currency: discount.kind === 'amount' ? discount.currency : null,
  duration: duration.kind,
  months: duration.kind === 'repeating' ? duration.months : null,
  maxRedemptions,
  redeemBy,
  tiers: [...new Set(tiers)],
});

export async function insertCoupon(tx: Tx, couponId: string, fields: CouponFields, at: Date): Promise<void> {
  const row = columnsOf(fields);
  await sql`
    INSERT INTO admin_center.coupon (coupon_id, name, percent_off_bp, amount_off_minor, currency, duration, duration_months, max_redemptions, redeem_by, tiers, created_at, updated_at)
    VALUES (${couponId}, ${row.name}, ${row.percentOff}, ${row.amountOff}, ${row.currency}, ${row.duration}, ${row.months}, ${row.maxRedemptions}, ${row.redeemBy}, ${row.tiers}::text[], ${at}, ${at})
  `.execute(tx);
}

/** @throws AppError 409 for what is fixed since the coupon was activated, or would contradict what was redeemed */
export async function updateCoupon(tx: Tx, before: CouponRow, given: Partial<CouponFields>, at: Date): Promise<void> {
  const known = toCoupon(before);
  const fields: CouponFields = { ...known, ...given };
  if (before.status === 'archived') {
    throw conflict('coupon_archived', 'This coupon is archived, and an archived coupon does not change.');
  }
  const frozen = (['discount', 'duration', 'tiers'] as const).filter((field) => JSON.stringify(fields[field]) !== JSON.stringify(known[field]));
  if (before.status !== 'draft' && frozen.length > 0) {
    throw conflict('coupon_frozen', `What was promised stays: ${frozen.join(', ')} cannot change once a coupon was activated. Make a new coupon.`);
  }
  if (fields.maxRedemptions !== null && fields.maxRedemptions < before.times_redeemed) {
    throw conflict('coupon_limit_too_low', `This coupon was redeemed ${before.times_redeemed} times already.`);
  }
  const row = columnsOf(fields);
  await sql`
    UPDATE admin_center.coupon
    SET (name, percent_off_bp, amount_off_minor, currency, duration, duration_months, max_redemptions, redeem_by, tiers, updated_at, version) =
      (${row.name}, ${row.percentOff}::integer, ${row.amountOff}::bigint, ${row.currency}, ${row.duration}, ${row.months}::integer, ${row.maxRedemptions}::integer, ${row.redeemBy}::timestamptz, ${row.tiers}::text[], ${at}, version + 1)
    WHERE coupon_id = ${before.coupon_id}
  `.execute(tx);
}

/** @throws AppError 409 for a step there is none of from where it stands */
export async function setCouponStatus(tx: Tx, before: CouponRow, status: 'active' | 'archived', at: Date): Promise<void> {
  if (status === 'active' ? before.status !== 'draft' : before.status === 'archived') {
    throw conflict('state_conflict', status === 'active' ? `This coupon is ${before.state}, not a draft.` : 'This coupon is archived already.');
  }
  await sql`UPDATE admin_center.coupon SET status = ${status}, updated_at = ${at}, version = version + 1 WHERE coupon_id = ${before.coupon_id}`.execute(tx);
}
