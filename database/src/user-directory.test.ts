// The directory follows the host: whole, by changes, and beside an admin who acts at the same time.
import { createPool } from '@admin-center/platform/pool';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
let api: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  api = createPool({ connectionString: database.apiUrl, applicationName: 'test' });
});
beforeEach(() => database.pool.query('DELETE FROM public.users; DELETE FROM user_directory; DELETE FROM user_directory_watermark'));
afterAll(async () => {
  await api.end();
  await database.close();
});

const LONG_AGO = new Date('2025-01-01T00:00:00Z');
const refresh = async (full = false): Promise<number> => (await api.query<{ changed: number }>('SELECT refresh_user_directory($1) AS changed', [full])).rows[0]?.changed as number;
const rowOf = async (id: string) => (await api.query('SELECT email, name, tier, state, created_at, last_seen_at FROM user_directory WHERE user_id = $1', [id])).rows[0] as Record<string, unknown> | undefined;

test('the first run takes everything, however old; the next one nothing', async () => {
  const { id } = await database.make.user({ email: 'Ada@acme.example', name: 'Ada Okafor', createdAt: LONG_AGO });
  await database.make.subscription(id, { tier: 'enterprise', createdAt: LONG_AGO });
  await database.make.session(id, { createdAt: LONG_AGO, lastActivityAt: new Date('2025-01-02T00:00:00Z') });
  await database.make.user({ createdAt: LONG_AGO });
  expect(await refresh()).toBe(2);
  expect(await rowOf(id)).toEqual({ email: 'Ada@acme.example', name: 'Ada Okafor', tier: 'enterprise', state: 'active', created_at: LONG_AGO, last_seen_at: new Date('2025-01-02T00:00:00Z') });
  expect(await refresh()).toBe(0);
  expect(await refresh(true)).toBe(0);
});

describe('after the first run', () => {
  let id: string;
  beforeEach(async () => {
    id = (await database.make.user({ createdAt: LONG_AGO })).id;
    await database.make.user({ createdAt: LONG_AGO });
    await refresh();
  });

  test('a new user appears', async () => {
    const { id: added } = await database.make.user();
    expect(await refresh()).toBe(1);
    expect(await rowOf(added)).toMatchObject({ tier: 'free', state: 'active', last_seen_at: null });
  });

  test('a change of the account shows', async () => {
    await database.pool.query("UPDATE public.users SET name = 'Renamed', is_suspended = true WHERE id = $1", [id]);
    expect(await refresh()).toBe(1);
    expect(await rowOf(id)).toMatchObject({ name: 'Renamed', state: 'suspended' });
  });

  test('a subscription that begins and ends shows', async () => {
    const { id: subscription } = await database.make.subscription(id);
    expect(await refresh()).toBe(1);
    expect(await rowOf(id)).toMatchObject({ tier: 'premium' });
    await database.pool.query("UPDATE public.subscriptions SET status = 'canceled' WHERE id = $1", [subscription]);
    expect(await refresh()).toBe(1);
    expect(await rowOf(id)).toMatchObject({ tier: 'free' });
  });

  test('being seen shows, once a minute; a full run is exact', async () => {
    const seen = new Date(Date.now() - 120_000);
    const { id: session } = await database.make.session(id, { createdAt: seen });
    expect(await refresh()).toBe(1);
    expect(await rowOf(id)).toMatchObject({ last_seen_at: seen });

    const later = new Date(seen.getTime() + 30_000);
    await database.pool.query('UPDATE public.user_sessions SET last_activity = $2 WHERE id = $1', [session, later]);
    expect(await refresh()).toBe(0);
    expect(await refresh(true)).toBe(1);
    expect(await rowOf(id)).toMatchObject({ last_seen_at: later });

    const latest = new Date(later.getTime() + 61_000);
    await database.pool.query('UPDATE public.user_sessions SET last_activity = $2 WHERE id = $1', [session, latest]);
    expect(await refresh()).toBe(1);
    expect(await rowOf(id)).toMatchObject({ last_seen_at: latest });
  });

  test('last seen stays when the host cleans up its sessions', async () => {
    const seen = new Date(Date.now() - 60_000);
    await database.make.session(id, { createdAt: seen });
    await refresh();
    await database.pool.query('DELETE FROM public.user_sessions');
    expect(await refresh(true)).toBe(0);
    expect(await rowOf(id)).toMatchObject({ last_seen_at: seen });
  });

  test('a deleted row goes with the next full run', async () => {
    await database.pool.query('DELETE FROM public.users WHERE id = $1', [id]);
    expect(await refresh()).toBe(0);
    expect(await refresh(true)).toBe(1);
    expect(await rowOf(id)).toBeUndefined();
  });

  test('only rows that differ are written', async () => {
    const versions = async () => (await database.pool.query('SELECT user_id, xmin::text, revision FROM user_directory ORDER BY user_id')).rows;
    const before = await versions();
    await database.pool.query('UPDATE public.users SET updated_at = now()');
    expect(await refresh()).toBe(0);
    expect(await refresh(true)).toBe(0);
    expect(await versions()).toEqual(before);
  });

  test('a transaction that began before the last run and commits after it is not lost', async () => {
    const client = await database.pool.connect();
    await client.query('BEGIN');
    await client.query("UPDATE public.users SET name = 'Late' WHERE id = $1", [id]);
    expect(await refresh()).toBe(0);
    await client.query('COMMIT');
    client.release();
    expect(await refresh()).toBe(1);
    expect(await rowOf(id)).toMatchObject({ name: 'Late' });
  });

  test('a second run beside the first returns at once', async () => {
    const client = await api.connect();
    await client.query('BEGIN');
    await client.query('SELECT refresh_user_directory()');
    await database.make.user();
    expect(await refresh()).toBe(0);
    await client.query('COMMIT');
    client.release();
    expect(await refresh()).toBe(1);
  });

  test('a run that looked before an admin acted does not undo what the admin did', async () => {
    // The run has something to write for the user, and waits for the admin's transaction, which changes the same row.
    await database.pool.query("UPDATE public.users SET name = 'Renamed' WHERE id = $1", [id]);
    const admin = await api.connect();
    await admin.query('BEGIN');
    await admin.query('SELECT suspend_user($1, $2)', [id, 'Abuse of the free tier']);
    const running = refresh();
    await waitingForLock();
    await admin.query('COMMIT');
    admin.release();
    await running;
    expect(await rowOf(id)).toMatchObject({ name: 'Renamed', state: 'suspended' });
  });
});

