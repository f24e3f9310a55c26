// The simulator reads subscriptions back as states of the state machine, and writes what became of them.
import { sql, type Kysely, type Transaction } from 'kysely';
import { keyOf } from '../random.ts';
import { subscriptionRow, type Subscription } from '../subscriptions.ts';
import type { HostTables } from '../tables.ts';

/** With those granted by hand, which nothing happens to by itself and which count as a tier only. */
export interface HeldSubscription extends Subscription {
  readonly byHand: boolean;
}

/**
 * The subscriptions of some users, or of all when `userIds` is null; earliest first.
 * @param at what was due up to this moment has happened already
 */
export async function readSubscriptions(db: Kysely<HostTables>, userIds: readonly string[] | null, at: number): Promise<Map<string, HeldSubscription[]>> {
  let query = db
    .selectFrom('subscriptions')
    .select(['id', 'user_id', 'stripe_subscription_id', 'tier', 'status', 'current_period_start', 'current_period_end', 'cancel_at_period_end', 'canceled_at', 'trial_end', 'created_at'])
    .select(sql<number | null>`(metadata ->> 'attempts')::integer`.as('attempts'))
    .orderBy('created_at')
    .orderBy('id');
  if (userIds !== null) {
    query = query.where('user_id', 'in', [...userIds]).forUpdate();
  }
  const held = new Map<string, HeldSubscription[]>();
  for (const row of await query.execute()) {
    const createdAt = row.created_at.getTime();
    const subscription: HeldSubscription = {
      id: row.id,
      key: keyOf(row.id),
      userId: row.user_id,
      createdAt,
      trialEnd: row.trial_end?.getTime() ?? null,
      tier: row.tier,
      status: row.status,
      periodStart: row.current_period_start?.getTime() ?? createdAt,
      periodEnd: row.current_period_end?.getTime() ?? createdAt,
      cancelAtPeriodEnd: row.cancel_at_period_end,
      canceledAt: row.canceled_at?.getTime() ?? null,
      // Not `updated_at`: the host's trigger sets that to the time of the write, and catching up writes late.
      changedAt: at,
      attempts: row.attempts ?? (row.status === 'past_due' ? 1 : 0),
      byHand: row.stripe_subscription_id === null,
    };
    const others = held.get(row.user_id);
    if (others === undefined) {
      held.set(row.user_id, [subscription]);
    } else {
      others.push(subscription);
    }
  }
  return held;
}

/** Inserts a subscription or brings its row up to date. */
export async function writeSubscription(tx: Transaction<HostTables>, subscription: Subscription, customerId: string): Promise<void> {
  const row = subscriptionRow(subscription, customerId);
  const { tier, status, current_period_start, current_period_end, cancel_at_period_end, canceled_at, metadata } = row;
  await tx
    .insertInto('subscriptions')
    .values({ ...row, updated_at: sql`now()` })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ tier, status, current_period_start, current_period_end, cancel_at_period_end, canceled_at, metadata }))
    .execute();
}

export const byStripe = (subscriptions: readonly HeldSubscription[]): HeldSubscription[] => subscriptions.filter((subscription) => !subscription.byHand);
