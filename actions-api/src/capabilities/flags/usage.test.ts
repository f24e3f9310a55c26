// Usage of flags: many reporters at once, and what they may not make up.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { createPool } from '@admin-center/platform/pool';
import type pg from 'pg';
import { makeFlag } from '../../../test/make-flag.ts';
import { createDatabase, type Database } from '../../platform/database.ts';
import { type EvaluationCount, recordEvaluations } from './usage.ts';

let db: TestDatabase;
let pool: pg.Pool;
let database: Database;
const keys: string[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  pool = createPool({ connectionString: db.apiUrl, applicationName: 'test-usage', max: 8, statementTimeoutMs: 30_000 });
  database = createDatabase(pool);
  keys.push(await makeFlag(db.pool, 'on'), await makeFlag(db.pool, 'on'));
});
afterAll(async () => {
  await pool.end();
  await db.close();
});

const record = (rows: readonly EvaluationCount[]) => database.transaction().execute((tx) => recordEvaluations(tx, rows));
const usage = async () => (await db.pool.query('SELECT flag, variant, reason, evaluations FROM admin_center.flag_usage ORDER BY 1, 2, 3')).rows as unknown[];
const tally = async () => (await db.pool.query(`SELECT sum(value)::integer AS value FROM admin_center.tally WHERE metric = 'admincenter_flag_evaluations_total'`)).rows[0] as { value: number };

test('reports of many hosts at once add up, in whatever order each has its rows', async () => {
  const [first, second] = keys as [string, string];
  const rows = [
    { flag: first, variant: 'on', reason: 'SPLIT', count: 3 }, { flag: second, variant: 'off', reason: 'DEFAULT', count: 2 }, { flag: first, variant: 'on', reason: 'SPLIT', count: 1 },
  ];
  await Promise.all(Array.from({ length: 40 }, (_, index) => record(index % 2 === 0 ? rows : rows.toReversed())));
  expect(await usage()).toEqual([
    { flag: first, variant: 'on', reason: 'SPLIT', evaluations: 160 }, { flag: second, variant: 'off', reason: 'DEFAULT', evaluations: 80 },
  ].toSorted((a, b) => (a.flag < b.flag ? -1 : 1)));
  expect(await tally()).toEqual({ value: 240 });
});

test('what is no flag, variant or reason makes no row and no series of its own', async () => {
  await db.pool.query('DELETE FROM admin_center.flag_usage');
  const [flag] = keys as [string];
  await record([
    { flag: 'made-up-by-somebody', variant: 'on', reason: 'STATIC', count: 1 }, { flag: 'another', variant: null, reason: 'ERROR', count: 2 },
    { flag, variant: 'made-up', reason: 'STATIC', count: 4 }, { flag, variant: 'on', reason: 'BECAUSE', count: 8 }, { flag, variant: 'on', reason: 'ERROR', count: 16 },
  ]);
  expect(await usage()).toEqual([
    { flag, variant: 'none', reason: 'ERROR', evaluations: 24 }, { flag, variant: 'none', reason: 'STATIC', evaluations: 4 },
    { flag: 'unknown', variant: 'none', reason: 'ERROR', evaluations: 2 }, { flag: 'unknown', variant: 'none', reason: 'STATIC', evaluations: 1 },
  ]);
});

test('a report that fails leaves nothing behind', async () => {
  const before = [await usage(), await tally()];
  await expect(database.transaction().execute(async (tx) => {
    await recordEvaluations(tx, [{ flag: keys[0] as string, variant: 'on', reason: 'SPLIT', count: 5 }]);
    throw new Error('The rest of the report could not be stored.');
  })).rejects.toThrow('could not be stored');
  expect([await usage(), await tally()]).toEqual(before);
});

describe('the life of flags', () => {
  /** A year of many flags, some seldom evaluated, some with errors in front and behind. */
  beforeAll(async () => {
    await db.pool.query('DELETE FROM admin_center.flag_usage');
    for (let flag = 0; flag < 30; flag += 1) {
      keys.push(await makeFlag(db.pool, 'on'));
    }
    await db.pool.query("UPDATE admin_center.flag SET created_at = now() - interval '400 days'");
    await db.pool.query(`
      INSERT INTO admin_center.flag_usage (flag, day, variant, reason, evaluations, first_at, last_at)
      SELECT flag, (at AT TIME ZONE 'UTC')::date, variant, reason, 7, at - interval '1 second', at
      FROM unnest($1::text[]) WITH ORDINALITY AS f (flag, place), generate_series(0, 364) AS ago, (VALUES ('on', 'SPLIT'), ('off', 'DEFAULT'), ('none', 'ERROR')) AS v (variant, reason),
        LATERAL (SELECT date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - ago * interval '1 day' + interval '2 seconds' AS at) AS t
      WHERE CASE WHEN variant = 'none' THEN true WHEN variant = 'off' THEN place % 2 = 1 AND ago > place ELSE ago % place = 0 AND ago >= place / 2 END AND at <= now()
    `, [keys]);
    await db.pool.query('ANALYZE admin_center.flag_usage');
  });

  test('is that of all their usage', async () => {
    const { rows } = await db.pool.query(`
      WITH naive AS (
        SELECT flag, min(first_at) AS first_at, max(last_at) AS last_at,
          coalesce(sum(evaluations) FILTER (WHERE day >= (now() AT TIME ZONE 'UTC')::date - 1 AND last_at > now() - interval '24 hours'), 0)::bigint AS recent,
          count(DISTINCT variant) FILTER (WHERE last_at > now() - interval '30 days') AS variants
        FROM admin_center.flag_usage WHERE reason <> 'ERROR' GROUP BY flag
      )
      SELECT l.key, (l.first_evaluated_at, l.last_evaluated_at, l.recent_evaluations) IS NOT DISTINCT FROM (n.first_at, n.last_at, coalesce(n.recent, 0)) AS same,
        l.stale IS NOT DISTINCT FROM CASE WHEN n.last_at < now() - interval '14 days' THEN 'not_evaluated' WHEN n.variants = 1 THEN 'one_variant' END AS judged, l.stale
      FROM admin_center.flag_life l LEFT JOIN naive n ON n.flag = l.key WHERE l.key = ANY ($1)
    `, [keys]);
    expect(rows).toHaveLength(32);
    expect(rows.filter(({ same, judged }) => !(same as boolean) || !(judged as boolean))).toEqual([]);
    expect(new Set(rows.map(({ stale }) => stale as string | null))).toEqual(new Set([null, 'not_evaluated', 'one_variant']));
  });

  test('is told without reading it all', async () => {
    const { rows } = await db.pool.query<{ 'QUERY PLAN': string }>('EXPLAIN (ANALYZE, BUFFERS OFF, COSTS OFF, TIMING OFF) SELECT * FROM admin_center.flag_life');
    const read = rows.flatMap((row) => [...row['QUERY PLAN'].matchAll(/Scan.* on flag_usage.*\(actual rows=([\d.]+) loops=(\d+)\)/g)].map(([, count, loops]) => Number(count) * Number(loops)));
    const { rows: [all] } = await db.pool.query<{ count: number }>('SELECT count(*)::int AS count FROM admin_center.flag_usage');
    expect(read.length).toBeGreaterThan(0);
    expect(read.reduce((sum, count) => sum + count, 0)).toBeLessThan((all?.count ?? 0) / 4);
  });
});
