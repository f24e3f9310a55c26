// Users as contexts of evaluation, from the directory: what a preview evaluates a flag for.
import type { Tier } from '@admin-center/contracts/capability';
import { DIRECTORY_ATTRIBUTES, type FlagDefinition } from '@admin-center/contracts/flags-definition';
import type { FlagContext } from '@cloudtolocalllm/admin-center-sdk/flags/types';
import { sql } from 'kysely';
import type { Revenue } from '../../platform/blast-radius.ts';
import type { Queryable, Tx } from '../../platform/database.ts';

export interface Citizen {
  readonly id: string;
  readonly tier: Tier;
  readonly context: FlagContext;
}

export interface Inhabitant extends Citizen {
  /** What a month brings in, one entry for each currency; null for who does not pay. */
  readonly revenue: readonly Revenue[] | null;
}

type Attribute = (typeof DIRECTORY_ATTRIBUTES)[number];

/** Only what is needed: each further column of a million rows takes its time. */
interface Row {
  readonly user_id: string;
  readonly tier: Tier;
  readonly state?: string;
  readonly email?: string;
  /** Seconds since 1970, which are read faster than a time is. */
  readonly created?: number;
  readonly locale?: string | null;
  readonly revenue: readonly (readonly [currency: string, amountMinor: number])[] | null;
}

/** Nothing else in this process waits for longer than one page takes to evaluate. */
const PAGE = 1_000;

/**
 * Everybody whose account is not deleted, page by page, in no order that means anything; the next page is on its way while
 * one is looked at. A cursor walks through each table once, as it lies on disk: looked up in the order of their ids, a
 * million users are a million places.
 * @param needed attributes beside id and tier; the fewer, the faster
 */
export async function* readPopulation(tx: Tx, needed: ReadonlySet<string>): AsyncGenerator<readonly Inhabitant[]> {
  await openCursor(tx, needed);
  const fetch = async () => (await sql<Row>`FETCH FORWARD ${sql.lit(PAGE)} FROM inhabitants`.execute(tx)).rows;
  for (let next = fetch(); ; ) {
    const rows = await next;
    if (rows.length === 0) {
      break;
    }
    next = fetch();
    // Whoever looks at this page may stop at it.
    next.catch(() => undefined);
    yield rows.map(inhabitantOf);
  }
  await sql`CLOSE inhabitants`.execute(tx);
}

async function openCursor(tx: Tx, needed: ReadonlySet<string>): Promise<void> {
  const column = (attribute: Attribute, name: string) => (needed.has(attribute) ? sql`, ${sql.ref(name)}` : sql``);
  const placed = needed.has('locale') || needed.has('country');
  // All of it will be read, and from the beginning; for the rest of the transaction these harm nothing.
  await sql`
    SELECT set_config('cursor_tuple_fraction', '1', true), set_config('synchronize_seqscans', 'off', true), set_config('work_mem', '64MB', true), set_config('jit', 'off', true)
  `.execute(tx);
  await sql`
    DECLARE inhabitants NO SCROLL CURSOR FOR
    SELECT d.user_id, d.tier, r.revenue${column('state', 'd.state')}${column('email', 'd.email')}${needed.has('createdAt') ? sql`, date_part('epoch', d.created_at) AS created` : sql``}${placed ? sql`, a.locale` : sql``}
    FROM admin_center.user_directory d
    ${placed ? sql`LEFT JOIN admin_center.account a ON a.user_id = d.user_id` : sql``}
    LEFT JOIN (
      SELECT user_id, json_agg(json_build_array(currency, amount_minor)) AS revenue
      FROM admin_center.recurring_revenue WHERE amount_minor > 0 AND ended_at > now() GROUP BY user_id
    ) r ON r.user_id = d.user_id
    WHERE d.state <> 'deleted'
  `.execute(tx);
}

function inhabitantOf({ user_id: id, tier, state, email, created, locale, revenue }: Row): Inhabitant {
  const context: Record<string, unknown> = { targetingKey: id, tier };
  if (state !== undefined) {
    context['state'] = state;
  }
  if (email !== undefined) {
    context['email'] = email;
  }
  if (created !== undefined) {
    // Whole microseconds first: a fraction of a second is seldom exact.
    context['createdAt'] = new Date(Math.floor(Math.round(created * 1e6) / 1e3)).toISOString();
  }
  if (locale !== undefined && locale !== null) {
    context['locale'] = locale;
    const country = countryOf(locale);
    if (country !== undefined) {
      context['country'] = country;
    }
  }
  return { id, tier, context, revenue: revenue === null ? null : revenue.map(([currency, amountMinor]) => ({ currency, amountMinor })) };
}

const countryOf = (locale: string): string | undefined => /[-_]([A-Za-z]{2})$/.exec(locale)?.[1]?.toUpperCase();

interface UserRow {
  readonly user_id: string;
  readonly email: string;
  readonly tier: Tier;
  readonly state: string;
  readonly created_at: Date;
  readonly locale: string | null;
}

export async function findCitizen(database: Queryable, userId: string): Promise<Citizen | null> {
  const { rows: [row] } = await sql<UserRow>`
    SELECT d.user_id, d.email, d.tier, d.state, d.created_at, a.locale
    FROM admin_center.user_directory d LEFT JOIN admin_center.account a USING (user_id) WHERE d.user_id = ${userId}
  `.execute(database);
  if (row === undefined) {
    return null;
  }
  const { user_id: id, email, tier, state, created_at, locale } = row;
  const country = locale === null ? undefined : countryOf(locale);
  return { id, tier, context: { targetingKey: id, tier, state, email, createdAt: created_at.toISOString(), ...(locale === null ? {} : { locale }), ...(country === undefined ? {} : { country }) } };
}

/** Addresses of a few, as samples show them. */
export async function readEmails(database: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<Pick<UserRow, 'user_id' | 'email'>>`SELECT user_id, email FROM admin_center.user_directory WHERE user_id = ANY (${ids}::uuid[])`.execute(database);
  return new Map(rows.map(({ user_id, email }) => [user_id, email]));
}

/** Attributes that the conditions of some flags ask for. */
export const attributesIn = (definitions: readonly FlagDefinition[]): Set<string> =>
  new Set(definitions.flatMap(({ segments }) => segments.flatMap(({ conditions }) => conditions.map(({ attribute }) => attribute))));

/** Those of them that only the host knows. */
export const unknownAttributes = (definition: FlagDefinition): string[] =>
  [...attributesIn([definition])].filter((attribute) => !(DIRECTORY_ATTRIBUTES as readonly string[]).includes(attribute)).toSorted();
