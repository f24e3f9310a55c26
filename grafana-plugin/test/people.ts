// The demo's admins, as /api/v1/me answers for them.
import type { Role } from '@admin-center/contracts/capability';
import { capabilities } from '@admin-center/contracts/capabilities';
import type { Me } from '@admin-center/contracts/core';

const person = (name: string, role: Role | undefined): Me => ({
  user: { id: null, email: `${name.toLowerCase()}@acme.example`, name },
  roles: role ? [role] : [],
  permissions: capabilities.flatMap(({ permissions }) => Object.entries(permissions).filter(([, { roles }]) => role !== undefined && roles.includes(role)).map(([permission]) => permission)),
});

export const ADA = person('Ada', 'super_admin');
export const SAM = person('Sam', 'support_admin');
export const FIN = person('Fin', 'finance_admin');
export const VIC = person('Vic', undefined);
