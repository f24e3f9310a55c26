// Redeeming: exact under races, since every limit is a conditional update of the row that holds its count, and idempotent
// by the reference the host gives.
import type { RedemptionResult } from '@admin-center/contracts/promotions';
import { sql } from 'kysely';
import type { Logger } from '@admin-center/platform/log';
import type { Recorder } from '../../platform/audited.ts';
import type { Database, Tx } from '../../platform/database.ts';
import { AppError, conflict } from '../../platform/errors.ts';
import { judge, normalCode, type Offer, type Purchase } from './offer.ts';
import { countResult, noteOutcome } from './outcomes.ts';
import type { GuessThrottle } from './throttle.ts';

export interface RedeemRequest extends Purchase {
  readonly code: string;
  /** The host's name for this redemption, such as the id of its checkout. */
  readonly reference: string;
  /** Address of the user, for the throttle; null when the host does not say. */
  readonly ip: string | null;
}

export interface Given {
  readonly redemptionId: string;
  readonly couponId: string;
  readonly campaignId: string | null;
  readonly code: string;
  readonly subtotalMinor: number;
  readonly discountMinor: number;
  readonly totalMinor: number;
  readonly currency: string;
  readonly at: string;
}

export type Refusal = { readonly result: Exclude<RedemptionResult, 'applied' | 'throttled'> } | { readonly result: 'throttled'; readonly retryAfterSeconds: number };
export type Answer = Refusal | { readonly result: 'applied'; readonly replayed: boolean; readonly redemption: Given };

export interface Redeemer {
  redeem(request: RedeemRequest, origin: { readonly requestId: string; readonly log: Logger }): Promise<Answer>;
}

interface Parts {
  readonly database: Database;
  readonly recorder: Recorder;
  readonly throttle: GuessThrottle;
  readonly clock: () => Date;
}

/** Thrown inside the transaction when a limit was reached since the offer was judged. */
const REFUSED = ['inactive', 'exhausted', 'already_redeemed', 'budget_exhausted'] as const;
type Refused = (typeof REFUSED)[number];
const refuse = (result: Refused): never => {
  throw conflict(result, 'Somebody else was first.');
};
const REPLAYED = 'redemption_replayed';

export function createRedeemer({ database, recorder, throttle, clock }: Parts): Redeemer {
  return {
    async redeem(request, { requestId, log }) {
      const known = await findByReference(database, request);
      if (known !== null) {
        return { result: 'applied', replayed: true, redemption: known };
      }
      const at = clock();
      const { refusal, offer } = await findOffer({ database, throttle }, request, at);
      if (refusal !== null) {
        // The same reference may have been redeemed since it was looked for, and have taken the last of the code.
        const meanwhile = await findByReference(database, request);
        return meanwhile === null ? refusal : { result: 'applied', replayed: true, redemption: meanwhile };
      }
      try {
        const { result } = await recorder.auditedBySystem<null, Given>({
          by: 'redemption', action: 'promotions.redeem', target: { type: 'promotion-code', id: offer.row.code_id }, log, requestId, ip: request.ip,
          read: async () => null,
          run: (tx) => take(tx, offer, request, at),
          keep: ({ result: given }) => ({ before: null, after: { ...given, userId: request.userId, reference: request.reference } }),
        });
        return { result: 'applied', replayed: false, redemption: result };
      } catch (error) {
        const code = error instanceof AppError ? error.code : null;
        if (code === REPLAYED) {
          return { result: 'applied', replayed: true, redemption: (await findByReference(database, request)) as Given };
        }
        const reached = REFUSED.find((result) => result === code);
        if (reached === undefined) {
          throw error;
        }
        await noteOutcome(database, reached, offer, request, at);
        return { result: reached };
      }
    },
  };
}

type Found = { readonly refusal: Refusal; readonly offer: null } | { readonly refusal: null; readonly offer: Offer };
const refused = (refusal: Refusal): Found => ({ refusal, offer: null });

/** Judges, counts what does not end in a redemption, and holds back who guesses codes. */
export async function findOffer({ database, throttle }: Pick<Parts, 'database' | 'throttle'>, request: Omit<RedeemRequest, 'reference'>, at: Date): Promise<Found> {
  const { waitSeconds, found } = await throttle.attempt(request, () => judge(database, request.code, request, at), ({ result }) => result === 'unknown_code');
  if (found === null) {
    await countResult(database, 'none', 'throttled');
    return refused({ result: 'throttled', retryAfterSeconds: waitSeconds });
  }
  const { result, offer } = found;
  if (result === 'applied') {
    return { refusal: null, offer };
  }
  if (result === 'unknown_code') {
    await countResult(database, 'none', result);
  } else {
    await noteOutcome(database, result, offer, request, at);
  }
  return refused({ result });
}

