// The state of funnels against a naive implementation: all orders, windows per step, exclusions, ties, late events, links.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../src/testing.ts';
import { entriesOf, type OracleEvent, type OracleFunnel, resultOf } from './funnel-oracle.ts';

let db: TestDatabase;
let client: pg.PoolClient;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query('CREATE TABLE IF NOT EXISTS admin_center.event_any PARTITION OF admin_center.event DEFAULT');
  client = await db.pool.connect();
});
afterAll(async () => {
  client.release();
  await db.close();
});
beforeEach(() => client.query('TRUNCATE admin_center.event, admin_center.funnel_entry, admin_center.funnel_count, admin_center.first_touch; DELETE FROM admin_center.funnel'));

const HOUR = 3_600_000;
const BEGIN = Date.parse('2026-07-01T00:00:00Z');
const step = (event: string, windowSeconds: number | null = null, feature: string | null = null) => ({ type: 'track', event, feature, property: null, windowSeconds });
const funnelOf = (given: Partial<OracleFunnel>): OracleFunnel => ({ order: 'ordered', windowSeconds: 14 * 86_400, steps: [step('A'), step('B')], exclusions: [], ...given });

async function makeFunnel(definition: OracleFunnel, builtSlices = 64): Promise<number> {
  const { rows } = await client.query<{ funnel_id: number }>('INSERT INTO admin_center.funnel (key, definition, built_slices) VALUES ($1, $2, $3) RETURNING funnel_id', [`f-${randomUUID().slice(0, 8)}`, JSON.stringify(definition), builtSlices]);
  return (rows[0] as { funnel_id: number }).funnel_id;
}

interface Arrival extends OracleEvent {
  readonly person: string;
  readonly known?: boolean;
}

const EVENT_COLUMNS = 'at, person_id, known, type, name, feature, qualifies, tier, country, region, platform, device, os, browser, app_version, properties, message_id';

