// Users as contexts of evaluation, from the directory: what a preview evaluates a flag for.
import type { Tier } from '@admin-center/contracts/capability';
import { DIRECTORY_ATTRIBUTES, type FlagDefinition } from '@admin-center/contracts/flags-definition';
import type { FlagContext } from '@cloudtolocalllm/admin-center-sdk/flags/types';
import { sql } from 'kysely';
import type { Revenue } from '../../platform/blast-radius.ts';
import type { Queryable } from '../../platform/database.ts';

export interface Citizen {
  readonly id: string;
  readonly tier: Tier;
  readonly context: FlagContext;
}

export interface Page {
  readonly citizens: readonly Citizen[];
  /** What those of them who pay bring in a month, one entry for each currency. */
  readonly revenue: ReadonlyMap<string, readonly Revenue[]>;
}

type Attribute = (typeof DIRECTORY_ATTRIBUTES)[number];

/** Nothing else in this process waits for longer than one page takes to evaluate. */
const PAGE = 2_000;

/** A column of a page is one JSON array: read row by row, a million users cost more than to evaluate them does. */
interface PageRow {
  readonly ids: readonly string[] | null;
  readonly tiers: readonly Tier[];
  readonly states: readonly string[] | null;
  readonly emails: readonly string[] | null;
  /** Milliseconds since 1970. */
  readonly created: readonly number[] | null;
  readonly locales: readonly (string | null)[] | null;
  readonly revenue: readonly (readonly [user: string, currency: string, amountMinor: number])[] | null;
}

/**
 * Everybody whose account is not deleted, in the order of their ids, page by page; the next page is on its way while one is
 * looked at. Each account is looked up by its key: left to choose, the planner reads the host's whole table again for every
 * page, and twice the users take four times as long.
 * @param needed attributes beside id and tier; the fewer, the faster
 */
export async function* readPopulation(database: Queryable, needed: ReadonlySet<string>): AsyncGenerator<Page> {
  let next = readPage(database, needed, '00000000-0000-0000-0000-000000000000');
  for (;;) {
    const row = await next;
    const last = row.ids?.at(-1);
    const isLast = last === undefined || (row.ids?.length ?? 0) < PAGE;
    if (!isLast) {
      next = readPage(database, needed, last);
      // Whoever looks at this page may stop at it.
      next.catch(() => undefined);
    }
    yield { citizens: (row.ids ?? []).map((id, index) => citizenAt(row, id, index)), revenue: revenueOf(row) };
    if (isLast) {
      return;
    }
  }
}

async function readPage(database: Queryable, needed: ReadonlySet<string>, after: string): Promise<PageRow> {
  const column = (wanted: readonly Attribute[], name: string) => (wanted.some((attribute) => needed.has(attribute)) ? sql`json_agg(${sql.ref(name)})` : sql`NULL::json`);
  const placed = needed.has('locale') || needed.has('country');
  const account = placed ? sql`LEFT JOIN LATERAL (SELECT locale FROM admin_center.account a WHERE a.user_id = d.user_id OFFSET 0) a ON true` : sql``;
  const { rows: [row] } = await sql<PageRow>`
    WITH page AS MATERIALIZED (
      SELECT d.*${placed ? sql`, a.locale` : sql``}
      FROM (
        SELECT user_id, email, tier, state, floor(extract(epoch FROM created_at) * 1000) AS created FROM admin_center.user_directory
        WHERE user_id > ${after} AND state <> 'deleted' ORDER BY user_id LIMIT ${PAGE}
      ) d ${account}
      ORDER BY d.user_id
    )
    SELECT
      json_agg(user_id) AS ids, json_agg(tier) AS tiers, ${column(['state'], 'state')} AS states, ${column(['email'], 'email')} AS emails,
      ${column(['createdAt'], 'created')} AS created, ${column(['locale', 'country'], 'locale')} AS locales,
      (
        SELECT json_agg(json_build_array(r.user_id, r.currency, r.amount_minor)) FROM admin_center.recurring_revenue r
        WHERE r.user_id > ${after} AND r.user_id <= (SELECT user_id FROM page ORDER BY user_id DESC LIMIT 1) AND r.amount_minor > 0 AND r.ended_at > now()
      ) AS revenue
    FROM page
  `.execute(database);
  return row as PageRow;
}

function citizenAt({ tiers, states, emails, created, locales }: PageRow, id: string, index: number): Citizen {
  const tier = tiers[index] as Tier;
  const context: Record<string, unknown> = { targetingKey: id, tier };
  if (states !== null) {
    context['state'] = states[index];
  }
  if (emails !== null) {
    context['email'] = emails[index];
  }
  if (created !== null) {
    context['createdAt'] = new Date(created[index] as number).toISOString();
  }
  const locale = locales?.[index] ?? null;
  return { id, tier, context: locale === null ? context : { ...context, ...placeOf(locale) } };
}

function revenueOf({ revenue }: PageRow): Map<string, Revenue[]> {
  const found = new Map<string, Revenue[]>();
  for (const [user, currency, amountMinor] of revenue ?? []) {
    const known = found.get(user);
    if (known === undefined) {
      found.set(user, [{ currency, amountMinor }]);
    } else {
      known.push({ currency, amountMinor });
    }
  }
  return found;
}

function placeOf(locale: string): { readonly locale: string; readonly country?: string } {
  const country = /[-_]([A-Za-z]{2})$/.exec(locale)?.[1]?.toUpperCase();
  return country === undefined ? { locale } : { locale, country };
}

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
  return { id, tier, context: { targetingKey: id, tier, state, email, createdAt: created_at.toISOString(), ...(locale === null ? {} : placeOf(locale)) } };
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