async function waitingForLock(): Promise<void> {
  for (;;) {
    const { rowCount } = await database.pool.query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%refresh_user_directory%' AND pid <> pg_backend_pid()");
    if (rowCount !== 0) {
      return;
    }
  }
}

describe('search', () => {
  test('finds parts of names and addresses, in any case, by the trigram index', async () => {
    await database.make.user({ email: 'Zoë.Müller@acme.example', name: 'Zoë Müller' });
    await refresh();
    const { rows } = await api.query("SELECT email FROM user_directory WHERE search LIKE '%zoë mül%'");
    expect(rows).toEqual([{ email: 'Zoë.Müller@acme.example' }]);
    const client = await database.pool.connect();
    await client.query('SET enable_seqscan = off');
    const plan = await client.query("EXPLAIN SELECT FROM user_directory WHERE search LIKE '%müller%'");
    client.release(true);
    expect(JSON.stringify(plan.rows)).toContain('user_directory_search');
  });

  test.each(['created_at', "coalesce(last_seen_at, '-infinity')", 'email'])('a page in the order of %s comes from an index, both ways', async (order) => {
    await database.make.user();
    await refresh();
    const client = await database.pool.connect();
    await client.query('SET enable_seqscan = off; SET enable_sort = off');
    for (const direction of ['ASC', 'DESC']) {
      const plan = await client.query(`EXPLAIN SELECT user_id FROM user_directory ORDER BY ${order} ${direction}, user_id ${direction} LIMIT 50`);
      expect(JSON.stringify(plan.rows)).toMatch(/Index( Only)? Scan/);
      expect(JSON.stringify(plan.rows)).not.toContain('Sort');
    }
    client.release(true);
  });

  test('works without pg_trgm, as the last test here', async () => {
    await database.pool.query('DROP EXTENSION pg_trgm CASCADE');
    await database.make.user({ name: 'Kai Tanaka' });
    await refresh();
    expect((await api.query("SELECT name FROM user_directory WHERE search LIKE '%tanaka%'")).rows).toEqual([{ name: 'Kai Tanaka' }]);
  });
});