/** Always in the same order, so that two redemptions never wait for each other in a circle. */
async function take(tx: Tx, offer: Offer, request: RedeemRequest, at: Date): Promise<Given> {
  const { row, discountMinor, committedMinor } = offer;
  // The same reference waits here for the first one's end.
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`promotions.redeem:${request.reference}`}, 0))`.execute(tx);
  if ((await findByReference(tx, request)) !== null) {
    throw conflict(REPLAYED, 'This reference was redeemed in the meantime.');
  }
  await change(tx, 'exhausted', sql`
    UPDATE admin_center.coupon SET times_redeemed = times_redeemed + 1
    WHERE coupon_id = ${row.coupon_id} AND status = 'active' AND (max_redemptions IS NULL OR times_redeemed < max_redemptions) RETURNING 1
  `);
  await change(tx, 'exhausted', sql`
    UPDATE admin_center.promotion_code SET times_redeemed = times_redeemed + 1
    WHERE code_id = ${row.code_id} AND active AND (max_redemptions IS NULL OR times_redeemed < max_redemptions) RETURNING 1
  `);
  await change(tx, 'already_redeemed', sql`
    INSERT INTO admin_center.promotion_code_use AS u (code_id, user_id, used) VALUES (${row.code_id}, ${request.userId}, 1)
    ON CONFLICT (code_id, user_id) DO UPDATE SET used = u.used + 1 WHERE ${row.max_per_user}::integer IS NULL OR u.used < ${row.max_per_user}::integer RETURNING 1
  `);
  if (row.campaign_id !== null) {
    await takeFromCampaign(tx, row.campaign_id, offer, request, at);
  }
  await countResult(tx, row.campaign_key ?? 'none', 'applied');
  const { rows } = await sql<{ redemption_id: string }>`
    INSERT INTO admin_center.redemption (reference, code_id, coupon_id, campaign_id, user_id, at, subtotal_minor, discount_minor, committed_minor, currency, tier)
    VALUES (${request.reference}, ${row.code_id}, ${row.coupon_id}, ${row.campaign_id}, ${request.userId}, ${at}, ${request.subtotalMinor}, ${discountMinor}, ${committedMinor}, ${request.currency}, ${request.tier})
    RETURNING redemption_id
  `.execute(tx);
  return {
    redemptionId: (rows[0] as { redemption_id: string }).redemption_id,
    couponId: row.coupon_id, campaignId: row.campaign_id, code: row.code, at: at.toISOString(), currency: request.currency,
    subtotalMinor: request.subtotalMinor, discountMinor, totalMinor: request.subtotalMinor - discountMinor,
  };
}

async function takeFromCampaign(tx: Tx, campaignId: string, { row, committedMinor }: Offer, { userId, currency }: RedeemRequest, at: Date): Promise<void> {
  await change(tx, 'inactive', sql`UPDATE admin_center.campaign SET redemptions = redemptions + 1 WHERE campaign_id = ${campaignId} AND status = 'active' RETURNING 1`);
  if (row.budgeted) {
    await change(tx, 'budget_exhausted', sql`
      UPDATE admin_center.campaign_budget SET spent_minor = spent_minor + ${committedMinor}
      WHERE campaign_id = ${campaignId} AND currency = ${currency} AND spent_minor + ${committedMinor} <= limit_minor RETURNING 1
    `);
  }
  await sql`
    INSERT INTO admin_center.campaign_member (campaign_id, user_id, arm, paid_before, assigned_at)
    VALUES (${campaignId}, ${userId}, 'treated', ${row.paid_before}, ${at}) ON CONFLICT DO NOTHING
  `.execute(tx);
}

async function change(tx: Tx, otherwise: Refused, statement: ReturnType<typeof sql>): Promise<void> {
  const { rows } = await statement.execute(tx);
  if (rows.length === 0) {
    refuse(otherwise);
  }
}

/** @throws AppError 422 when the reference belongs to another redemption */
async function findByReference(database: Database | Tx, { reference, code, userId }: RedeemRequest): Promise<Given | null> {
  const { rows } = await sql<{ redemption_id: string; coupon_id: string; campaign_id: string | null; code: string; user_id: string; at: Date; subtotal_minor: number; discount_minor: number; currency: string }>`
    SELECT r.redemption_id, r.coupon_id, r.campaign_id, p.code, r.user_id, r.at, r.subtotal_minor, r.discount_minor, r.currency
    FROM admin_center.redemption r JOIN admin_center.promotion_code p USING (code_id) WHERE r.reference = ${reference}
  `.execute(database);
  const [row] = rows;
  if (row === undefined) {
    return null;
  }
  if (row.code !== normalCode(code) || row.user_id !== userId.toLowerCase()) {
    throw new AppError('reference_reused', 422, 'This reference was used for another code or user. Send a new one with each redemption.');
  }
  return {
    redemptionId: row.redemption_id, couponId: row.coupon_id, campaignId: row.campaign_id, code: row.code, at: row.at.toISOString(), currency: row.currency,
    subtotalMinor: row.subtotal_minor, discountMinor: row.discount_minor, totalMinor: row.subtotal_minor - row.discount_minor,
  };
}
