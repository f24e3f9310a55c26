// Definitions D3 to D5 on examples worked out by hand, and what the rollup does when clusters, values and owners change.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createPool } from '@admin-center/platform/pool';
import type pg from 'pg';
import { personId, writeEvents } from '../testing/write-events.ts';
import { rollUpEverything } from './roll-up.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

const [ANNA, BERT, CARA, VISITOR] = [1, 2, 3, 11].map(personId) as [string, string, string, string];

let database: TestDatabase;
let api: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  api = createPool({ connectionString: database.apiUrl, applicationName: 'test' });
  await api.query("SELECT admin_center.ensure_event_partitions('2025-12-01', '2026-12-31')");
});
afterAll(async () => {
  await api.end();
  await database.close();
});
beforeEach(async () => {
  await database.pool.query('TRUNCATE admin_center.event, admin_center.person_link, admin_center.dimension_value; SELECT admin_center.rebuild_event_rollups()');
});

const write = (...events: Parameters<typeof writeEvents>[1]) => writeEvents(database.pool, events);
const rollUp = () => rollUpEverything(api);
const list = async <T = unknown>(sql: string, values: readonly unknown[] = []): Promise<T[][]> => (await database.pool.query<T[]>({ text: sql, values: [...values], rowMode: 'array' })).rows;

describe('retention (D4)', () => {
  const three = async () => {
    await write(
      { person: ANNA, at: '2026-01-01T10:00Z' }, { person: BERT, at: '2026-01-01T11:00Z' }, { person: CARA, at: '2026-01-01T12:00Z' },
      { person: ANNA, at: '2026-01-02T10:00Z' }, { person: BERT, at: '2026-01-06T10:00Z' },
    );
    await rollUp();
  };
  const share = (sql: string) => list(`SELECT floor(100.0 * coalesce((${sql}), 0) / 3)::integer FROM generate_series(0, 6) g(n)`).then((rows) => rows.flat().join('/'));
  const cohort = `FROM admin_center.retention_count r WHERE basis = 'calendar' AND "interval" = 'day' AND cohort = '2026-01-01'`;

  test('three begin, one is back on day 1, one on day 5', async () => {
    await three();
    expect(await share(`SELECT sum(active) ${cohort} AND r.n = g.n`)).toBe('100/33/0/0/0/33/0');
    expect(await share(`SELECT sum(last) ${cohort} AND r.n >= g.n`)).toBe('100/66/33/33/33/33/0');
  });

  test('23:45 and 16 minutes of use is day 1 of the calendar and day 0 of one’s own', async () => {
    await write({ person: ANNA, at: '2026-01-01T23:45Z' }, { person: ANNA, at: '2026-01-02T00:01Z' });
    await rollUp();
    const active = `SELECT basis, n FROM admin_center.retention_count WHERE "interval" = 'day' AND active > 0 ORDER BY 1, 2`;
    expect(await list(active)).toEqual([['calendar', 0], ['calendar', 1], ['own', 0]]);
    await write({ person: ANNA, at: '2026-01-02T23:45Z' });
    await rollUp();
    expect(await list(active)).toEqual([['calendar', 0], ['calendar', 1], ['own', 0], ['own', 1]]);
  });

  test('an earlier first event that arrives late moves its user to the earlier cohort', async () => {
    await write({ person: ANNA, at: '2026-01-12T10:00Z' });
    await rollUp();
    await write({ person: ANNA, at: '2026-01-08T10:00Z' });
    await rollUp();
    expect(await list(`SELECT cohort::text, n, active, last FROM admin_center.retention_count WHERE basis = 'calendar' AND "interval" = 'week' AND (active, last) <> (0, 0) ORDER BY 2`))
      .toEqual([['2026-01-05', 0, 1, 0], ['2026-01-05', 1, 1, 1]]);
  });
});

