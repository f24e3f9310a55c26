// Consent of users to being impersonated: which tiers are asked first, and what users say at the host, for hours or until
// they take it back.
import { type ResponseOf, TIERS } from '@admin-center/contracts/capability';
import type { ConsentRule, impersonation } from '@admin-center/contracts/impersonation';
import { type RawBuilder, sql } from 'kysely';
import { appendEntry, type Origin } from '../../platform/audit-entry.ts';
import type { Work } from '../../platform/audited.ts';
import type { RequestContext } from '../../platform/context.ts';
import type { Database, Queryable, Tx } from '../../platform/database.ts';
import { notFound } from '../../platform/errors.ts';

/** Of `user`, an expression: the consent in force that lasts longest. */
export const consentInForce = (user: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  SELECT c.id FROM admin_center.impersonation_consent c
  WHERE c.user_id = ${user} AND c.withdrawn_at IS NULL AND c.until > clock_timestamp() ORDER BY c.until DESC LIMIT 1
)`;

export interface Consent {
  readonly needed: boolean;
  /** Of the consent in force; null when there is none. */
  readonly id: number | null;
  readonly until: Date | null;
}

export async function readConsent(database: Queryable, userId: string, tier: string): Promise<Consent> {
  const { rows } = await sql<Consent>`
    SELECT coalesce((SELECT needed FROM admin_center.impersonation_consent_rule WHERE tier = ${tier}), false) AS needed, c.id, c.until
    FROM (VALUES (1)) one LEFT JOIN admin_center.impersonation_consent c ON c.id = ${consentInForce(sql`${userId}::uuid`)}
  `.execute(database);
  return rows[0] as Consent;
}

export async function readConsentRules(database: Queryable): Promise<ConsentRule[]> {
  const { rows } = await sql<{ tier: string; needed: boolean; changed_at: Date; changed_by: string }>`SELECT tier, needed, changed_at, changed_by FROM admin_center.impersonation_consent_rule`.execute(database);
  return TIERS.map((tier) => {
    const row = rows.find((one) => one.tier === tier);
    return { tier, needed: row?.needed ?? false, changedAt: row?.changed_at.toISOString() ?? null, changedBy: row?.changed_by ?? null };
  });
}

const ruleOf = async (database: Queryable, tier: ConsentRule['tier']): Promise<ConsentRule> =>
  (await readConsentRules(database)).find((rule) => rule.tier === tier) as ConsentRule;

type RuleSet = ResponseOf<typeof impersonation.endpoints.setConsentRule>;

export const setRuleWork = (tier: ConsentRule['tier'], { needed, reason }: { readonly needed: boolean; readonly reason: string }, { actor }: Pick<RequestContext, 'actor'>): Work<ConsentRule, null, RuleSet> => ({
  reason,
  async read(tx) {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`impersonation-consent:${tier}`}, 0))`.execute(tx);
    return ruleOf(tx, tier);
  },
  async run(tx) {
    await sql`
      INSERT INTO admin_center.impersonation_consent_rule (tier, needed, changed_by) VALUES (${tier}, ${needed}, ${actor.email})
      ON CONFLICT (tier) DO UPDATE SET needed = excluded.needed, changed_at = clock_timestamp(), changed_by = excluded.changed_by
    `.execute(tx);
    return null;
  },
  keep: ({ before, after }) => ({ before: { needed: before.needed }, after: { needed: after.needed } }),
  respond: ({ after: rule }, auditSequence) => ({ rule, auditSequence, message: needed ? `Users of the tier ${tier} are asked first.` : `Users of the tier ${tier} are not asked.` }),
});

export interface ConsentState {
  /** Whether users of this one's tier are asked. */
  readonly needed: boolean;
  /** Null when nobody may come in without being asked for. */
  readonly until: string | null;
}

export async function consentStateOf(database: Queryable, userId: string): Promise<ConsentState> {
  const { needed, until } = await readConsent(database, userId, await tierOf(database, userId));
  return { needed, until: until?.toISOString() ?? null };
}

/** A new consent takes the place of the one before, so the user says anew how long. */
export async function giveConsent(database: Database, origin: Origin, keyId: string, userId: string, hours: number): Promise<ConsentState> {
  return database.transaction().execute(async (tx) => {
    await lockUser(tx, userId);
    await tierOf(tx, userId);
    const { rows } = await sql<{ id: number; until: Date }>`
      INSERT INTO admin_center.impersonation_consent (user_id, given_at, until, key_id)
      SELECT ${userId}, at, at + ${hours} * interval '1 hour', ${keyId} FROM (SELECT clock_timestamp() AS at) now
      RETURNING id, until
    `.execute(tx);
    const { id, until } = rows[0] as { id: number; until: Date };
    await sql`UPDATE admin_center.impersonation_consent SET withdrawn_at = greatest(given_at, clock_timestamp()) WHERE user_id = ${userId} AND withdrawn_at IS NULL AND id <> ${id}`.execute(tx);
    await appendEntry(tx, origin, { action: 'impersonation.consent', outcome: 'success', target: { type: 'user', id: userId }, reason: null, before: null, after: { until: until.toISOString() } });
    return consentStateOf(tx, userId);
  });
}

/** Sessions that were asked for under a consent end with it. */
export async function withdrawConsent(database: Database, origin: Origin, userId: string): Promise<ConsentState> {
  return database.transaction().execute(async (tx) => {
    await lockUser(tx, userId);
    const { numAffectedRows } = await sql`
      UPDATE admin_center.impersonation_consent SET withdrawn_at = greatest(given_at, clock_timestamp()) WHERE user_id = ${userId} AND withdrawn_at IS NULL AND until > clock_timestamp()
    `.execute(tx);
    if (numAffectedRows !== 0n) {
      await appendEntry(tx, origin, { action: 'impersonation.withdraw_consent', outcome: 'success', target: { type: 'user', id: userId }, reason: null, before: null, after: null });
    }
    return consentStateOf(tx, userId);
  });
}

const lockUser = (tx: Tx, userId: string) => sql`SELECT pg_advisory_xact_lock(hashtextextended(${`consent:${userId}`}, 0))`.execute(tx);

/** @throws AppError 404 */
async function tierOf(database: Queryable, userId: string): Promise<string> {
  const { rows } = await sql<{ tier: string | null }>`
    SELECT e.tier FROM admin_center.account a LEFT JOIN admin_center.entitlement e USING (user_id) WHERE a.user_id = ${userId}
  `.execute(database);
  if (rows[0] === undefined) {
    throw notFound('user');
  }
  return rows[0].tier ?? 'free';
}
