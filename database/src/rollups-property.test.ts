// Whatever happens to the stream, in whatever order and however it is cut: every count is what the stream says.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type pg from 'pg';
import { COMPARED, NAIVE_EVENT } from '../testing/naive-rollups.ts';
import { lengths, naiveSessions, perWeek, platformChanges } from '../testing/naive-sessions.ts';
import { rollUpEverything } from './roll-up.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 25);
const START = Date.UTC(2026, 7, 20);
const MINUTE_MS = 60_000;
const person = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const USERS = [1, 2, 3].map(person);
const VISITORS = [11, 12, 13].map(person);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(NAIVE_EVENT);
  await database.pool.query("SELECT admin_center.ensure_event_partitions('2026-07-01', '2027-01-01')");
});
afterAll(() => database.close());

// Minutes that make sessions join and be cut, days that make weeks and months turn; most events are near others.
const minute = fc.oneof(
  fc.integer({ min: 0, max: 60 * 24 * 70 }),
  fc.integer({ min: 0, max: 100 }).map((n) => n * 30),
  fc.tuple(fc.integer({ min: 0, max: 70 }), fc.constantFrom(-31, -30, -1, 0, 1, 29, 30)).map(([day, edge]) => Math.max(0, day * 1440 + edge)),
);
const happening = fc.record({
  who: fc.constantFrom(...USERS, ...VISITORS),
  minute,
  name: fc.constantFrom('Chat Sent', 'Chat Sent', 'Tunnel Started', 'Heartbeat'),
  type: fc.constantFrom('track', 'track', 'track', 'page'),
  feature: fc.constantFrom(null, 'chat', 'tunnel'),
  tier: fc.constantFrom('free', 'premium'),
  country: fc.constantFrom('DK', 'DE'),
  region: fc.constantFrom(null, 'DE-BE'),
  platform: fc.constantFrom('web', 'desktop', 'mobile'),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;
/** Many events of one user a quarter of an hour apart, so that 24 hours are passed. */
const marathon = fc.record({ first: happening, count: fc.integer({ min: 40, max: 220 }), step: fc.constantFrom(7, 15, 30) })
  .map(({ first, count, step }) => Array.from({ length: count }, (_, i): Happening => ({ ...first, type: 'track', name: 'Chat Sent', minute: first.minute + i * step })));

const step = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('write' as const), lane: fc.constantFrom(0, 1, 2), events: fc.array(happening, { minLength: 1, maxLength: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('write' as const), lane: fc.constantFrom(0, 1), events: marathon.map((all) => all.filter((_, i) => i % 3 !== 1)) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('roll up' as const), most: fc.constantFrom(1, 3, 10, 1_000) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('link' as const), lane: fc.constantFrom(0, 1, 2), visitor: fc.constantFrom(...VISITORS), user: fc.constantFrom(...USERS) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('commit' as const), lane: fc.constantFrom(1, 2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('erase' as const), user: fc.constantFrom(...USERS) }) },
);

async function write(client: pg.ClientBase, events: readonly Happening[]): Promise<void> {
  for (const table of ['admin_center.event', 'original_event']) {
    await client.query(
      `INSERT INTO ${table} (at, message_id, person_id, known, source, type, name, feature, qualifies, tier, country, region, platform)
       SELECT at, gen_random_uuid(), who, who = ANY($2), 'segment', type, name, feature, type = 'track' AND name <> 'Heartbeat' AND who = ANY($2), tier, country, region, platform
       FROM jsonb_to_recordset($1) AS e (at timestamptz, who uuid, type text, name text, feature text, tier text, country text, region text, platform text)`,
      [JSON.stringify(events.map(({ minute: m, ...rest }) => ({ ...rest, at: new Date(START + m * MINUTE_MS).toISOString() }))), USERS],
    );
  }
}

const linesOf = async (sql: string): Promise<string[]> =>
  (await database.pool.query({ text: sql, rowMode: 'array' })).rows.map((row) => JSON.stringify(row)).toSorted();

async function expectSameAsNaive(): Promise<void> {
  for (const [table, [kept, naive]] of Object.entries(COMPARED)) {
    expect([table, await linesOf(kept)]).toEqual([table, await linesOf(naive)]);
  }
  const { rows } = await database.pool.query('SELECT person_id AS person, at, platform FROM naive_active');
  const sessions = naiveSessions(rows);
  const { rows: kept } = await database.pool.query('SELECT person_id AS person, started_at AS "startedAt", ended_at AS "endedAt", events, platform FROM admin_center.usage_session ORDER BY 1, 2');
  expect(kept).toEqual(sessions);
  const counted = async (sql: string): Promise<string[]> => (await database.pool.query<{ line: string }>(sql)).rows.map(({ line }) => line).toSorted();
  expect(await counted("SELECT concat_ws(' ', day, seconds, sessions) AS line FROM admin_center.session_count WHERE sessions <> 0")).toEqual(lengths(sessions));
  expect(await counted("SELECT concat_ws(' ', week, quantity, users) AS line FROM admin_center.frequency_count WHERE measure = 'sessions' AND users <> 0")).toEqual(perWeek(sessions));
  expect(await counted("SELECT concat_ws(' ', day, from_platform, to_platform, sessions) AS line FROM admin_center.platform_change_count WHERE sessions <> 0")).toEqual(platformChanges(sessions));
  const { rows: [events] } = await database.pool.query('SELECT r.events, (SELECT count(*) FROM admin_center.event) AS there FROM admin_center.event_rollup r');
  expect(events.events).toBe(events.there);
}

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Lane 0 commits at once; what goes through the others stays uncommitted until somebody commits it. */
async function live(steps: readonly Step[]): Promise<void> {
  const lanes = new Map<number, pg.PoolClient>();
  const linking = new Set<string>();
  const openLane = async (lane: number): Promise<pg.ClientBase> => {
    const open = lanes.get(lane) ?? (await database.pool.connect());
    if (!lanes.has(lane)) {
      lanes.set(lane, open);
      await open.query('BEGIN');
    }
    return open;
  };
  const commit = async (lane: number): Promise<void> => {
    const open = lanes.get(lane);
    lanes.delete(lane);
    await open?.query('COMMIT');
    open?.release();
  };
  const act = async (one: Step): Promise<void> => {
    switch (one.kind) {
      case 'write':
        await write(await openLane(one.lane), one.events);
        break;
      case 'link':
        // A second link of the same visitor would wait for the first to commit, which here is up to us.
        if (!linking.has(one.visitor)) {
          linking.add(one.visitor);
          await (await openLane(one.lane)).query('INSERT INTO admin_center.person_link (anonymous_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [one.visitor, one.user]);
        }
        break;
      case 'roll up':
        await database.pool.query('SELECT admin_center.roll_up_events($1)', [one.most]);
        break;
      case 'commit':
        await commit(one.lane);
        break;
      case 'erase':
        await database.pool.query(
          `WITH gone AS (DELETE FROM original_event WHERE person_id = $1 OR person_id IN (SELECT anonymous_id FROM admin_center.person_link WHERE user_id = $1) RETURNING 1)
           SELECT count(*) FROM gone`, [one.user]);
        await database.pool.query('SELECT admin_center.erase_person_events($1)', [one.user]);
    }
    await commit(0);
  };
  for (const one of steps) {
    await act(one);
  }
  for (const lane of lanes.keys()) {
    await commit(lane);
  }
}

const startOver = () => database.pool.query('TRUNCATE admin_center.event, original_event, admin_center.person_link; SELECT admin_center.rebuild_event_rollups()');

describe('of random histories', () => {
  test(`every count is the naive one, in ${RUNS} cases`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
        await startOver();
        await live(steps);
        await rollUpEverything(database.pool, { batch: 7 });
        await expectSameAsNaive();
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  }, 600_000);

  test('counting anew gives the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
        await startOver();
        await live(steps);
        await rollUpEverything(database.pool);
        await database.pool.query('SELECT admin_center.rebuild_event_rollups()');
        await expectSameAsNaive();
      }),
      { numRuns: Math.ceil(RUNS / 10), endOnFailure: true },
    );
  }, 600_000);
});
