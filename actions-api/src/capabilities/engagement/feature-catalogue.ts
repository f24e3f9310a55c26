// The catalogue of features: who may use each, behind which flag, and which events are a use of it.
import type { Tier } from '@admin-center/contracts/capability';
import { sql } from 'kysely';
import type { Queryable, Tx } from '../../platform/database.ts';
import { AppError, conflict } from '../../platform/errors.ts';

export interface CatalogueRow {
  readonly key: string;
  readonly title: string;
  readonly tiers: Tier[];
  readonly events: string[];
  readonly flag: string | null;
}

export async function readCatalogue(database: Queryable): Promise<readonly CatalogueRow[]> {
  const { rows } = await sql<CatalogueRow>`SELECT key, title, tiers, events, flag FROM admin_center.feature ORDER BY key`.execute(database);
  return rows;
}

/** Locked until the transaction ends; whoever describes a new one waits for the other. Null: nobody described it yet. */
export async function lockFeature(tx: Tx, key: string): Promise<CatalogueRow | null> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('admin_center.feature', 0))`.execute(tx);
  return (await readCatalogue(tx)).find((row) => row.key === key) ?? null;
}

/** @throws AppError 409 where an event is a use of another feature already, 422 for a flag there is none of */
export async function saveFeature(tx: Tx, { key, title, tiers, events, flag }: CatalogueRow): Promise<CatalogueRow> {
  const taken = (await readCatalogue(tx)).filter((row) => row.key !== key && row.events.some((event) => events.includes(event)));
  if (taken.length > 0) {
    throw conflict('event_taken', `An event is a use of one feature only; ${taken.map((row) => row.title).join(', ')} has one of these already.`);
  }
  if (flag !== null && (await sql`SELECT FROM admin_center.flag WHERE key = ${flag}`.execute(tx)).rows.length === 0) {
    throw new AppError('body_invalid', 422, 'There is no such flag.', { errors: [{ path: 'body.flag', message: 'There is no flag with this key.' }] });
  }
  const { rows } = await sql<CatalogueRow>`
    INSERT INTO admin_center.feature (key, title, tiers, events, flag) VALUES (${key}, ${title}, ${[...new Set(tiers)]}, ${[...new Set(events)]}, ${flag})
    ON CONFLICT (key) DO UPDATE SET (title, tiers, events, flag, updated_at) = (excluded.title, excluded.tiers, excluded.events, excluded.flag, now())
    RETURNING key, title, tiers, events, flag
  `.execute(tx);
  return rows[0] as CatalogueRow;
}

/** Which share of users each flag serves. A flag that is off or killed serves nobody. */
export async function readServed(database: Queryable): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ key: string; served: number }>`
    SELECT key, CASE WHEN state <> 'on' THEN 0 ELSE coalesce((definition #>> '{rollout,percentage}')::double precision / 100, 1) END AS served
    FROM admin_center.flag
  `.execute(database);
  return new Map(rows.map(({ key, served }) => [key, served]));
}
