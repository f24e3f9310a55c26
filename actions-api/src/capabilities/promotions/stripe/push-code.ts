// A promotion code at Stripe. Stripe names it, so before it is made again it is looked for by what we wrote into it. Codes
// with limits that Stripe does not know are kept here: a customer of Stripe could get past them.
import type { Tier } from '@admin-center/contracts/capability';
import { sql } from 'kysely';
import type { Stripe } from 'stripe';
import type { Database } from '../../../platform/database.ts';
import { failureOf } from './failures.ts';
import { keyOf } from './idempotency.ts';
import { secondsOf } from './push-coupon.ts';
import type { Claimed, Pushed } from './queue.ts';

interface Row {
  readonly code_id: string;
  readonly code: string;
  readonly coupon_id: string;
  readonly wanted: boolean;
  readonly user_id: string | null;
  readonly max_per_user: number | null;
  readonly tiers: Tier[];
  readonly held_out: boolean;
  readonly budgeted: boolean;
  readonly has_openings: boolean;
  readonly first_time_transaction: boolean;
  readonly minimum_minor: number | null;
  readonly minimum_currency: string | null;
  readonly max_redemptions: number | null;
  readonly expires_at: Date | null;
  readonly turns_at: Date | null;
}

/** The code as it is to be at Stripe: the narrower of its own limits and its coupon's, which Stripe would refuse to differ. */
async function readRow(database: Database, codeId: string, at: Date): Promise<Row> {
  const { rows } = await sql<Row>`
    SELECT p.code_id, p.code, p.coupon_id, p.user_id, p.max_per_user, p.first_time_transaction, p.minimum_minor, p.minimum_currency, c.tiers,
      p.active AND admin_center.coupon_state(c, ${at}) = 'active' AND (g.campaign_id IS NULL OR admin_center.campaign_state(g, ${at}) = 'running') AS wanted,
      coalesce(g.holdout_share > 0, false) AS held_out, coalesce(jsonb_array_length(g.openings) > 0, false) AS has_openings,
      EXISTS (SELECT FROM admin_center.campaign_budget b WHERE b.campaign_id = g.campaign_id) AS budgeted,
      least(p.max_redemptions, c.max_redemptions) AS max_redemptions, least(p.expires_at, c.redeem_by) AS expires_at,
      CASE WHEN g.status = 'active' THEN CASE WHEN g.starts_at > ${at} THEN g.starts_at WHEN g.ends_at > ${at} THEN g.ends_at END END AS turns_at
    FROM admin_center.promotion_code p JOIN admin_center.coupon c USING (coupon_id) LEFT JOIN admin_center.campaign g USING (campaign_id)
    WHERE p.code_id = ${codeId}
  `.execute(database);
  return rows[0] as Row;
}

const keptBecause = (row: Row): string | null => {
  const unknown = [
    ...(row.user_id === null ? [] : ['whom it is for']),
    ...(row.max_per_user === null ? [] : ['how often one user may redeem it']),
    ...(row.tiers.length === 0 ? [] : ['which plans its coupon is for']),
    ...(row.held_out ? ['the hold-out of its campaign'] : []),
    ...(row.budgeted ? ['the budget of its campaign'] : []),
    ...(row.has_openings ? ['the openings of its campaign'] : []),
  ];
  return unknown.length === 0 ? null : `Stripe cannot check ${unknown.join(', ')}; let the host redeem it here.`;
};

export async function pushCode(database: Database, stripe: Stripe, claimed: Claimed, at: Date): Promise<Pushed> {
  const row = await readRow(database, claimed.object_id, at);
  const reason = keptBecause(row);
  const wanted = row.wanted && reason === null;
  const id = claimed.stripe_id ?? (claimed.attempts > 1 ? await find(stripe, row) : null);
  const dueAt = reason === null ? row.turns_at : null;
  if (id === null && !wanted) {
    return dueAt === null
      ? { state: 'kept', stripeId: null, active: null, error: reason ?? 'It, its coupon or its campaign is not on.', dueAt }
      : { state: 'pending', stripeId: null, active: null, error: `Its campaign is on from ${dueAt.toISOString()}.`, dueAt };
  }
  const there = id === null ? await create(stripe, claimed, row) : await stripe.promotionCodes.update(id, { active: wanted }, { idempotencyKey: keyOf(claimed, wanted ? 'on' : 'off') });
  return { state: reason === null ? 'synced' : 'kept', stripeId: there.id, active: wanted, error: reason, dueAt };
}

async function create(stripe: Stripe, claimed: Claimed, row: Row): Promise<{ readonly id: string }> {
  try {
    return await stripe.promotionCodes.create(
      {
        promotion: { type: 'coupon', coupon: row.coupon_id },
        code: row.code,
        ...(row.max_redemptions === null ? {} : { max_redemptions: row.max_redemptions }),
        ...(row.expires_at === null ? {} : { expires_at: secondsOf(row.expires_at) }),
        restrictions: {
          first_time_transaction: row.first_time_transaction,
          ...(row.minimum_minor === null ? {} : { minimum_amount: row.minimum_minor, minimum_amount_currency: (row.minimum_currency as string).toLowerCase() }),
        },
        metadata: { admin_center_id: row.code_id },
      },
      { idempotencyKey: keyOf(claimed, 'create') },
    );
  } catch (error) {
    const own = failureOf(error)?.kind === 'refused' ? await find(stripe, row) : null;
    if (own === null) {
      throw error;
    }
    return { id: own };
  }
}

async function find(stripe: Stripe, { code, code_id, coupon_id }: Row): Promise<string | null> {
  for await (const found of stripe.promotionCodes.list({ code, coupon: coupon_id, limit: 100 })) {
    if (found.metadata?.['admin_center_id'] === code_id) {
      return found.id;
    }
  }
  return null;
}
