// What admins change in the host, done by the API's role on both kinds of host database.
import { createPool } from '@admin-center/platform/pool';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { createHostSchema } from '../../src/host-schema.ts';
import { migrate } from '../../src/migrate.ts';
import { createTestDatabase, TEST_PASSWORDS, type TestDatabase } from '../../src/testing.ts';

let database: TestDatabase;
let byHand: TestDatabase;
let api: pg.Pool;
let apiByHand: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  byHand = await createTestDatabase({ host: 'empty' });
  await createHostSchema(byHand.pool, { variant: 'migrator', fixedByHand: true });
  await migrate({ databaseUrl: byHand.url, passwords: TEST_PASSWORDS });
  api = createPool({ connectionString: database.apiUrl, applicationName: 'test' });
  apiByHand = createPool({ connectionString: byHand.apiUrl, applicationName: 'test' });
});
afterAll(async () => {
  await Promise.all([api.end(), apiByHand.end()]);
  await Promise.all([database.close(), byHand.close()]);
});

const suspend = (pool: pg.Pool | pg.PoolClient, id: string) => pool.query<{ ended: number }>('SELECT suspend_user($1, $2) AS ended', [id, 'Abuse of the free tier']);
const reactivate = (pool: pg.Pool | pg.PoolClient, id: string) => pool.query('SELECT reactivate_user($1)', [id]);

describe.each([
  ['boolean is_active', () => ({ owner: database, pool: api })],
  ['is_active 0 or 1', () => ({ owner: byHand, pool: apiByHand })],
])('suspend and reactivate, %s', (_, get) => {
  test('suspending ends the sessions, keeps their rows, and says how many were live', async () => {
    const { owner, pool } = get();
    const user = await owner.make.user();
    const other = await owner.make.user();
    await owner.make.session(user.id);
    await owner.make.session(user.id);
    await owner.make.session(user.id, { expiresAt: new Date(Date.now() - 1000) });
    await owner.make.session(user.id, { active: false });
    await owner.make.session(other.id);

    expect((await suspend(pool, user.id)).rows).toEqual([{ ended: 2 }]);
    const { rows } = await pool.query('SELECT state, suspended_at IS NOT NULL AS dated, suspension_reason FROM account WHERE user_id = $1', [user.id]);
    expect(rows).toEqual([{ state: 'suspended', dated: true, suspension_reason: 'Abuse of the free tier' }]);
    expect((await owner.pool.query("SELECT count(*) FILTER (WHERE is_active = '1') AS active, count(*) AS rows FROM public.user_sessions WHERE user_id = $1", [user.id])).rows).toEqual([{ active: 0, rows: 4 }]);
    expect((await pool.query('SELECT live FROM session WHERE user_id = $1', [other.id])).rows).toEqual([{ live: true }]);
  });

  test('reactivating lifts the suspension and leaves the sessions ended', async () => {
    const { owner, pool } = get();
    const user = await owner.make.user();
    await owner.make.session(user.id);
    await suspend(pool, user.id);
    await reactivate(pool, user.id);
    const { rows } = await pool.query('SELECT state, suspended_at, suspension_reason FROM account WHERE user_id = $1', [user.id]);
    expect(rows).toEqual([{ state: 'active', suspended_at: null, suspension_reason: null }]);
    expect((await pool.query('SELECT live FROM session WHERE user_id = $1', [user.id])).rows).toEqual([{ live: false }]);
  });
});

test('the directory shows it in the same transaction', async () => {
  const user = await database.make.user({ email: 'directory@acme.example' });
  const directory = async () => (await api.query('SELECT email, state FROM user_directory WHERE user_id = $1', [user.id])).rows;
  expect(await directory()).toEqual([]);
  await suspend(api, user.id);
  expect(await directory()).toEqual([{ email: 'directory@acme.example', state: 'suspended' }]);
  await reactivate(api, user.id);
  expect(await directory()).toEqual([{ email: 'directory@acme.example', state: 'active' }]);
});

