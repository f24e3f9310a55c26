// Lists behind the revenue numbers: subscriptions with what they bring now, and the movements with who is behind them.
import type { movement, SUBSCRIPTION_STATES, subscriptionRow } from '@admin-center/contracts/subscriptions';
import { sql } from 'kysely';
import { z } from 'zod';
import { cursorOf, instantText } from '../../platform/cursor.ts';
import { currencyCode } from '../../platform/currency.ts';
import type { Database } from '../../platform/database.ts';

export type SubscriptionRow = z.output<typeof subscriptionRow>;
export type Movement = z.output<typeof movement>;
export type Listed<Row> = Row & { readonly position: string };

export const subscriptionCursor = cursorOf('subscriptions', z.strictObject({ at: instantText, id: z.guid() }));
export const movementCursor = cursorOf('subscriptions:movements', z.strictObject({ at: instantText, id: z.guid(), currency: z.string().max(100) }));

type SubscriptionState = (typeof SUBSCRIPTION_STATES)[number];
const text = (at: Date | null): string | null => at?.toISOString() ?? null;

interface SubscriptionRecord {
  readonly subscription_id: string;
  readonly user_id: string;
  readonly email: string;
  readonly tier: SubscriptionRow['tier'];
  readonly status: SubscriptionState;
  readonly created_at: Date;
  readonly current_period_end: Date | null;
  readonly trial_end: Date | null;
  readonly canceled_at: Date | null;
  readonly currency: string | null;
  readonly amount_minor: number;
  readonly position: string;
}

export interface SubscriptionFilter {
  readonly state?: SubscriptionState | undefined;
  readonly tier?: SubscriptionRow['tier'] | undefined;
}

/** Newest first, at most `limit`, after the cursor's place; revenue (D8) is at most 15 seconds old. */
export async function listSubscriptions(
  database: Database,
  { state, tier }: SubscriptionFilter,
  after: { readonly at: string; readonly id: string } | null,
  limit: number,
): Promise<Listed<SubscriptionRow>[]> {
  const conditions = [
    ...(state === undefined ? [] : [sql`s.status = ${state}`]),
    ...(tier === undefined ? [] : [sql`s.tier = ${tier}`]),
    ...(after === null ? [] : [sql`(coalesce(s.created_at, 'epoch'), s.subscription_id) < (${after.at}, ${after.id})`]),
  ];
  const { rows } = await sql<SubscriptionRecord>`
    SELECT s.subscription_id, s.user_id, a.email, s.tier, s.status, coalesce(s.created_at, 'epoch') AS created_at,
      s.current_period_end, s.trial_end, s.canceled_at, r.currency, coalesce(r.amount_minor, 0) AS amount_minor,
      coalesce(s.created_at, 'epoch')::text AS position
    FROM admin_center.subscription s
    JOIN admin_center.account a USING (user_id)
    LEFT JOIN admin_center.recurring_revenue r ON r.subscription_id = s.subscription_id AND r.ended_at > now()
    WHERE ${conditions.length === 0 ? sql`TRUE` : sql.join(conditions, sql` AND `)}
    ORDER BY coalesce(s.created_at, 'epoch') DESC, s.subscription_id DESC
    LIMIT ${limit}
  `.execute(database);
  return rows.map((row) => ({
    id: row.subscription_id,
    userId: row.user_id,
    email: row.email,
    tier: row.tier,
    state: row.status,
    currency: row.currency === null ? null : currencyCode(row.currency),
    mrrMinor: row.amount_minor,
    createdAt: row.created_at.toISOString(),
    currentPeriodEnd: text(row.current_period_end),
    trialEnd: text(row.trial_end),
    canceledAt: text(row.canceled_at),
    position: row.position,
  }));
}

interface MovementRecord {
  readonly user_id: string;
  readonly email: string;
  readonly at: Date;
  readonly component: Movement['component'];
  readonly currency: string;
  readonly from_minor: number;
  readonly to_minor: number;
  readonly tier: Movement['tier'];
  readonly position: string;
}

export interface MovementFilter {
  readonly from: string;
  readonly to: string;
  readonly component?: Movement['component'] | undefined;
}

/** Changes of recurring revenue from `from` (inclusive) to `to` (exclusive), never of the future, newest first. */
export async function listMovements(
  database: Database,
  { from, to, component }: MovementFilter,
  after: { readonly at: string; readonly id: string; readonly currency: string } | null,
  limit: number,
): Promise<Listed<Movement & { readonly rawCurrency: string }>[]> {
  const { rows } = await sql<MovementRecord>`
    SELECT c.user_id, a.email, c.at, c.component, c.currency, c.from_minor, c.to_minor, c.tier, c.at::text AS position
    FROM admin_center.mrr_change c JOIN admin_center.account a USING (user_id)
    WHERE c.at >= ${from} AND c.at < ${to} AND c.at <= now()
      AND ${component === undefined ? sql`TRUE` : sql`c.component = ${component}`}
      AND ${after === null ? sql`TRUE` : sql`(c.at, c.user_id, c.currency) < (${after.at}, ${after.id}, ${after.currency})`}
    ORDER BY c.at DESC, c.user_id DESC, c.currency DESC
    LIMIT ${limit}
  `.execute(database);
  return rows.map((row) => ({
    userId: row.user_id,
    email: row.email,
    at: row.at.toISOString(),
    component: row.component,
    currency: currencyCode(row.currency),
    fromMinor: row.from_minor,
    toMinor: row.to_minor,
    tier: row.tier,
    position: row.position,
    rawCurrency: row.currency,
  }));
}
