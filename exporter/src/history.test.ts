// Live and history are one definition: on random data, every number that history gives for an instant is the number that
// a live run at that instant gives. And the tier over time is now the tier the host's rows entitle to.
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { insertUsers, randomUsers } from '../test/billing-histories.ts';
import { freshDatabase } from '../test/fresh-database.ts';
import { collect, type Collector, readSteps, type Sample } from './collector.ts';
import { collectors } from './collectors.ts';
import { history } from './history.ts';
import { ownMetrics } from './run-collectors.ts';
import { createSeriesResolver } from './series.ts';
import { inSnapshot } from './snapshot.ts';

const HOUR_MS = 3_600_000;
const FROM = Date.parse('2023-11-01T00:00:00Z');
const DAYS = 60;
const SEED = 7;

const fresh = freshDatabase({ keep: true });

const series = (collector: Collector, samples: readonly Sample[]): Record<string, number> =>
  Object.fromEntries([...createSeriesResolver(ownMetrics(collector)).resolve(samples).values()].flatMap((values) => [...values]).filter(([, value]) => value !== 0));

/** Every six hours, and now and then in between, as history mixes two densities. */
const grid = Array.from({ length: DAYS * 4 }, (_, index) => FROM + index * 6 * HOUR_MS).flatMap((at, index) => (index % 7 === 0 ? [at, at + 5 * 60_000, at + 10 * 60_000] : [at])).map((at) => new Date(at));

beforeAll(async () => {
  const users = randomUsers(300, SEED);
  const { pool } = fresh.database;
  await insertUsers(pool, users);
  // Trials, other tiers and states, and a life of sessions and messages.
  await pool.query(`
    UPDATE public.subscriptions SET trial_start = created_at, trial_end = created_at + interval '14 days' WHERE get_byte(uuid_send(id), 0) % 3 = 0;
    UPDATE public.subscriptions SET tier = 'enterprise' WHERE get_byte(uuid_send(id), 1) % 3 = 0;
    UPDATE public.users SET is_suspended = true, suspended_at = '2023-11-20T10:00:00Z' WHERE get_byte(uuid_send(id), 2) % 9 = 0;
    UPDATE public.users SET deleted_at = '2023-12-10T10:00:00Z' WHERE get_byte(uuid_send(id), 3) % 9 = 0;
    UPDATE public.users SET created_at = '2023-10-01Z'::timestamptz + get_byte(uuid_send(id), 4) * interval '9 hours'`);
  const sessions = fc.sample(
    fc.record({ user: fc.nat({ max: users.length - 1 }), minute: fc.integer({ min: -40 * 1_440, max: DAYS * 1_440 }), length: fc.constantFrom(0, 3, 20, 90, 400, 3_000), gap: fc.constantFrom(10, 29, 31, 2_000), message: fc.boolean() }),
    { numRuns: 3_000, seed: SEED },
  );
  const tokens = sessions.flatMap(({ user, minute, length, gap, message }) => [
    { userId: users[user]?.id, from: minute, until: minute + length, message },
    { userId: users[user]?.id, from: minute + length + gap, until: minute + length + gap + 5, message: false },
  ]);
  await pool.query(
    `WITH token AS (
       SELECT "userId", $2::timestamptz + "from" * interval '1 minute' AS began, $2::timestamptz + until * interval '1 minute' AS used, message
       FROM jsonb_to_recordset($1) AS one ("userId" uuid, "from" integer, until integer, message boolean)
     ),
     session AS (
       INSERT INTO public.user_sessions (user_id, session_token, created_at, last_activity, expires_at, user_agent)
       SELECT "userId", gen_random_uuid()::text, began, used, began + interval '3 days', (ARRAY['Dart/3', 'Mozilla/5.0 Mobile', NULL])[1 + row_number() OVER () % 3] FROM token
     )
     INSERT INTO public.conversations (id, user_id, title, model, created_at) SELECT gen_random_uuid()::text, "userId"::text, 't', 'm', used + interval '2 hours' FROM token WHERE message`,
    [JSON.stringify(tokens), new Date(FROM)],
  );
  await pool.query('ANALYZE');
}, 60_000);

describe.each(collectors.filter((collector) => collector.steps.length > 0).map((collector) => [collector.name, collector] as const))('history of %s', (_, collector) => {
  test('is at every point what a live run says', async () => {
    await inSnapshot(fresh.pool, 110_000, async (client) => {
      const past = new Map<number, Record<string, number>>();
      for (const { at, samples } of history(collector, grid, await readSteps(client, collector, grid))) {
        past.set(at.getTime(), series(collector, samples));
      }
      expect([...past.keys()]).toEqual(grid.map((at) => at.getTime()));
      for (const at of grid.filter((__, index) => index % 23 === 0)) {
        expect({ at, ...past.get(at.getTime()) }).toEqual({ at, ...series(collector, await collect(client, { ...collector, present: [] }, at)) });
      }
    });
  }, 120_000);
});

test('every user has exactly one tier now, and it is the one they are entitled to', async () => {
  const { rows } = await fresh.database.pool.query(`
    SELECT entitlement.user_id, entitlement.tier, array_agg(tier_interval.tier) AS over_time
    FROM admin_center.entitlement
    LEFT JOIN admin_center.tier_interval
      ON tier_interval.user_id = entitlement.user_id AND (tier_interval.started_at IS NULL OR tier_interval.started_at <= now()) AND (tier_interval.ended_at IS NULL OR tier_interval.ended_at > now())
    GROUP BY 1, 2
    HAVING array_agg(tier_interval.tier) <> ARRAY[entitlement.tier]`);
  expect(rows).toEqual([]);
});

test('the tiers of a user follow one another without a gap', async () => {
  const { rows } = await fresh.database.pool.query(`
    SELECT user_id FROM (
      SELECT user_id, started_at, lag(ended_at) OVER life AS ended_before, row_number() OVER life AS ordinal
      FROM admin_center.tier_interval WINDOW life AS (PARTITION BY user_id ORDER BY started_at NULLS FIRST)
    ) AS pieces
    WHERE CASE WHEN ordinal = 1 THEN started_at IS NOT NULL ELSE started_at IS DISTINCT FROM ended_before END`);
  expect(rows).toEqual([]);
});