describe('refusals', () => {
  const nobody = '00000000-0000-4000-8000-000000000000';

  test('AC404 for a user who is not there', async () => {
    await expect(suspend(api, nobody)).rejects.toMatchObject({ code: 'AC404', message: expect.stringContaining(nobody) });
    await expect(reactivate(api, nobody)).rejects.toMatchObject({ code: 'AC404' });
  });

  test('AC409 for a user who is in that state already', async () => {
    const suspended = await database.make.user({ suspendedAt: new Date() });
    const active = await database.make.user();
    await expect(suspend(api, suspended.id)).rejects.toMatchObject({ code: 'AC409', message: expect.stringContaining('suspended') });
    await expect(reactivate(api, active.id)).rejects.toMatchObject({ code: 'AC409', message: expect.stringContaining('active') });
  });

  test.each([
    ['by column', { deletedAt: new Date() }],
    ['by metadata', { metadata: { is_deleted: true } }],
  ])('AC409 for a user who is deleted %s', async (_, options) => {
    const deleted = await database.make.user({ ...options, suspendedAt: new Date() });
    await expect(suspend(api, deleted.id)).rejects.toMatchObject({ code: 'AC409', message: expect.stringContaining('deleted') });
    await expect(reactivate(api, deleted.id)).rejects.toMatchObject({ code: 'AC409' });
  });

  test('of two admins who suspend at once, one is told', async () => {
    const user = await database.make.user();
    const [first, second] = [await api.connect(), await api.connect()];
    try {
      await first.query('BEGIN');
      await suspend(first, user.id);
      const late = suspend(second, user.id).catch((error: unknown) => error);
      await first.query('COMMIT');
      expect(await late).toMatchObject({ code: 'AC409' });
    } finally {
      first.release();
      second.release();
    }
  });
});

describe('mirror_audit', () => {
  const mirror = async (actorId: string, affectedId: string | null, ip: string | null) =>
    (
      await api.query<{ written: boolean }>("SELECT mirror_audit($1, 'support_admin', 'users.suspend', 'user', $2, $3, $4, $5, 'Firefox') AS written", [
        actorId, affectedId ?? 'none', affectedId, JSON.stringify({ sequence: 7 }), ip,
      ])
    ).rows[0]?.written;
  const mirrored = async (actorId: string) =>
    (await database.pool.query('SELECT admin_role, action, resource_type, affected_user_id, details, host(ip_address) AS ip, user_agent FROM public.admin_audit_logs WHERE admin_user_id = $1', [actorId])).rows;

  test('writes a summary into the host’s table', async () => {
    const admin = await database.make.admin();
    const user = await database.make.user();
    expect(await mirror(admin.id, user.id, '203.0.113.9')).toBe(true);
    expect(await mirrored(admin.id)).toEqual([
      { admin_role: 'support_admin', action: 'users.suspend', resource_type: 'user', affected_user_id: user.id, details: { sequence: 7 }, ip: '203.0.113.9', user_agent: 'Firefox' },
    ]);
  });

  test.each([['bulk-operation'], [''], [null]])('an address that is not one (%p) becomes null', async (ip) => {
    const admin = await database.make.admin();
    expect(await mirror(admin.id, null, ip)).toBe(true);
    expect(await mirrored(admin.id)).toMatchObject([{ ip: null, affected_user_id: null }]);
  });

  test('an affected user who is gone becomes null', async () => {
    const admin = await database.make.admin();
    expect(await mirror(admin.id, '00000000-0000-4000-8000-000000000000', null)).toBe(true);
    expect(await mirrored(admin.id)).toMatchObject([{ affected_user_id: null }]);
  });

  test('an actor without an account writes nothing', async () => {
    expect(await mirror('00000000-0000-4000-8000-000000000000', null, null)).toBe(false);
  });
});
