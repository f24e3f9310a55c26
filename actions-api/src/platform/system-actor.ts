// Who acts where no admin does: the product itself, such as the job that ends a session or the exchange of a code that
// the host sends. Such an actor has no account, no role of a person and no permission.
import type { Actor } from './context.ts';

/** @param name of the part that acts, in lower case, such as `impersonation-sweep` */
export const systemActor = (name: string): Actor => ({
  subject: `system:${name}`,
  email: '',
  name: null,
  userId: null,
  roles: [],
  role: 'system',
  permissions: new Set(),
});
