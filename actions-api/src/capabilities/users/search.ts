// The user list: search, filters, sort and keyset pages over `user_directory`. A whole id or e-mail is looked up in the
// host's own tables, so that somebody who signed up a second ago is found.
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { type CursorCodec, cursorOf, instantText } from '../../platform/cursor.ts';
import type { Queryable } from '../../platform/database.ts';
import { readLiveRow, type SummaryRow } from './summary.ts';

export interface UserFilter {
  readonly q?: string | undefined;
  readonly tier?: string | undefined;
  readonly state?: string | undefined;
  readonly createdFrom?: string | undefined;
  readonly createdTo?: string | undefined;
  readonly seenFrom?: string | undefined;
  readonly seenTo?: string | undefined;
}

export interface UserOrder {
  readonly sort: 'createdAt' | 'lastSeenAt' | 'email';
  readonly order: 'asc' | 'desc';
}

type Condition = RawBuilder<unknown>;
type ListRow = SummaryRow & { readonly position: string };

const COUNTED_UP_TO = 10_000;
const SORTED_UP_TO = 20_000;
const WHOLE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const WHOLE_EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
/** As the indexes of the directory have them: who was never seen sorts as the oldest. */
const COLUMNS = { createdAt: sql`d.created_at`, lastSeenAt: sql`coalesce(d.last_seen_at, '-infinity')`, email: sql`d.email` } as const;

/** The users a whole id or e-mail names, newest state first-hand; null when `q` is neither, or names nobody. */
export async function findExactly(database: Queryable, q: string | undefined): Promise<SummaryRow[] | null> {
  if (q !== undefined && WHOLE_ID.test(q)) {
    const row = await readLiveRow(database, q);
    return row === null ? [] : [row];
  }
  if (q === undefined || !WHOLE_EMAIL.test(q)) {
    return null;
  }
  // Both spellings use the host's own index on the address; a search without regard to case would read every user.
  const { rows } = await sql<{ user_id: string }>`
    SELECT user_id FROM admin_center.account WHERE email = ANY (${[q, q.toLowerCase()]}::text[])
  `.execute(database);
  const found = await Promise.all(rows.map((row) => readLiveRow(database, row.user_id)));
  return found.length === 0 ? null : found.filter((row) => row !== null);
}

/** Whether a row that was looked up live passes the other filters; the same conditions as `conditionsOf`. */
export function passes(row: SummaryRow, filter: UserFilter): boolean {
  const within = (at: Date | null, from: string | undefined, to: string | undefined): boolean =>
    (from === undefined || (at !== null && at >= new Date(from))) && (to === undefined || (at !== null && at < new Date(to)));
  return (
    (filter.tier === undefined || row.tier === filter.tier) &&
    (filter.state === undefined || row.state === filter.state) &&
    within(row.created_at, filter.createdFrom, filter.createdTo) &&
    within(row.last_seen_at, filter.seenFrom, filter.seenTo)
  );
}

const escapeLike = (word: string): string => word.replaceAll(/[\\%_]/g, String.raw`\$&`);

/** Every word must occur in e-mail or name. Instants: from inclusive, to exclusive. */
function conditionsOf(filter: UserFilter): Condition[] {
  const words = filter.q?.toLowerCase().split(/\s+/).filter((word) => word !== '') ?? [];
  return [
    ...words.map((word) => sql`d.search LIKE ${`%${escapeLike(word)}%`}`),
    ...(filter.tier === undefined ? [] : [sql`d.tier = ${filter.tier}`]),
    ...(filter.state === undefined ? [] : [sql`d.state = ${filter.state}`]),
    ...(filter.createdFrom === undefined ? [] : [sql`d.created_at >= ${filter.createdFrom}`]),
    ...(filter.createdTo === undefined ? [] : [sql`d.created_at < ${filter.createdTo}`]),
    ...(filter.seenFrom === undefined ? [] : [sql`d.last_seen_at >= ${filter.seenFrom}`]),
    ...(filter.seenTo === undefined ? [] : [sql`d.last_seen_at < ${filter.seenTo}`]),
  ];
}

