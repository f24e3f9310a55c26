// Finds the admin behind an identity in the host's `admin` view, on every request: a role that is revoked counts at once.
import { type Role, ROLES } from '@admin-center/contracts/capability';
import { sql } from 'kysely';
import type { Actor, Identity, RequestContext } from '../context.ts';
import type { Queryable } from '../database.ts';
import { denied } from '../errors.ts';
import { permissionsOf, strongestRole } from './permissions.ts';

const isRole = (role: string): role is Role => (ROLES as readonly string[]).includes(role);

/** The identity as nobody in particular: verified, without an admin role. */
export const withoutRole = (identity: Identity): Actor => ({ ...identity, userId: null, roles: [], role: 'none', permissions: new Set() });

/** @throws AppError 403 when two accounts share the address but for its case: either could be meant, so neither is */
export async function findActor(database: Queryable, identity: Identity): Promise<Actor> {
  const { rows } = await sql<{ user_id: string; role: string }>`
    SELECT user_id, role FROM admin_center.admin WHERE lower(email) = lower(${identity.email})
  `.execute(database);
  const accounts = new Set(rows.map((row) => row.user_id));
  if (accounts.size > 1) {
    throw denied('identity_ambiguous', `Several admin accounts have the address ${identity.email}, differing in upper and lower case only.`);
  }
  const [userId = null] = accounts;
  const roles = rows.map((row) => row.role).filter(isRole);
  return { ...identity, userId, roles, role: strongestRole(roles), permissions: permissionsOf(roles) };
}

/**
 * Asked when a request begins, and again before a write is committed: whoever lost the role meanwhile does not get through.
 * @throws AppError 403
 */
export async function checkPermission(database: Queryable, { actor, contract }: RequestContext): Promise<void> {
  requirePermission(await findActor(database, actor), contract.permission);
}

export function requirePermission(actor: Actor, permission: string | null): void {
  if (permission === null || actor.permissions.has(permission)) {
    return;
  }
  throw actor.roles.length === 0
    ? denied('no_admin_role', `${actor.email} has no admin role in this product. A super admin can grant one in the host application.`)
    : denied('permission_missing', `Your role (${actor.roles.join(', ')}) does not include the permission ${permission}.`);
}
