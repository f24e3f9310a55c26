// Users as contexts of evaluation, from the directory: what a preview evaluates a flag for.
import type { Tier } from '@admin-center/contracts/capability';
import { DIRECTORY_ATTRIBUTES, type FlagDefinition } from '@admin-center/contracts/flags-definition';
import type { FlagContext } from '@cloudtolocalllm/admin-center-sdk/flags/types';
import { sql } from 'kysely';
import type { Queryable } from '../../platform/database.ts';

export interface Citizen {
  readonly id: string;
  readonly email: string;
  readonly tier: Tier;
  readonly context: FlagContext;
}

interface UserRow {
  readonly user_id: string;
  readonly email: string;
  readonly tier: Tier;
  readonly state: string;
  readonly created_at: Date;
  readonly locale: string | null;
}

/** Nothing else in this process waits for longer than one page takes to evaluate. */
const PAGE = 2_000;

const citizenOf = ({ user_id: id, email, tier, state, created_at, locale }: UserRow): Citizen => {
  const country = /[-_]([A-Za-z]{2})$/.exec(locale ?? '')?.[1]?.toUpperCase();
  return { id, email, tier, context: { targetingKey: id, tier, state, email, createdAt: created_at.toISOString(), ...(locale === null ? {} : { locale }), ...(country === undefined ? {} : { country }) } };
};

/**
 * Everybody whose account is not deleted, in the order of their ids, page by page. Each account is looked up by its key: left
 * to choose, the planner reads the host's whole table again for every page, and twice the users take four times as long.
 */
export async function* readPopulation(database: Queryable): AsyncGenerator<Citizen> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const { rows } = await sql<UserRow>`
      SELECT d.user_id, d.email, d.tier, d.state, d.created_at, a.locale
      FROM (
        SELECT user_id, email, tier, state, created_at FROM admin_center.user_directory
        WHERE user_id > ${after} AND state <> 'deleted' ORDER BY user_id LIMIT ${PAGE}
      ) d LEFT JOIN LATERAL (SELECT locale FROM admin_center.account a WHERE a.user_id = d.user_id OFFSET 0) a ON true
      ORDER BY d.user_id
    `.execute(database);
    yield* rows.map(citizenOf);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) {
      return;
    }
    after = last.user_id;
  }
}

export async function findCitizen(database: Queryable, userId: string): Promise<Citizen | null> {
  const { rows: [row] } = await sql<UserRow>`
    SELECT d.user_id, d.email, d.tier, d.state, d.created_at, a.locale
    FROM admin_center.user_directory d LEFT JOIN admin_center.account a USING (user_id) WHERE d.user_id = ${userId}
  `.execute(database);
  return row === undefined ? null : citizenOf(row);
}

/** Attributes in conditions that only the host knows. */
export function unknownAttributes({ segments }: FlagDefinition): string[] {
  const used = segments.flatMap(({ conditions }) => conditions.map(({ attribute }) => attribute));
  return [...new Set(used)].filter((attribute) => !(DIRECTORY_ATTRIBUTES as readonly string[]).includes(attribute)).toSorted();
}
