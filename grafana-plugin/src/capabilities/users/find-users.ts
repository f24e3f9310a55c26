// Users as choices of a field, found as one types.
import { users } from '@admin-center/contracts/users';
import type { ComboboxOption } from '@grafana/ui';
import { call } from '../../platform/api.ts';
import { givenName } from './names.ts';

const MOST = 10;

export async function findUsers(typed: string): Promise<Array<ComboboxOption<string>>> {
  const { items } = await call(users.endpoints.list, { query: { q: typed.trim() || undefined, state: 'active', limit: MOST } });
  return items.map((user) => ({ value: user.id, label: user.email, description: `${givenName(user) ?? 'no name'}, ${user.tier}` }));
}
