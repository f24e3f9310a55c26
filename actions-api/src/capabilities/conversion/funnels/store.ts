// Where funnels and their versions are kept.
import { funnelDefinition, type FUNNEL_CHANGES, type Funnel, type FunnelDefinition } from '@admin-center/contracts/conversion-funnels';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Actor } from '../../../platform/context.ts';
import { cursorOf, pageOf } from '../../../platform/cursor.ts';
import type { Queryable, Tx } from '../../../platform/database.ts';
import { notFound } from '../../../platform/errors.ts';
import { actorOf } from '../../flags/versions.ts';

/** Persons are cut into so many slices, which the job works out one after the other. */
const SLICES = 64;
const GONE = 'erased';

export interface StoredFunnel {
  readonly id: number;
  readonly key: string;
  readonly state: Funnel['state'];
  readonly version: number;
  readonly definition: FunnelDefinition;
  readonly builtSlices: number;
  readonly builtAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

interface Row {
  readonly funnel_id: number;
  readonly key: string;
  readonly state: Funnel['state'];
  readonly version: number;
  readonly definition: unknown;
  readonly built_slices: number;
  readonly built_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const funnelOf = (row: Row): StoredFunnel => ({
  id: row.funnel_id, key: row.key, state: row.state, version: row.version, definition: funnelDefinition.parse(row.definition),
  builtSlices: row.built_slices, builtAt: row.built_at, createdAt: row.created_at, updatedAt: row.updated_at,
});

export const buildOf = ({ builtSlices, builtAt }: StoredFunnel): Funnel['build'] => ({ progress: builtSlices / SLICES, builtAt: builtAt?.toISOString() ?? null });

export const shown = (funnel: StoredFunnel): Funnel => ({
  key: funnel.key, state: funnel.state, version: funnel.version, definition: funnel.definition, build: buildOf(funnel),
  createdAt: funnel.createdAt.toISOString(), updatedAt: funnel.updatedAt.toISOString(),
});

export async function findFunnel(database: Queryable, key: string): Promise<StoredFunnel | null> {
  const { rows } = await sql<Row>`SELECT * FROM admin_center.funnel WHERE key = ${key}`.execute(database);
  return rows[0] === undefined ? null : funnelOf(rows[0]);
}

/** @throws AppError 404 */
export async function readFunnel(database: Queryable, key: string): Promise<StoredFunnel> {
  const funnel = await findFunnel(database, key);
  if (funnel === null) {
    throw notFound('funnel');
  }
  return funnel;
}

/** Changes of one funnel come one after the other, its creation with them. */
export async function lockFunnel(tx: Tx, key: string): Promise<StoredFunnel | null> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`admin_center.funnel:${key}`}, 0))`.execute(tx);
  return findFunnel(tx, key);
}

export interface FunnelFilter {
  readonly q?: string | undefined;
  readonly state?: Funnel['state'] | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

const listCursor = cursorOf('conversion:funnels', z.string().max(63));

export async function listFunnels(database: Queryable, { q, state, cursor, limit }: FunnelFilter): Promise<{ items: Funnel[]; nextCursor: string | null }> {
  const after = cursor === undefined ? '' : listCursor.decode(cursor);
  const { rows } = await sql<Row>`
    SELECT * FROM admin_center.funnel
    WHERE key > ${after} AND (${q ?? ''} = '' OR strpos(lower(key || ' ' || (definition ->> 'name')), lower(${q ?? ''})) > 0) AND state = ${state ?? 'active'}
    ORDER BY key LIMIT ${limit + 1}
  `.execute(database);
  const cut = pageOf(rows, limit, (last) => listCursor.encode(last.key));
  return { items: cut.items.map((row) => shown(funnelOf(row))), nextCursor: cut.nextCursor };
}

export interface Edit {
  readonly change: (typeof FUNNEL_CHANGES)[number];
  readonly actor: Actor;
  readonly reason: string;
}

export async function insertFunnel(tx: Tx, key: string, definition: FunnelDefinition, edit: Edit): Promise<void> {
  await sql`INSERT INTO admin_center.funnel (key, definition) VALUES (${key}, ${JSON.stringify(definition)}::jsonb)`.execute(tx);
  await keepVersion(tx, key, edit);
}

/** @param rebuild whether its past has to be worked out again */
export async function writeFunnel(tx: Tx, key: string, next: Pick<StoredFunnel, 'state' | 'definition'>, rebuild: boolean, edit: Edit): Promise<void> {
  await sql`
    UPDATE admin_center.funnel SET
      state = ${next.state}, definition = ${JSON.stringify(next.definition)}::jsonb, version = version + 1, updated_at = clock_timestamp(),
      built_slices = CASE WHEN ${rebuild} THEN 0 ELSE built_slices END, built_at = CASE WHEN ${rebuild} THEN NULL ELSE built_at END
    WHERE key = ${key}
  `.execute(tx);
  await keepVersion(tx, key, edit);
}

async function keepVersion(tx: Tx, key: string, { change, actor, reason }: Edit): Promise<void> {
  await sql`
    INSERT INTO admin_center.funnel_version (funnel_id, version, change, state, definition, actor_subject, actor_id, reason)
    SELECT funnel_id, version, ${change}, state, definition, ${actor.subject}, ${actor.userId}::uuid, ${reason} FROM admin_center.funnel WHERE key = ${key}
  `.execute(tx);
}

/** Its versions go with it. */
export const deleteFunnel = (tx: Tx, key: string): Promise<unknown> => sql`DELETE FROM admin_center.funnel WHERE key = ${key}`.execute(tx);

interface VersionRow {
  readonly version: number;
  readonly at: Date;
  readonly change: Edit['change'];
  readonly state: Funnel['state'];
  readonly definition: unknown;
  readonly actor_subject: string;
  readonly email: string | null;
  readonly reason: string | null;
}

const versionCursor = cursorOf('conversion:funnel-versions', z.number().int());

/** @throws AppError 404 */
export async function readHistory(database: Queryable, key: string, page: { readonly cursor?: string | undefined; readonly limit: number }) {
  const { id } = await readFunnel(database, key);
  const before = page.cursor === undefined ? null : versionCursor.decode(page.cursor);
  const { rows } = await sql<VersionRow>`
    SELECT v.version, v.at, v.change, v.state, v.definition, v.actor_subject, a.email, v.reason
    FROM admin_center.funnel_version v LEFT JOIN admin_center.account a ON a.user_id = v.actor_id
    WHERE v.funnel_id = ${id} AND (${before}::integer IS NULL OR v.version < ${before})
    ORDER BY v.version DESC LIMIT ${page.limit + 1}
  `.execute(database);
  const cut = pageOf(rows, page.limit, (last) => versionCursor.encode(last.version));
  return {
    nextCursor: cut.nextCursor,
    items: cut.items.map((row) => ({
      version: row.version, at: row.at.toISOString(), by: actorOf(row.actor_subject, row.email), change: row.change, reason: row.reason ?? GONE,
      state: row.state, definition: funnelDefinition.parse(row.definition),
    })),
  };
}