/** As the rollup does with a batch of the stream. */
async function rollUp(arrivals: readonly Arrival[], links: readonly { readonly from: string; readonly to: string }[] = []): Promise<void> {
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO admin_center.event (at, message_id, person_id, known, source, type, name, feature, qualifies)
     SELECT to_timestamp(at / 1000.0), id, person, known, 'segment', 'track', name, feature, true
     FROM jsonb_to_recordset($1) AS given (at double precision, id uuid, person uuid, known boolean, name text, feature text)`,
    [JSON.stringify(arrivals.map((arrival) => ({ known: true, ...arrival })))],
  );
  await client.query(`CREATE TEMP TABLE rolled_event ON COMMIT DROP AS SELECT (at AT TIME ZONE 'UTC')::date AS day, ${EVENT_COLUMNS} FROM admin_center.event WHERE message_id = ANY ($1)`, [arrivals.map(({ id }) => id)]);
  for (const { from, to } of links) {
    await client.query('UPDATE admin_center.event SET person_id = $2, known = true WHERE person_id = $1', [from, to]);
    await client.query('DELETE FROM rolled_event WHERE person_id = $1', [from]);
    await client.query(`INSERT INTO rolled_event SELECT (at AT TIME ZONE 'UTC')::date, ${EVENT_COLUMNS} FROM admin_center.event WHERE person_id = $1`, [to]);
    await client.query('SELECT admin_center.take_out_funnels(ARRAY[$1::uuid])', [from]);
  }
  await client.query('SELECT admin_center.roll_up_funnels()');
  await client.query('COMMIT');
}

/** Works out so many slices of what is missing; each call is a transaction of its own, as in the job. */
const build = (slices: number) => client.query('SELECT admin_center.build_funnel_slice() FROM generate_series(1, $1)', [slices]);

async function stored(funnelId: number): Promise<unknown[]> {
  const { rows } = await client.query<{ person_id: string; day: string; first_at: Date; last_at: Date; reached_at: Date[]; open_until: Date }>(
    'SELECT person_id, day::text, first_at, last_at, reached_at, open_until FROM admin_center.funnel_entry WHERE funnel_id = $1 ORDER BY person_id, day', [funnelId],
  );
  return rows.map((row) => ({ person: row.person_id, day: row.day, firstAt: row.first_at.getTime(), lastAt: row.last_at.getTime(), reachedAt: row.reached_at.map((at) => at.getTime()), openUntil: row.open_until.getTime() }));
}

function expected(funnel: OracleFunnel, histories: ReadonlyMap<string, readonly OracleEvent[]>): unknown[] {
  return [...histories].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([person, history]) => entriesOf(funnel, history).toSorted((a, b) => (a.day < b.day ? -1 : 1)).map((entry) => ({ person, ...entry })));
}

const settle = (at: number) => client.query('SELECT admin_center.settle_funnels(to_timestamp($1))', [at / 1_000]);
const dayOf = (day: number): string => new Date(BEGIN + day * 24 * HOUR).toISOString().slice(0, 10);

/** What the counts say of all entries from one of these days to another. */
async function counted(funnelId: number, steps: number): Promise<unknown[]> {
  const { rows } = await client.query(
    `SELECT since::text AS "from", until::text AS "to", array_agg(users ORDER BY step) AS reached, sum(pending)::integer AS pending, sum(dropped)::integer AS dropped, min(least(pending, dropped)) < 0 AS negative
     FROM generate_series($3::date, $3::date + interval '8 days', interval '1 day') AS since
     CROSS JOIN generate_series(since, $3::date + interval '8 days', interval '1 day') AS until
     CROSS JOIN LATERAL admin_center.funnel_bars($1, $2, since::date, until::date)
     GROUP BY since, until ORDER BY since, until`,
    [funnelId, steps, dayOf(-1)],
  );
  return rows.map((row) => ({ ...row, from: row.from.slice(0, 10), to: row.to.slice(0, 10) }));
}

function expectedCounts(funnel: OracleFunnel, histories: ReadonlyMap<string, readonly OracleEvent[]>, asOf: number): unknown[] {
  const days = Array.from({ length: 9 }, (_, index) => dayOf(index - 1));
  return days.flatMap((from, index) => days.slice(index).map((to) => {
    const { reached, pending, dropped } = resultOf(funnel, [...histories.values()], from, to, asOf);
    return { from, to, reached, pending, dropped, negative: false };
  }));
}

const id = (): string => randomUUID();

test('the golden vector: dated by entry, converted past the filter, pending apart', async () => {
  const funnel = funnelOf({});
  const funnelId = await makeFunnel(funnel);
  const people = Array.from({ length: 5 }, id);
  const at = (person: number, name: string, when: string): Arrival => ({ id: id(), person: people[person - 1] as string, name, at: Date.parse(when) });
  await rollUp([
    at(1, 'A', '2026-07-31T12:00Z'), at(1, 'B', '2026-08-14T11:59Z'),
    at(2, 'A', '2026-07-10T00:00Z'), at(2, 'B', '2026-07-25T00:00Z'),
    at(3, 'A', '2026-07-20T00:00Z'), at(3, 'A', '2026-07-30T00:00Z'), at(3, 'B', '2026-08-05T00:00Z'),
    at(4, 'B', '2026-07-02T00:00Z'), at(4, 'A', '2026-07-03T00:00Z'),
    at(5, 'A', '2026-07-31T23:00Z'),
  ]);
  const { rows } = await client.query(
    `SELECT count(*)::integer AS entered, count(*) FILTER (WHERE converted)::integer AS converted, count(*) FILTER (WHERE NOT converted AND open)::integer AS pending,
       count(*) FILTER (WHERE NOT converted AND NOT open)::integer AS dropped, max(took)::text AS took
     FROM (
       SELECT person_id, bool_or(cardinality(reached_at) = 2) AS converted, bool_or(open_until > '2026-08-14 12:30Z') AS open, max(reached_at[2] - reached_at[1]) AS took
       FROM admin_center.funnel_entry WHERE funnel_id = $1 AND day >= '2026-07-01' AND day < '2026-08-01' GROUP BY person_id
     ) AS person`,
    [funnelId],
  );
  expect(rows).toEqual([{ entered: 5, converted: 2, pending: 1, dropped: 2, took: '13 days 23:59:00' }]);
});

const names = fc.constantFrom('A', 'A', 'B', 'B', 'C', 'D', 'X', 'Y');
const features = fc.constantFrom(null, null, 'chat', 'share');
const windows = fc.constantFrom(null, null, 3_600, 4 * 3_600, 86_400);
const someFunnel: fc.Arbitrary<OracleFunnel> = fc
  .record({
    order: fc.constantFrom('ordered', 'strict', 'any'),
    windowSeconds: fc.constantFrom(2 * 3_600, 86_400, 3 * 86_400),
    steps: fc.array(fc.record({ event: fc.constantFrom('A', 'B', 'C', 'D'), feature: fc.constantFrom(null, null, null, 'chat'), windowSeconds: windows }), { minLength: 2, maxLength: 4 }),
    exclusions: fc.array(fc.record({ event: fc.constantFrom('X', 'Y', 'B'), feature: fc.constant(null), after: fc.integer({ min: 1, max: 3 }), length: fc.integer({ min: 1, max: 3 }) }), { maxLength: 2 }),
  })
  .map(({ steps, exclusions, ...rest }) => ({
    ...rest,
    steps: steps.map((given, index) => ({ ...given, type: 'track', property: null, windowSeconds: index === 0 ? null : given.windowSeconds })),
    exclusions: exclusions
      .map(({ after, length, ...given }) => ({ ...given, type: 'track', property: null, after: Math.min(after, steps.length - 1), before: Math.min(Math.min(after, steps.length - 1) + length, steps.length) })),
  }) as OracleFunnel);
/** Whole hours of six days, so that ties and edges of windows happen. */
const someEvents = fc.array(fc.record({ hour: fc.nat({ max: 140 }), name: names, feature: features, person: fc.nat({ max: 7 }), batch: fc.nat({ max: 2 }) }), { maxLength: 70 });

test('whatever happens in whatever batches, the state is that of every choice of events tried', async () => {
  await fc.assert(
    fc.asyncProperty(someFunnel, someEvents, fc.array(fc.record({ from: fc.nat({ max: 3 }), to: fc.integer({ min: 4, max: 7 }), batch: fc.nat({ max: 2 }) }), { maxLength: 2 }), fc.nat({ max: 7 }), fc.array(fc.nat({ max: 64 }), { minLength: 3, maxLength: 3 }), fc.array(fc.nat({ max: 220 }), { minLength: 4, maxLength: 4 }), async (funnel, happened, linked, erased, slices, settled) => {
      await client.query('TRUNCATE admin_center.event, admin_center.funnel_entry, admin_center.funnel_count, admin_center.first_touch; DELETE FROM admin_center.funnel');
      const funnelId = await makeFunnel(funnel, 0);
      const people = Array.from({ length: 8 }, id);
      const owner = new Map(people.map((person) => [person, person]));
      const histories = new Map<string, OracleEvent[]>();
      for (const batch of [0, 1, 2]) {
        const arrivals = happened.filter((event) => event.batch === batch).map(({ hour, name, feature, person }) => ({ id: id(), at: BEGIN + hour * HOUR, name, feature, person: owner.get(people[person] as string) as string, known: person > 3 }));
        const links = linked.filter((link) => link.batch === batch && owner.get(people[link.from] as string) === people[link.from]).map(({ from, to }) => ({ from: people[from] as string, to: people[to] as string }));
        const once = links.filter(({ from }, index) => links.findIndex((other) => other.from === from) === index);
        for (const { person, ...event } of arrivals) {
          histories.set(person, [...(histories.get(person) ?? []), event]);
        }
        for (const { from, to } of once) {
          owner.set(from, to);
          histories.set(to, [...(histories.get(to) ?? []), ...(histories.get(from) ?? [])]);
          histories.delete(from);
        }
        await build(slices[batch] as number);
        await settle(BEGIN + (settled[batch] as number) * HOUR);
        await rollUp(arrivals, once);
      }
      await build(64);
      const gone = people[erased] as string;
      await client.query('SELECT admin_center.take_out_funnels(ARRAY[$1::uuid])', [gone]);
      histories.delete(gone);
      const rolled = await stored(funnelId);
      expect(rolled).toEqual(expected(funnel, histories));
      const asOf = BEGIN + (settled[3] as number) * HOUR;
      await settle(asOf);
      expect(await counted(funnelId, funnel.steps.length)).toEqual(expectedCounts(funnel, histories, asOf));
      for (const { reachedAt } of rolled as { reachedAt: number[] }[]) {
        expect((reachedAt.at(-1) as number) - (reachedAt[0] as number)).toBeLessThanOrEqual(funnel.windowSeconds * 1_000);
      }
      // A build from the stream comes to the same.
      await client.query('DELETE FROM admin_center.event WHERE person_id = $1', [gone]);
      await client.query('SELECT admin_center.empty_funnels()');
      await build(64);
      expect(await stored(funnelId)).toEqual(rolled);
      expect(await counted(funnelId, funnel.steps.length)).toEqual(expectedCounts(funnel, histories, asOf));
    }),
    { numRuns: 50 },
  );
}, 240_000);