test('new, returning and resurrected are the active ones (D5)', async () => {
  await write(
    { person: ANNA, at: '2026-01-05T10:00Z' }, { person: ANNA, at: '2026-01-12T10:00Z' }, { person: ANNA, at: '2026-01-26T10:00Z' },
    { person: BERT, at: '2026-01-12T10:00Z' }, { person: BERT, at: '2026-01-19T10:00Z' },
  );
  await rollUp();
  expect(await list(`SELECT starts_on::text, state, users FROM admin_center.lifecycle_count WHERE "interval" = 'week' ORDER BY 1, 2`)).toEqual([
    ['2026-01-05', 'new', 1], ['2026-01-12', 'new', 1], ['2026-01-12', 'returning', 1], ['2026-01-19', 'returning', 1], ['2026-01-26', 'resurrected', 1],
  ]);
  // The week Anna was away is filled late: she is back in it, and so only returns in the next.
  await write({ person: ANNA, at: '2026-01-20T10:00Z' });
  await rollUp();
  expect(await list(`SELECT state, users FROM admin_center.lifecycle_count WHERE "interval" = 'week' AND starts_on = '2026-01-26' AND users <> 0`)).toEqual([['returning', 1]]);
});

describe('sessions (D3)', () => {
  const sessions = () => list('SELECT (started_at AT TIME ZONE \'UTC\')::text, extract(epoch FROM ended_at - started_at)::integer, events FROM admin_center.usage_session ORDER BY 1');

  test('a gap of exactly 30 minutes joins, one of a second more parts', async () => {
    await write({ person: ANNA, at: '2026-01-01T10:00Z' }, { person: ANNA, at: '2026-01-01T10:30Z' }, { person: ANNA, at: '2026-01-01T11:00:01Z' });
    await rollUp();
    expect(await sessions()).toEqual([['2026-01-01 10:00:00', 1800, 2], ['2026-01-01 11:00:01', 0, 1]]);
  });

  test('a late event joins the sessions before and after it', async () => {
    await write({ person: ANNA, at: '2026-01-01T10:00Z' }, { person: ANNA, at: '2026-01-01T10:50Z' });
    await rollUp();
    await write({ person: ANNA, at: '2026-01-01T10:25Z' });
    await rollUp();
    expect(await sessions()).toEqual([['2026-01-01 10:00:00', 3000, 3]]);
    expect(await list('SELECT seconds, sessions FROM admin_center.session_count')).toEqual([[3000, 1]]);
  });

  test('use without a pause is cut at 24 hours', async () => {
    const quarter = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 15 * 60_000).toISOString();
    await write(...Array.from({ length: 200 }, (_, n) => ({ person: ANNA, at: quarter(n) })));
    await rollUp();
    // 97 events reach from 0 to exactly 24 h; the 98th begins the next.
    expect(await sessions()).toEqual([['2026-01-01 00:00:00', 86_400, 97], ['2026-01-02 00:15:00', 86_400, 97], ['2026-01-03 00:30:00', 75 * 60, 6]]);
  });

  test('a session of one event lasts 0 s and is kept', async () => {
    await write({ person: ANNA, at: '2026-01-01T10:00Z' });
    await rollUp();
    expect(await list('SELECT day::text, seconds, sessions FROM admin_center.session_count')).toEqual([['2026-01-01', 0, 1]]);
  });
});

describe('who is counted', () => {
  test('neither visitors nor events that do not qualify, but their events are', async () => {
    await write({ person: VISITOR, at: '2026-01-01T10:00Z', known: false }, { person: ANNA, at: '2026-01-01T10:00Z', qualifies: false });
    await rollUp();
    expect(await list('SELECT count(*)::integer FROM admin_center.person')).toEqual([[0]]);
    expect(await list('SELECT sum(events)::integer FROM admin_center.event_count')).toEqual([[2]]);
  });

  test('a visitor’s events become the user’s, judged by the definition in force when they arrived', async () => {
    await write(
      { person: VISITOR, at: '2026-01-01T10:00Z', known: false, qualifies: false }, { person: VISITOR, at: '2026-01-02T10:00Z', known: false, qualifies: false, name: 'Heartbeat' },
    );
    await rollUp();
    await database.pool.query('INSERT INTO admin_center.person_link (anonymous_id, user_id) VALUES ($1, $2)', [VISITOR, ANNA]);
    await rollUp();
    expect(await list('SELECT person_id, known, qualifies FROM admin_center.event ORDER BY at')).toEqual([[ANNA, true, true], [ANNA, true, false]]);
    expect(await list('SELECT person_id, day::text FROM admin_center.active_day')).toEqual([[ANNA, '2026-01-01']]);
    expect(await list('SELECT sum(events)::integer FROM admin_center.event_count')).toEqual([[2]]);
    // What still comes under the visitor's name follows.
    await write({ person: VISITOR, at: '2026-01-03T10:00Z', known: false, qualifies: false });
    await rollUp();
    expect(await list('SELECT person_id, day::text FROM admin_center.active_day ORDER BY 2')).toEqual([[ANNA, '2026-01-01'], [ANNA, '2026-01-03']]);
  });
});

