// What a write touches (M9): whom and how much revenue, measured on the directory, and the token that ties an execution
// to what its preview showed.
import { createHash } from 'node:crypto';
import type { Tier } from '@admin-center/contracts/capability';
import type { BlastRadius } from '@admin-center/contracts/fields';
import { sql } from 'kysely';
import { currencyCode } from './currency.ts';
import type { Queryable } from './database.ts';
import { conflict } from './errors.ts';

/** The part of a blast radius that follows from a set of users. */
export type Touched = Pick<BlastRadius, 'users' | 'tiers' | 'mrr'>;

/** Users by id, everyone, or everyone on some tiers. */
export type Audience = readonly string[] | 'everyone' | { readonly tiers: readonly Tier[] };

/** Users by the directory, at most 15 seconds old; everyone is everyone whose account is not deleted. Unknown ids count nothing. */
export async function measure(database: Queryable, users: Audience): Promise<Touched> {
  const chosen =
    users === 'everyone' ? sql`state <> 'deleted'`
    : 'tiers' in users ? sql`state <> 'deleted' AND tier = ANY (${users.tiers}::text[])`
    : sql`user_id = ANY (${users}::uuid[])`;
  const counted = await sql<{ tier: Tier; users: number }>`
    SELECT tier, count(*) AS users FROM admin_center.user_directory WHERE ${chosen} GROUP BY tier ORDER BY tier
  `.execute(database);
  const summed = await sql<{ currency: string; amount_minor: number }>`
    SELECT currency, sum(amount_minor)::bigint AS amount_minor FROM admin_center.recurring_revenue
    WHERE user_id IN (SELECT user_id FROM admin_center.user_directory WHERE ${chosen}) AND amount_minor > 0 AND ended_at > now()
    GROUP BY currency ORDER BY currency
  `.execute(database);
  return {
    users: counted.rows.reduce((sum, row) => sum + row.users, 0),
    tiers: Object.fromEntries(counted.rows.map((row) => [row.tier, row.users])),
    mrr: summed.rows.map((row) => ({ currency: currencyCode(row.currency), amountMinor: row.amount_minor })),
  };
}

export interface Revenue {
  readonly currency: string;
  readonly amountMinor: number;
}

/** The same, added up while users go by: a set of a million ids is not sent back to be measured. */
export function createTally(): { add(tier: Tier, revenue: readonly Revenue[]): void; touched(): Touched } {
  const tiers = new Map<Tier, number>();
  const mrr = new Map<string, number>();
  return {
    add(tier, revenue) {
      tiers.set(tier, (tiers.get(tier) ?? 0) + 1);
      for (const { currency, amountMinor } of revenue) {
        mrr.set(currency, (mrr.get(currency) ?? 0) + amountMinor);
      }
    },
    touched: () => ({
      users: [...tiers.values()].reduce((sum, users) => sum + users, 0),
      tiers: Object.fromEntries([...tiers].toSorted(byName)),
      mrr: [...mrr].toSorted(byName).map(([currency, amountMinor]) => ({ currency: currencyCode(currency), amountMinor })),
    }),
  };
}

const byName = ([a]: readonly [string, number], [b]: readonly [string, number]): number => (a < b ? -1 : 1);

/** Users who pay: those the threshold for an approval is about. */
export const payingUsers = ({ tiers }: Pick<Touched, 'tiers'>): number =>
  Object.entries(tiers).reduce((sum, [tier, users]) => (tier === 'free' ? sum : sum + users), 0);

/** @param threshold APPROVAL_USER_THRESHOLD: how many paying users one admin may touch alone */
export const approvalFor = (touched: Pick<Touched, 'tiers'>, threshold: number): BlastRadius['approval'] => (payingUsers(touched) > threshold ? 'needed' : 'not_needed');

/**
 * Changes whenever `seen` does: put into it what the execution depends on (ids, versions, the change itself), not what
 * moves by itself, such as revenue, or no preview of many users would hold for a minute.
 */
export const previewToken = (seen: unknown): string => createHash('sha256').update(JSON.stringify(seen)).digest('base64url');

/** @throws AppError 409 with the new `preview`; a write without a token is not held to one */
export function requireSamePreview(preview: BlastRadius, token: string | undefined): void {
  if (token !== undefined && token !== preview.token) {
    throw conflict('preview_stale', 'This has changed since the preview. Look at the new one and confirm again.', { preview });
  }
}
