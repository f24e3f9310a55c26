// Which permissions the roles of an admin carry, from the contracts.
import { capabilities } from '@admin-center/contracts/capabilities';
import { ROLES, type Role } from '@admin-center/contracts/capability';

const GRANTS: readonly (readonly [permission: string, roles: readonly Role[]])[] = capabilities.flatMap((capability) =>
  Object.entries(capability.permissions).map(([permission, { roles }]) => [permission, roles] as const),
);

/** Somebody with several roles may do what any of them may. */
export const permissionsOf = (roles: readonly Role[]): ReadonlySet<string> =>
  new Set(GRANTS.filter(([, granted]) => granted.some((role) => roles.includes(role))).map(([permission]) => permission));

/** The role that stands for a person in the audit log and its metric: the first they hold in the order of ROLES. */
export const strongestRole = (roles: readonly Role[]): Role | 'none' => ROLES.find((role) => roles.includes(role)) ?? 'none';