test('the 5,001st version of a day is `other`', async () => {
  await write(...Array.from({ length: 5_010 }, (_, n) => ({ person: personId(n), at: '2026-01-01T10:00Z', version: `1.0.${n}` })));
  await rollUp();
  expect(await list(`SELECT count(*)::integer FROM admin_center.dimension_value WHERE dimension = 'version'`)).toEqual([[5_001]]);
  expect(await list(`SELECT users FROM admin_center.active_users_day a JOIN admin_center.dimension_value d ON d.id = a.value WHERE d.dimension = 'version' AND d.value = 'other'`)).toEqual([[10]]);
});

describe('erasure', () => {
  test('of one user leaves what would be there without them', async () => {
    const others = [{ person: BERT, at: '2026-01-01T10:00Z', feature: 'chat' }, { person: CARA, at: '2026-01-03T10:00Z', platform: 'desktop' }];
    const tables = ['active_users_day', 'active_users_change', 'lifecycle_count', 'retention_count', 'session_count', 'frequency_count', 'platform_change_count', 'event_count'];
    const counts = async () => Promise.all(tables.map(async (table) => {
      const number = { active_users_change: 'change', retention_count: 'active', session_count: 'sessions', platform_change_count: 'sessions', event_count: 'events' }[table] ?? 'users';
      return list(`SELECT row_to_json(t)::text FROM admin_center.${table} t WHERE ${number} <> 0 ORDER BY 1`);
    }));
    await write(...others);
    await rollUp();
    const before = await counts();
    await write(
      { person: ANNA, at: '2026-01-01T10:00Z', feature: 'chat', tier: 'premium' }, { person: ANNA, at: '2026-01-02T10:00Z', platform: 'desktop' }, { person: ANNA, at: '2026-01-20T10:00Z' },
      { person: VISITOR, at: '2025-12-30T10:00Z', known: false, qualifies: false },
    );
    await database.pool.query('INSERT INTO admin_center.person_link (anonymous_id, user_id) VALUES ($1, $2)', [VISITOR, ANNA]);
    await rollUp();
    // Of those that arrive now, none is counted yet.
    await write({ person: ANNA, at: '2026-01-21T10:00Z' });
    expect(await list('SELECT admin_center.erase_person_events($1)::integer', [ANNA])).toEqual([[5]]);
    expect(await counts()).toEqual(before);
    expect(await list('SELECT count(*)::integer FROM admin_center.event WHERE person_id IN ($1, $2)', [ANNA, VISITOR])).toEqual([[0]]);
    expect(await list('SELECT count(*)::integer FROM admin_center.person_link')).toEqual([[0]]);
    expect(await list('SELECT events::integer FROM admin_center.event_rollup')).toEqual([[2]]);
  });

  test('of somebody nobody knows does nothing', async () => {
    expect(await list('SELECT admin_center.erase_person_events($1)::integer', [ANNA])).toEqual([[0]]);
  });
});

