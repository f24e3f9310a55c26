// A user as one line of a list, with the recurring revenue they bring.
import type { UserSummary } from '@admin-center/contracts/users';
import { sql } from 'kysely';
import { currencyCode } from '../../platform/currency.ts';
import type { Queryable } from '../../platform/database.ts';

export interface SummaryRow {
  readonly user_id: string;
  readonly email: string;
  readonly name: string | null;
  readonly tier: UserSummary['tier'];
  readonly state: UserSummary['state'];
  readonly created_at: Date;
  readonly last_seen_at: Date | null;
}

/** Adds the monthly recurring revenue of each user, per currency in minor units (D8), at most 15 seconds old. */
export async function toSummaries(database: Queryable, rows: readonly SummaryRow[]): Promise<UserSummary[]> {
  const mrr = await mrrOf(database, rows.map((row) => row.user_id));
  return rows.map((row) => ({
    id: row.user_id,
    email: row.email,
    name: row.name,
    tier: row.tier,
    state: row.state,
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    mrr: mrr.get(row.user_id) ?? [],
  }));
}

async function mrrOf(database: Queryable, userIds: readonly string[]): Promise<Map<string, UserSummary['mrr']>> {
  const byUser = new Map<string, UserSummary['mrr']>();
  if (userIds.length === 0) {
    return byUser;
  }
  const { rows } = await sql<{ user_id: string; currency: string; amount_minor: number }>`
    SELECT user_id, currency, sum(amount_minor)::bigint AS amount_minor FROM admin_center.recurring_revenue
    WHERE user_id = ANY (${userIds}::uuid[]) AND amount_minor > 0 AND ended_at > now()
    GROUP BY user_id, currency
    ORDER BY user_id, currency
  `.execute(database);
  for (const { user_id, currency, amount_minor } of rows) {
    byUser.set(user_id, [...(byUser.get(user_id) ?? []), { currency: currencyCode(currency), amountMinor: amount_minor }]);
  }
  return byUser;
}

/**
 * One user straight from the host's tables, however new; null when there is none. Only when they were last seen is the
 * directory's word: the host has no index from a user to their sessions.
 */
export async function readLiveRow(database: Queryable, userId: string): Promise<SummaryRow | null> {
  const { rows } = await sql<SummaryRow>`
    SELECT a.user_id, a.email, a.display_name AS name, e.tier, a.state, a.created_at, greatest(a.last_login_at, d.last_seen_at) AS last_seen_at
    FROM admin_center.account a
    JOIN admin_center.entitlement e USING (user_id)
    LEFT JOIN admin_center.user_directory d USING (user_id)
    WHERE a.user_id = ${userId}
  `.execute(database);
  return rows[0] ?? null;
}
