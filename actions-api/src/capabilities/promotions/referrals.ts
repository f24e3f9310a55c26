// The referral programme and its referrals, as admins see and change them.
import type { Referral, REFERRAL_STAGES, ReferralProgramme } from '@admin-center/contracts/promotions';
import { sql } from 'kysely';
import { z } from 'zod';
import { cursorOf, instantText, pageOf } from '../../platform/cursor.ts';
import type { Queryable, Tx } from '../../platform/database.ts';
import { AppError, conflict, notFound } from '../../platform/errors.ts';
import { countStage } from './referral-stages.ts';

const referralCursor = cursorOf('promotions:referrals', z.strictObject({ at: instantText, id: z.guid() }));

export type ProgrammeFields = Omit<ReferralProgramme, 'updatedAt' | 'version'>;

export async function readProgramme(database: Queryable, lock: 'lock' | 'read' = 'read'): Promise<ReferralProgramme> {
  const { rows } = await sql<{
    enabled: boolean; window_days: number; reward_minor: number; reward_currency: string; referee_coupon_id: string | null;
    hold_days: number; clawback_days: number; max_rewards_per_referrer: number | null; updated_at: Date; version: number;
  }>`SELECT * FROM admin_center.referral_programme ${lock === 'lock' ? sql`FOR UPDATE` : sql``}`.execute(database);
  const row = rows[0] as (typeof rows)[number];
  return {
    enabled: row.enabled,
    windowDays: row.window_days,
    reward: { amountMinor: row.reward_minor, currency: row.reward_currency },
    refereeCouponId: row.referee_coupon_id,
    holdDays: row.hold_days,
    clawbackDays: row.clawback_days,
    maxRewardsPerReferrer: row.max_rewards_per_referrer,
    updatedAt: row.updated_at.toISOString(),
    version: row.version,
  };
}

/** @throws AppError 422 for a coupon there is none of or that is archived */
export async function writeProgramme(tx: Tx, given: ProgrammeFields, at: Date): Promise<void> {
  if (given.refereeCouponId !== null) {
    const { rows } = await sql`SELECT FROM admin_center.coupon WHERE coupon_id = ${given.refereeCouponId} AND status <> 'archived'`.execute(tx);
    if (rows.length === 0) {
      const message = 'There is no such coupon, or it is archived.';
      throw new AppError('body_invalid', 422, message, { errors: [{ path: 'body.refereeCouponId', message }] });
    }
  }
  await sql`
    UPDATE admin_center.referral_programme
    SET (enabled, window_days, reward_minor, reward_currency, referee_coupon_id, hold_days, clawback_days, max_rewards_per_referrer, updated_at, version) =
      (${given.enabled}::boolean, ${given.windowDays}::integer, ${given.reward.amountMinor}::bigint, ${given.reward.currency}, ${given.refereeCouponId}::uuid,
       ${given.holdDays}::integer, ${given.clawbackDays}::integer, ${given.maxRewardsPerReferrer}::integer, ${at}::timestamptz, version + 1)
  `.execute(tx);
}

interface ReferralRow {
  readonly referral_id: string;
  readonly stage: Referral['stage'];
  readonly referrer_id: string;
  readonly referrer_email: string | null;
  readonly referee_id: string | null;
  readonly referee_email: string | null;
  readonly reward_minor: number | null;
  readonly reward_currency: string | null;
  readonly signals: Referral['signals'];
  readonly clicked_at: Date;
  readonly signed_up_at: Date | null;
  readonly qualified_at: Date | null;
  readonly held_until: Date | null;
  readonly rewarded_at: Date | null;
  readonly clawed_back_at: Date | null;
  readonly rejected_at: Date | null;
  readonly position: string;
}

const SELECT_REFERRAL = sql`
  SELECT r.*, r.clicked_at::text AS position, referrer.email AS referrer_email, referee.email AS referee_email
  FROM admin_center.referral r
  LEFT JOIN admin_center.user_directory referrer ON referrer.user_id = r.referrer_id
  LEFT JOIN admin_center.user_directory referee ON referee.user_id = r.referee_id
`;
const text = (at: Date | null): string | null => at?.toISOString() ?? null;

const toReferral = (row: ReferralRow): Referral => ({
  id: row.referral_id,
  stage: row.stage,
  referrer: { id: row.referrer_id, email: row.referrer_email },
  referee: row.referee_id === null ? null : { id: row.referee_id, email: row.referee_email },
  reward: row.reward_minor === null ? null : { amountMinor: row.reward_minor, currency: row.reward_currency as string },
  clickedAt: row.clicked_at.toISOString(),
  signedUpAt: text(row.signed_up_at),
  qualifiedAt: text(row.qualified_at),
  heldUntil: text(row.held_until),
  rewardedAt: text(row.rewarded_at),
  clawedBackAt: text(row.clawed_back_at),
  rejectedAt: text(row.rejected_at),
  signals: row.signals,
});

export interface ReferralFilter {
  readonly stage?: (typeof REFERRAL_STAGES)[number] | undefined;
  readonly referrerId?: string | undefined;
  readonly refereeId?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export async function listReferrals(database: Queryable, { stage, referrerId, refereeId, cursor, limit }: ReferralFilter) {
  const after = cursor === undefined ? null : referralCursor.decode(cursor);
  const conditions = [
    ...(stage === undefined ? [] : [sql`r.stage = ${stage}`]),
    ...(referrerId === undefined ? [] : [sql`r.referrer_id = ${referrerId}`]),
    ...(refereeId === undefined ? [] : [sql`r.referee_id = ${refereeId}`]),
    ...(after === null ? [] : [sql`(r.clicked_at, r.referral_id) < (${after.at}, ${after.id})`]),
    sql`TRUE`,
  ];
  const { rows } = await sql<ReferralRow>`
    ${SELECT_REFERRAL} WHERE ${sql.join(conditions, sql` AND `)} ORDER BY r.clicked_at DESC, r.referral_id DESC LIMIT ${limit + 1}
  `.execute(database);
  const page = pageOf(rows, limit, (row) => referralCursor.encode({ at: row.position, id: row.referral_id }));
  return { ...page, items: page.items.map(toReferral) };
}

/** @throws AppError 404 */
export async function readReferral(database: Queryable, referralId: string): Promise<Referral> {
  const { rows } = await sql<ReferralRow>`${SELECT_REFERRAL} WHERE r.referral_id = ${referralId}`.execute(database);
  const [row] = rows;
  if (row === undefined) {
    throw notFound('referral');
  }
  return toReferral(row);
}

export async function lockReferral(tx: Tx, referralId: string): Promise<Referral> {
  await sql`SELECT FROM admin_center.referral WHERE referral_id = ${referralId} FOR UPDATE`.execute(tx);
  return readReferral(tx, referralId);
}

/** @throws AppError 409 once it is rewarded or over */
export async function rejectReferral(tx: Tx, { id, stage }: Referral, at: Date): Promise<void> {
  if (!['click', 'signup', 'qualified', 'held'].includes(stage)) {
    throw conflict('state_conflict', `This referral is ${stage.replace('_', ' ')}, so there is nothing to reject. A refund takes a reward back.`);
  }
  await sql`UPDATE admin_center.referral SET stage = 'rejected', rejected_at = ${at} WHERE referral_id = ${id}`.execute(tx);
  await countStage(tx, 'rejected');
}
