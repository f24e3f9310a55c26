// Project keys in the database.
import type { ProjectKeyRow } from '@admin-center/contracts/core-keys';
import { sql } from 'kysely';
import type { Queryable, Tx } from '../../platform/database.ts';
import { type Environment, type NewKey, prefixOf } from '@admin-center/platform/project-key';
import type { KeyKind } from '../../platform/project-keys/policy.ts';

const MOST_LISTED = 200;

interface Row {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly kind: KeyKind;
  readonly environment: Environment;
  readonly last4: string;
  readonly state: ProjectKeyRow['state'];
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly replaced_by: string | null;
  readonly last_used_at: Date | null;
}

const SHOWN = sql`
  id, name, project, kind, environment, last4, created_at, expires_at, revoked_at, replaced_by, last_used_at,
  CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= now() THEN 'expired' WHEN expires_at IS NOT NULL THEN 'expiring' ELSE 'active' END AS state
`;

const toKey = (row: Row): ProjectKeyRow => ({
  id: row.id, name: row.name, project: row.project, kind: row.kind, environment: row.environment,
  prefix: prefixOf(row.environment, row.id),
  last4: row.last4,
  state: row.state,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
  replacedBy: row.replaced_by,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
});

export async function listKeys(database: Queryable): Promise<ProjectKeyRow[]> {
  const { rows } = await sql<Row>`SELECT ${SHOWN} FROM admin_center.project_key ORDER BY created_at DESC, id DESC LIMIT ${MOST_LISTED}`.execute(database);
  return rows.map(toKey);
}

/** Locked until the transaction ends. Null: there is no such key. */
export async function lockKey(tx: Tx, id: string): Promise<ProjectKeyRow | null> {
  const { rows } = await sql<Row>`SELECT ${SHOWN} FROM admin_center.project_key WHERE id = ${id} FOR UPDATE`.execute(tx);
  return rows[0] === undefined ? null : toKey(rows[0]);
}

export interface KeyDetails {
  readonly name: string;
  readonly project: string;
  readonly kind: KeyKind;
  readonly environment: Environment;
  readonly expiresAt?: string | undefined;
}

export async function insertKey(tx: Tx, key: NewKey, details: KeyDetails, createdBy: string | null): Promise<void> {
  await sql`
    INSERT INTO admin_center.project_key (id, project, name, kind, environment, secret_hash, last4, created_by, expires_at)
    VALUES (${key.id}, ${details.project}, ${details.name}, ${details.kind}, ${details.environment}, ${key.secretHash}, ${key.last4}, ${createdBy}, ${details.expiresAt ?? null})
  `.execute(tx);
}

/** An end that is nearer already stays. */
export async function replaceKey(tx: Tx, id: string, replacedBy: string, overlapHours: number): Promise<void> {
  await sql`
    UPDATE admin_center.project_key
    SET replaced_by = ${replacedBy}, expires_at = least(expires_at, now() + ${overlapHours}::integer * interval '1 hour')
    WHERE id = ${id}
  `.execute(tx);
}

export async function revokeKey(tx: Tx, id: string): Promise<void> {
  await sql`UPDATE admin_center.project_key SET revoked_at = now() WHERE id = ${id}`.execute(tx);
}
