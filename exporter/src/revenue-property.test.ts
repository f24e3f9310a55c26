// D8 on 10,000 random billing histories: the movements of each currency are, to the cent, what an independent oracle says,
// and they add up. Also for logos (D6).
import { describe, expect, test } from '@jest/globals';
import { insertUsers, randomUsers } from '../test/billing-histories.ts';
import { logoMovements, type Movements, type OracleUser, revenueMovements } from '../test/billing-oracle.ts';
import { freshDatabase } from '../test/fresh-database.ts';
import { readSteps } from './collector.ts';
import { subscriptions } from './collectors/subscriptions.ts';
import { createFacts, type Facts } from './facts.ts';
import { inSnapshot } from './snapshot.ts';

const HISTORIES = 10_000;
const SEED = 20_241_115;
const INSTANTS = ['2023-02-11T07:30:00Z', '2023-06-30T00:00:00Z', '2023-12-31T23:59:59Z', '2024-03-01T12:00:00Z', '2024-09-09T09:09:09Z'].map((text) => new Date(text));

const fresh = freshDatabase({ keep: true });

const nothing = (): Movements => ({ start: 0, end: 0, new: 0, reactivation: 0, expansion: 0, contraction: 0, churn: 0 });

/** What the exporter's facts say, in minor units. */
function movementsOf(facts: Facts, window: string): { byCurrency: Map<string, Movements>; users: Movements } {
  const byCurrency = new Map<string, Movements>();
  const users = { ...nothing(), end: facts.sum('paying') };
  const of = (currency: string | undefined): Movements => {
    if (currency === undefined) {
      return users;
    }
    const found = byCurrency.get(currency) ?? nothing();
    byCurrency.set(currency, found);
    return found;
  };
  for (const { labels, value } of facts.totals('movement')) {
    if (labels['window'] === window) {
      of(labels['currency'])[labels['component'] as keyof Movements] += value;
    }
  }
  for (const { labels, value } of facts.totals('mrr')) {
    of(labels['currency']).end += value;
  }
  return { byCurrency, users };
}

const zeroesLeftOut = (movements: ReadonlyMap<string, Movements>) => Object.fromEntries([...movements].filter(([, sums]) => Object.values(sums).some((value) => value !== 0)).sort());
const balance = ({ start, end, new: joined, reactivation, expansion, contraction, churn }: Movements): number => end - start - (joined + reactivation + expansion - contraction - churn);

describe(`${HISTORIES} random billing histories`, () => {
  test('move as the oracle says, and every currency adds up to the cent', async () => {
    const users: OracleUser[] = randomUsers(HISTORIES, SEED);
    await insertUsers(fresh.database.pool, users);
    await fresh.database.pool.query('ANALYZE');
    const rows = await inSnapshot(fresh.pool, 110_000, (client) => readSteps(client, subscriptions, INSTANTS));
    const facts = createFacts();
    for (const [step, at] of INSTANTS.entries()) {
      rows.filter((row) => row.step === step).forEach(facts.apply);
      for (const [window, days] of [['30d', 30], ['90d', 90]] as const) {
        const found = movementsOf(facts, window);
        expect(zeroesLeftOut(found.byCurrency)).toEqual(zeroesLeftOut(revenueMovements(users, at, days)));
        expect(found.users).toEqual(logoMovements(users, at, days));
        expect([...found.byCurrency.values(), found.users].map(balance).filter((difference) => difference !== 0)).toEqual([]);
      }
    }
  }, 180_000);

  test('exercise every movement', () => {
    const seen = revenueMovements(randomUsers(HISTORIES, SEED), INSTANTS[2] as Date, 30).get('USD');
    expect(Object.entries(seen ?? {}).filter(([, value]) => value === 0)).toEqual([]);
  });
});
