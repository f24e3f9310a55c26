// The users behind a cell. A cell that is too small to be shown is too small to be listed.
import { LEAST_USERS } from '@admin-center/contracts/distribution';
import type { PersonRow } from '@admin-center/contracts/fields';
import { z } from 'zod';
import { cursorOf, pageOf } from '../../platform/cursor.ts';
import type { Queryable } from '../../platform/database.ts';
import { AppError } from '../../platform/errors.ts';
import { type Days, requireFew } from './days.ts';
import { type Cell, countWithin, readCell, readPersons } from './store.ts';

const personCursor = cursorOf('distribution:users', z.guid());

export async function listUsers(database: Queryable, days: Days, cell: Cell, filter: Cell | null, { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number }): Promise<{ items: PersonRow[]; nextCursor: string | null }> {
  const after = cursor === undefined ? null : personCursor.decode(cursor);
  const cells = filter === null ? [cell] : [cell, filter];
  await requireFew(database, days, filter ?? cell);
  const users = filter === null ? await readCell(database, days, cell) : await countWithin(database, days, cells);
  if (users > 0 && users < LEAST_USERS) {
    throw new AppError('cell_too_small', 422, `Fewer than ${LEAST_USERS} users are in this cell, so they are not listed. Choose a wider one.`);
  }
  const cut = pageOf(await readPersons(database, days, cells, after, limit + 1), limit, (last) => personCursor.encode(last.id));
  return { nextCursor: cut.nextCursor, items: cut.items.map(({ id, email, tier, last_seen_at: seen }) => ({ id, email, tier: tier ?? 'free', lastSeenAt: seen?.toISOString() ?? null })) };
}
