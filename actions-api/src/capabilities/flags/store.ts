// Where flags and their versions are kept. A version is written with each change and never again.
import type { FLAG_CHANGES } from '@admin-center/contracts/flags';
import { flagDefinition } from '@admin-center/contracts/flags-definition';
import { sql } from 'kysely';
import type { Actor } from '../../platform/context.ts';
import type { Queryable, Tx } from '../../platform/database.ts';
import { notFound } from '../../platform/errors.ts';
import type { Served } from './compile.ts';

export interface StoredFlag extends Served {
  readonly version: number;
  readonly experimentStartedAt: Date | null;
  readonly experimentStoppedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

interface FlagRow {
  readonly key: string;
  readonly salt: string;
  readonly state: Served['state'];
  readonly version: number;
  readonly definition: unknown;
  readonly experiment_state: Served['experimentState'];
  readonly experiment_started_at: Date | null;
  readonly experiment_stopped_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** A stored definition is filled up with what definitions have learned since. */
const flagOf = (row: FlagRow): StoredFlag => ({
  key: row.key, salt: row.salt, state: row.state, version: row.version, definition: flagDefinition.parse(row.definition),
  experimentState: row.experiment_state, experimentStartedAt: row.experiment_started_at, experimentStoppedAt: row.experiment_stopped_at,
  createdAt: row.created_at, updatedAt: row.updated_at,
});

export async function readFlags(database: Queryable): Promise<StoredFlag[]> {
  const { rows } = await sql<FlagRow>`SELECT * FROM admin_center.flag ORDER BY key`.execute(database);
  return rows.map(flagOf);
}

/** All that is served, archived flags left out. */
export async function readServed(database: Queryable): Promise<StoredFlag[]> {
  const { rows } = await sql<FlagRow>`SELECT * FROM admin_center.flag WHERE state <> 'archived' ORDER BY key`.execute(database);
  return rows.map(flagOf);
}

export async function findFlag(database: Queryable, key: string): Promise<StoredFlag | null> {
  const { rows } = await sql<FlagRow>`SELECT * FROM admin_center.flag WHERE key = ${key}`.execute(database);
  return rows[0] === undefined ? null : flagOf(rows[0]);
}

/** @throws AppError 404 */
export async function readFlag(database: Queryable, key: string): Promise<StoredFlag> {
  const flag = await findFlag(database, key);
  if (flag === null) {
    throw notFound('flag');
  }
  return flag;
}

/** Changes of flags come one after the other, since prerequisites and exclusion groups tie flags together. */
export async function lockFlags(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('admin_center.flags', 0))`.execute(tx);
}

/** What a change leaves behind. */
export type NextFlag = Pick<Served, 'state' | 'definition' | 'experimentState'>;

export interface Edit {
  readonly change: (typeof FLAG_CHANGES)[number];
  readonly actor: Actor;
  readonly reason: string;
  readonly revertedTo?: number;
}

const kindOf = ({ role }: Actor): 'admin' | 'system' => (role === 'system' ? 'system' : 'admin');

export async function insertFlag(tx: Tx, key: string, salt: string, next: NextFlag, edit: Edit): Promise<void> {
  await sql`
    INSERT INTO admin_center.flag (key, salt, state, definition, experiment_state)
    VALUES (${key}, ${salt}, ${next.state}, ${JSON.stringify(next.definition)}::jsonb, ${next.experimentState})
  `.execute(tx);
  await keepVersion(tx, key, 1, next, edit);
}

/** Writes the change as the version after `flag.version`. The caller holds lockFlags. */
export async function writeFlag(tx: Tx, flag: StoredFlag, next: NextFlag, edit: Edit): Promise<void> {
  const starts = next.experimentState === 'running' && flag.experimentState !== 'running';
  const stops = next.experimentState !== 'running' && flag.experimentState === 'running';
  await sql`
    UPDATE admin_center.flag SET
      state = ${next.state}, definition = ${JSON.stringify(next.definition)}::jsonb, version = version + 1, updated_at = clock_timestamp(),
      experiment_state = ${next.experimentState},
      experiment_started_at = CASE WHEN ${starts} THEN clock_timestamp() WHEN ${next.experimentState === null} THEN NULL ELSE experiment_started_at END,
      experiment_stopped_at = CASE WHEN ${stops} THEN clock_timestamp() WHEN ${starts || next.experimentState === null} THEN NULL ELSE experiment_stopped_at END
    WHERE key = ${flag.key}
  `.execute(tx);
  await keepVersion(tx, flag.key, flag.version + 1, next, edit);
}

async function keepVersion(tx: Tx, key: string, version: number, next: NextFlag, { change, actor, reason, revertedTo }: Edit): Promise<void> {
  await sql`
    INSERT INTO admin_center.flag_version (flag, version, change, state, definition, experiment_state, reverted_to, actor_subject, actor_id, reason)
    VALUES (${key}, ${version}, ${change}, ${next.state}, ${JSON.stringify(next.definition)}::jsonb, ${next.experimentState}, ${revertedTo ?? null}, ${actor.subject}, ${actor.userId}, ${reason})
  `.execute(tx);
  await countChange(tx, actor, change);
}

/** In the transaction of the change. */
export async function countChange(tx: Tx, actor: Actor, change: Edit['change']): Promise<void> {
  await sql`SELECT admin_center.tally_add('admincenter_flag_changes_total', ${JSON.stringify({ actor_kind: kindOf(actor), change })}::jsonb)`.execute(tx);
}
