// Writes events into the stream, each message once, in one statement that is its own transaction: one round trip, and what
// it says happened is committed when the answer is here.
import type pg from 'pg';
import type { EventRow, StoredResult } from './event-row.ts';
import { createIdentities, type Identities } from './identities.ts';
import { withMonths } from './months.ts';
import { type Given, type Returned, statementOf, valuesOf } from './statement.ts';

const IDENTITIES_MS = 30_000;
const MOST_IDENTITIES = 100_000;

const STATEMENTS = { resolving: statementOf(true), resolved: statementOf(false) };

/** @returns writes rows of different messages, and says of each what became of it */
export function createInsert(pool: pg.Pool, now: () => number = () => performance.now()): (rows: readonly EventRow[]) => Promise<StoredResult[]> {
  const identities = createIdentities(IDENTITIES_MS, MOST_IDENTITIES, now);
  return async (rows) => {
    const results = rows.map(({ userId }): StoredResult => (userId !== null && identities.of(userId)?.isAdmin === true ? 'admin' : 'accepted'));
    const places = results.flatMap((result, index) => (result === 'accepted' ? [index] : []));
    const given = places.map((index) => resolve(identities, rows[index] as EventRow));
    if (given.length === 0) {
      return results;
    }
    const kind = given.some(({ textId }) => textId !== null) ? 'resolving' : 'resolved';
    // Named: it is prepared once per connection.
    const insert = () => pool.query<Returned>({ name: `insert-events-${kind}`, text: STATEMENTS[kind], values: valuesOf(given) });
    for (const { position, is_admin: isAdmin, is_erased: isErased, text_id: textId, user_id: userId, tier } of (await withMonths(pool, given, insert)).rows) {
      if (position !== null) {
        results[places[position - 1] as number] = isAdmin ? 'admin' : isErased ? 'erased' : 'duplicate';
      } else if (textId !== null && userId !== null && tier !== null) {
        identities.learn(textId, { userId, tier, isAdmin });
      }
    }
    given.forEach(({ visitor, known }) => {
      if (known && visitor !== null) {
        identities.link(visitor);
      }
    });
    return results;
  };
}

function resolve(identities: Identities, { userId, visitor, ...row }: EventRow): Given {
  const identity = userId === null ? null : identities.of(userId);
  return identity === null
    ? { ...row, textId: userId, visitor, known: false, tier: 'free' }
    : { ...row, textId: null, visitor: visitor === null || identities.isLinked(visitor) ? null : visitor, person: identity.userId, known: true, tier: identity.tier };
}
