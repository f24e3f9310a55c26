// The first stages of a referral, as the host reports them: a link, a click on it, a sign-up attributed to the click.
import { createHash } from 'node:crypto';
import type { Referral } from '@admin-center/contracts/promotions';
import { sql } from 'kysely';
import type { Database, Queryable, Tx } from '../../platform/database.ts';
import { AppError, conflict, notFound } from '../../platform/errors.ts';
import { randomCode } from './random-code.ts';
import { isSelfReferral, readSignals } from './referral-signals.ts';

const LENGTH = 10;

export const hashOfDevice = (device: string | null): Buffer | null => (device === null ? null : createHash('sha256').update(device).digest());

/** The code of a user's link; the same at every call. @throws AppError 404 for a user there is none of */
export async function referralCodeOf(database: Database, userId: string, device: string | null, at: Date): Promise<string> {
  const known = await sql`SELECT FROM admin_center.account WHERE user_id = ${userId} AND state = 'active'`.execute(database);
  if (known.rows.length === 0) {
    throw notFound('active user');
  }
  for (;;) {
    // A code that somebody else has already breaks the first attempt; the next draws another.
    const { rows } = await sql<{ code: string }>`
      INSERT INTO admin_center.referral_code AS known (user_id, code, device, created_at) VALUES (${userId}, ${randomCode(LENGTH)}, ${hashOfDevice(device)}, ${at})
      ON CONFLICT (user_id) DO UPDATE SET device = coalesce(excluded.device, known.device)
      RETURNING code
    `.execute(database).catch((error: unknown) => {
      if ((error as { constraint?: string }).constraint === 'referral_code_code_key') {
        return { rows: [] };
      }
      throw error;
    });
    if (rows[0] !== undefined) {
      return rows[0].code;
    }
  }
}

/**
 * @param clickId the host's own id for this click, so that reporting it again counts nothing; null: each report is a click
 * @returns the id the host keeps with the visitor, such as in a cookie
 */
export async function recordClick(database: Database, code: string, clickId: string | null, at: Date): Promise<string> {
  await requireEnabled(database);
  return database.transaction().execute(async (tx) => {
    const { rows } = await sql<{ referral_id: string }>`
      INSERT INTO admin_center.referral (referral_id, referrer_id, clicked_at)
      SELECT coalesce(${clickId}::uuid, gen_random_uuid()), c.user_id, ${at} FROM admin_center.referral_code c JOIN admin_center.account a USING (user_id)
      WHERE c.code = ${code.toUpperCase()} AND a.state = 'active'
      ON CONFLICT (referral_id) DO NOTHING
      RETURNING referral_id
    `.execute(tx);
    const [row] = rows;
    if (row === undefined) {
      return knownClick(tx, code, clickId);
    }
    await countStage(tx, 'click');
    return row.referral_id;
  });
}

/** @throws AppError 404 for a code nobody has, 422 for an id that is another click's */
async function knownClick(tx: Tx, code: string, clickId: string | null): Promise<string> {
  const { rows } = await sql<{ referral_id: string; same: boolean }>`
    SELECT r.referral_id, coalesce(c.code = ${code.toUpperCase()}, false) AS same
    FROM admin_center.referral r LEFT JOIN admin_center.referral_code c ON c.user_id = r.referrer_id WHERE r.referral_id = ${clickId}::uuid
  `.execute(tx);
  const [known] = rows;
  if (known === undefined) {
    throw notFound('referral link');
  }
  if (!known.same) {
    throw new AppError('click_reused', 422, 'This id was used for a click on another link. Make a new one for each click.');
  }
  return known.referral_id;
}

export interface Signup {
  readonly clickId: string;
  readonly userId: string;
  readonly ip: string | null;
  readonly device: string | null;
}

export interface Attributed {
  readonly referralId: string;
  readonly stage: Referral['stage'];
  readonly signals: Referral['signals'];
  /** For those who were referred and are not rejected; null: none. */
  readonly couponId: string | null;
}

/** The first attribution of a user holds, and a click is good for one sign-up; reporting it again answers the same. */
export async function recordSignup(database: Database, signup: Signup, at: Date): Promise<Attributed> {
  const programme = await requireEnabled(database);
  return database.transaction().execute(async (tx) => {
    await lockPeople(tx, signup);
    const earlier = await sql<{ referral_id: string; stage: Referral['stage']; signals: Referral['signals'] }>`
      SELECT referral_id, stage, signals FROM admin_center.referral WHERE referee_id = ${signup.userId}
    `.execute(tx);
    const [known] = earlier.rows;
    if (known !== undefined) {
      return { referralId: known.referral_id, stage: known.stage, signals: known.signals, couponId: known.stage === 'rejected' ? null : programme.referee_coupon_id };
    }
    const { rows } = await sql<{ referrer_id: string; clicked_at: Date; stage: string }>`
      SELECT referrer_id, clicked_at, stage FROM admin_center.referral WHERE referral_id = ${signup.clickId} FOR UPDATE
    `.execute(tx);
    const [click] = rows;
    if (click === undefined) {
      throw notFound('click');
    }
    if (click.stage !== 'click') {
      throw conflict('click_used', 'This click led to another sign-up already.');
    }
    if (at.getTime() - click.clicked_at.getTime() > programme.window_days * 86_400_000) {
      throw conflict('click_expired', `This click is older than ${programme.window_days} days, so the sign-up is nobody's referral.`);
    }
    const signals = await readSignals(tx, click.referrer_id, click.clicked_at, { ...signup, device: hashOfDevice(signup.device) });
    const stage = isSelfReferral(signals) ? 'rejected' : 'signup';
    await sql`
      UPDATE admin_center.referral
      SET referee_id = ${signup.userId}, stage = ${stage}, signals = ${signals}::text[], signed_up_at = ${at}, rejected_at = CASE WHEN ${stage} = 'rejected' THEN ${at}::timestamptz END
      WHERE referral_id = ${signup.clickId}
    `.execute(tx);
    await countStage(tx, 'signup');
    if (stage === 'rejected') {
      await countStage(tx, 'rejected');
    }
    return { referralId: signup.clickId, stage, signals, couponId: stage === 'rejected' ? null : programme.referee_coupon_id };
  });
}

/** Two reports about one user wait for each other, be they about one click or two, and so do sign-ups of each by the other. */
async function lockPeople(tx: Tx, { clickId, userId }: Signup): Promise<void> {
  const { rows } = await sql<{ referrer_id: string }>`SELECT referrer_id FROM admin_center.referral WHERE referral_id = ${clickId}`.execute(tx);
  const people = new Set([userId.toLowerCase(), ...rows.map(({ referrer_id }) => referrer_id)]);
  for (const person of [...people].toSorted()) {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`promotions.referral:${person}`}, 0))`.execute(tx);
  }
}

export async function countStage(tx: Tx, stage: Referral['stage'], by = 1): Promise<void> {
  await sql`SELECT admin_center.tally_add('admincenter_referrals_total', ${JSON.stringify({ stage })}::jsonb, ${by}::bigint)`.execute(tx);
}

/** @throws AppError 409 while the programme is off */
async function requireEnabled(database: Queryable): Promise<{ window_days: number; referee_coupon_id: string | null }> {
  const { rows } = await sql<{ enabled: boolean; window_days: number; referee_coupon_id: string | null }>`
    SELECT enabled, window_days, referee_coupon_id FROM admin_center.referral_programme
  `.execute(database);
  const [programme] = rows;
  if (programme?.enabled !== true) {
    throw new AppError('referrals_off', 409, 'The referral programme is off.');
  }
  return programme;
}