describe('a stream restored into another cluster', () => {
  /** As if rows and watermark came from a cluster whose transaction ids were far ahead. */
  const pretend = () => database.pool.query(`
    UPDATE admin_center.event SET xid = (xid::text::bigint + 5000000000)::text::xid8;
    UPDATE admin_center.event_rollup SET xid = (xid::text::bigint + 5000000000)::text::xid8, system_identifier = 1`);
  const state = () => list('SELECT e.events::integer, e.system_identifier = (SELECT system_identifier FROM pg_control_system()), (SELECT sum(events)::integer FROM admin_center.event_count), (SELECT sum(users)::integer FROM admin_center.lifecycle_count WHERE "interval" = \'day\') FROM admin_center.event_rollup e');

  test('is counted anew, and what comes after is counted once', async () => {
    await write({ person: ANNA, at: '2026-01-01T10:00Z' }, { person: BERT, at: '2026-01-02T10:00Z' });
    await rollUp();
    // Not counted yet when the dump was made.
    await write({ person: CARA, at: '2026-01-02T10:00Z' });
    await pretend();
    const { rows } = await api.query('SELECT rebuilt FROM admin_center.roll_up_events(1000)');
    expect(rows).toEqual([{ rebuilt: true }]);
    await rollUp();
    expect(await state()).toEqual([[3, true, 3, 3]]);
    for (const day of [3, 4]) {
      await write({ person: ANNA, at: `2026-01-0${day}T10:00Z` });
      await rollUp();
    }
    expect(await state()).toEqual([[5, true, 5, 5]]);
  });

  test('is noticed by its watermark too', async () => {
    await write({ person: ANNA, at: '2026-01-01T10:00Z' });
    await rollUp();
    await pretend();
    await database.pool.query(`CREATE OR REPLACE FUNCTION admin_center.cluster_identifier() RETURNS bigint LANGUAGE plpgsql STABLE AS 'BEGIN RETURN NULL; END'`);
    const { rows } = await api.query('SELECT rebuilt FROM admin_center.roll_up_events(1000)');
    expect(rows).toEqual([{ rebuilt: true }]);
    await rollUp();
    await write({ person: ANNA, at: '2026-01-02T10:00Z' });
    await rollUp();
    expect((await state())[0]?.slice(2)).toEqual([2, 2]);
  });
});

test('erasing who came on the day another left takes back the coming alone', async () => {
  await write({ person: ANNA, at: '2026-01-01T10:00Z' }, { person: BERT, at: '2026-01-08T10:00Z' });
  await rollUp();
  await database.pool.query('SELECT admin_center.erase_person_events($1)', [BERT]);
  expect(await list(`SELECT g.day, sum(a.change)::integer FROM (VALUES ('2026-01-07'), ('2026-01-08'), ('2026-01-15')) g(day) JOIN admin_center.active_users_change a ON a.days = 7 AND a.day <= g.day::date
    JOIN admin_center.dimension_value d ON d.id = a.value AND d.dimension = 'all' GROUP BY 1 ORDER BY 1`)).toEqual([['2026-01-07', 1], ['2026-01-08', 0], ['2026-01-15', 0]]);
});

describe('partitions', () => {
  test('are made once, each with its indexes, none by default', async () => {
    expect((await api.query("SELECT admin_center.ensure_event_partitions('2030-01-15', '2030-03-01') AS made")).rows).toEqual([{ made: 3 }]);
    expect((await api.query("SELECT admin_center.ensure_event_partitions('2030-01-01', '2030-03-31') AS made")).rows).toEqual([{ made: 0 }]);
    expect(await list("SELECT count(*)::integer FROM pg_index WHERE indrelid = 'admin_center.event_2030_02'::regclass")).toEqual([[3]]);
    expect(await list("SELECT partdefid FROM pg_partitioned_table WHERE partrelid = 'admin_center.event'::regclass")).toEqual([[0]]);
  });

  test('are there after installation from 14 months back to 3 months ahead', async () => {
    const { rows } = await database.pool.query(`SELECT m::date FROM generate_series(date_trunc('month', now() - interval '14 months'), now() + interval '3 months', '1 month') m
      WHERE to_regclass('admin_center.event_' || to_char(m, 'YYYY_MM')) IS NULL`);
    expect(rows).toEqual([]);
  });

  test('of more than 20 years are refused', async () => {
    await expect(api.query("SELECT admin_center.ensure_event_partitions('2000-01-01', '2030-01-01')")).rejects.toMatchObject({ code: '22023' });
  });
});

test('a temporary table that the caller made beforehand is refused', async () => {
  await write({ person: ANNA, at: '2026-01-01T10:00Z' });
  const client = await api.connect();
  try {
    await client.query('CREATE TEMPORARY TABLE changed_day (person_id uuid)');
    // As long as somebody else of the cluster is at something, there is no batch that needs the table.
    await expect(rollUpEverything(client)).rejects.toMatchObject({ code: '42501' });
  } finally {
    client.release(true);
  }
  await rollUp();
  expect(await list('SELECT count(*)::integer FROM admin_center.person')).toEqual([[1]]);
});