const where = (conditions: readonly Condition[]): Condition => (conditions.length === 0 ? sql`TRUE` : sql.join(conditions, sql` AND `));

interface Position {
  readonly at: string;
  readonly id: string;
}

export function userCursor({ sort, order }: UserOrder): CursorCodec<Position> {
  const at = { email: z.string().max(320), createdAt: instantText, lastSeenAt: z.union([instantText, z.literal('-infinity')]) }[sort];
  return cursorOf(`users:${sort}:${order}`, z.strictObject({ at, id: z.guid() }));
}

export interface UserList {
  /** In order, after the cursor, at most `limit`, each with its place. */
  readonly rows: readonly ListRow[];
  /** Matches, counted up to 10,000: beyond that nobody needs the number, and counting is what would take long. */
  readonly total: number;
  readonly totalIsExact: boolean;
}

/**
 * Matches that are few enough are all found first, by whatever index finds them, and then put in order. Where that is too
 * many, they are dense enough to meet on the way along the index of the order. Going along that index for few matches
 * could mean reading everybody.
 */
export async function listUsers(database: Queryable, filter: UserFilter, order: UserOrder, after: Position | null, limit: number): Promise<UserList> {
  const conditions = conditionsOf(filter);
  if (conditions.length > 0) {
    const few = await sortMatches(database, conditions, order, after, limit);
    if (few !== null) {
      return few;
    }
  }
  const [{ rows }, { rows: [counted] }] = await Promise.all([
    sql<ListRow>`
      SELECT ${columnsOf(order)} FROM admin_center.user_directory d
      WHERE ${where([...conditions, ...beyond(order, after)])} ${orderBy(order)} LIMIT ${limit}
    `.execute(database),
    sql<{ total: number }>`
      SELECT count(*) AS total FROM (SELECT FROM admin_center.user_directory d WHERE ${where(conditions)} LIMIT ${COUNTED_UP_TO + 1}) matches
    `.execute(database),
  ]);
  return { rows, ...totalOf(counted?.total ?? 0) };
}

/** Null when there are more matches than are worth sorting. */
async function sortMatches(database: Queryable, conditions: readonly Condition[], order: UserOrder, after: Position | null, limit: number): Promise<UserList | null> {
  const { rows } = await sql<ListRow & { readonly total: number }>`
    WITH d AS MATERIALIZED (SELECT * FROM admin_center.user_directory d WHERE ${where(conditions)} LIMIT ${SORTED_UP_TO + 1})
    SELECT page.*, matches.total
    FROM (SELECT count(*) AS total FROM d) matches
    LEFT JOIN LATERAL (
      SELECT ${columnsOf(order)} FROM d WHERE matches.total <= ${SORTED_UP_TO} AND ${where(beyond(order, after))} ${orderBy(order)} LIMIT ${limit}
    ) page ON TRUE
  `.execute(database);
  const total = rows[0]?.total ?? 0;
  return total > SORTED_UP_TO ? null : { rows: rows.filter((row) => row.user_id !== null), ...totalOf(total) };
}

const totalOf = (total: number) => ({ total: Math.min(total, COUNTED_UP_TO), totalIsExact: total <= COUNTED_UP_TO });

const columnsOf = ({ sort }: UserOrder): Condition =>
  sql`d.user_id, d.email, d.name, d.tier, d.state, d.created_at, d.last_seen_at, ${COLUMNS[sort]}::text AS position`;

const orderBy = ({ sort, order }: UserOrder): Condition =>
  order === 'asc' ? sql`ORDER BY ${COLUMNS[sort]}, d.user_id` : sql`ORDER BY ${COLUMNS[sort]} DESC, d.user_id DESC`;

const beyond = ({ sort, order }: UserOrder, after: Position | null): Condition[] =>
  after === null ? [] : [sql`(${COLUMNS[sort]}, d.user_id) ${order === 'asc' ? sql`>` : sql`<`} (${after.at}, ${after.id})`];

export const positionOf = (row: ListRow): Position => ({ at: row.position, id: row.user_id });
