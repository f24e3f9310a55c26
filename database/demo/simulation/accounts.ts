// Sign-ups as they happen, and who may use the product at this very moment.
import { sql, type Transaction } from 'kysely';
import { accountOf } from '../accounts.ts';
import { citizenOf } from '../citizens.ts';
import { dayOf } from '../calendar.ts';
import type { HostTables } from '../tables.ts';
import { rememberUser } from './agenda.ts';
import { planOfDay, settle, type World } from './world.ts';

/** Inserts those who sign up after `from` and up to `to`. @returns how many */
export async function signUp(tx: Transaction<HostTables>, world: World, from: number, to: number): Promise<number> {
  let count = 0;
  for (let day = dayOf(from); day <= dayOf(to); day += 1) {
    for (const person of planOfDay(world, day).arrivals) {
      if (person.createdAt > from && person.createdAt <= to && !world.byId.has(person.id)) {
        const account = accountOf(person, world.taken, null);
        // Changed now, whenever it was created: readers that look for what has changed must find it after a pause, too.
        await tx.insertInto('users').values({ ...account, updated_at: sql`now()` }).onConflict((conflict) => conflict.doNothing()).execute();
        settle(world, citizenOf(person, account.jwt_id, null, []));
        rememberUser(world.company, world.agenda, person, []);
        count += 1;
      }
    }
  }
  return count;
}

/**
 * Which of these users are neither suspended nor deleted. Holds their rows until the transaction ends, so that nobody
 * signs in behind the back of a suspension that happens at the same time.
 */
export async function lockUsable(tx: Transaction<HostTables>, userIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (userIds.length === 0) {
    return new Set();
  }
  const { rows } = await sql<{ id: string }>`
    SELECT id
    FROM public.users
    WHERE id = ANY (${userIds})
      AND NOT coalesce(is_suspended, false)
      AND deleted_at IS NULL
      AND metadata ->> 'is_deleted' IS DISTINCT FROM 'true'
    ORDER BY id
    FOR SHARE`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}
