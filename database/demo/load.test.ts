// Loading the demo company: the same every time, all or nothing, and never beside rows of someone else.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { loadDemo } from './load.ts';
import { TABLES } from './tables.ts';

const now = new Date('2026-05-14T15:20:00Z');
const plan = { seed: 11, users: 250, days: 20, now };

/** One hash per table over every column of every row. */
async function contents({ pool }: TestDatabase): Promise<Record<string, string | null>> {
  const hashes: Record<string, string | null> = {};
  for (const table of TABLES) {
    const { rows } = await pool.query<{ hash: string | null }>(`SELECT md5(string_agg(md5(t::text), '' ORDER BY id)) AS hash FROM public.${table} AS t`);
    hashes[table] = rows[0]?.hash ?? null;
  }
  return hashes;
}

const nothing = Object.fromEntries(TABLES.map((table) => [table, null]));

describe('a loaded database', () => {
  let first: TestDatabase;
  let second: TestDatabase;
  beforeAll(async () => {
    [first, second] = await Promise.all([createTestDatabase(), createTestDatabase({ host: 'migrator' })]);
  });
  afterAll(() => Promise.all([first.close(), second.close()]));

  test('is the same row by row for the same seed and moment, whatever host tables exist', async () => {
    const progress: string[] = [];
    const loaded = await loadDemo({ databaseUrl: first.url, ...plan, onProgress: (text) => progress.push(text) });
    await loadDemo({ databaseUrl: second.url, ...plan });
    expect(await contents(first)).toEqual(await contents(second));
    expect(loaded.users).toBeGreaterThan(180);
    expect(loaded.user_sessions).toBeGreaterThan(500);
    expect(progress.at(-1)).toBe('messages 100%');
    expect(progress).toContain('users 6%');
  });

  test('is another for another seed, and the earlier demo is replaced', async () => {
    const before = await contents(first);
    await loadDemo({ databaseUrl: first.url, ...plan, seed: 12 });
    const after = await contents(first);
    expect(TABLES.filter((table) => before[table] === after[table])).toEqual(['admin_roles']);
    const { rows } = await first.pool.query<{ seed: string }>(`SELECT metadata -> 'plan' ->> 'seed' AS seed FROM public.users WHERE metadata ? 'plan'`);
    expect(rows).toEqual([{ seed: '12' }]);
  });

  test('keeps the ids of people when it is loaded again later', async () => {
    await loadDemo({ databaseUrl: first.url, ...plan, now: new Date('2026-05-17T09:00:00Z') });
    const ids = async ({ pool }: TestDatabase): Promise<string[]> => {
      const { rows } = await pool.query<{ id: string }>(`SELECT id FROM public.users WHERE created_at < '2026-05-01' ORDER BY id`);
      return rows.map(({ id }) => id);
    };
    const [later, earlier] = [new Set(await ids(first)), await ids(second)];
    expect(earlier.filter((id) => later.has(id)).length).toBeGreaterThan(earlier.length * 0.9);
  });
});

describe('a load that is broken off', () => {
  test('leaves nothing, and the next one works', async () => {
    const database = await createTestDatabase();
    // Lets the load come no further than to its last table, however late it is killed.
    const blocker = await database.pool.connect();
    try {
      await blocker.query('BEGIN; LOCK TABLE public.messages IN SHARE MODE');
      let killed: Promise<unknown> | undefined;
      const load = loadDemo({
        databaseUrl: database.url,
        ...plan,
        onProgress: (text) => {
          if (text.startsWith('user_sessions')) {
            killed ??= database.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'admin-center demo' AND datname = current_database()`);
          }
        },
      });
      await expect(load).rejects.toThrow();
      await killed;
      await blocker.query('ROLLBACK');
      expect(await contents(database)).toEqual(nothing);
      await loadDemo({ databaseUrl: database.url, ...plan });
      expect((await contents(database))['messages']).not.toBeNull();
    } finally {
      blocker.release();
      await database.close();
    }
  });
});

describe('a database of someone else', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());

  test('is refused when it holds rows but no users', async () => {
    await database.pool.query(`INSERT INTO public.audit_logs (action) VALUES ('token_validation_failure')`);
    await expect(loadDemo({ databaseUrl: database.url, ...plan })).rejects.toThrow(/no users but rows in audit_logs/);
    await database.pool.query('DELETE FROM public.audit_logs');
  });

  test('is refused when one user is not of the demo, even among those who are', async () => {
    await loadDemo({ databaseUrl: database.url, ...plan });
    await database.pool.query(`INSERT INTO public.users (email) VALUES ('real@customer.example')`);
    const before = await contents(database);
    await expect(loadDemo({ databaseUrl: database.url, ...plan, seed: 99 })).rejects.toThrow(/1 users that are not the demo's/);
    expect(await contents(database)).toEqual(before);
  });

  test('is refused when it has no host tables', async () => {
    const empty = await createTestDatabase({ host: 'empty' });
    try {
      await expect(loadDemo({ databaseUrl: empty.url, ...plan })).rejects.toThrow(/no table public\.users/);
    } finally {
      await empty.close();
    }
  });
});
