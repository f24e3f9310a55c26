// migrate(): twice, side by side, on every kind of host database, and after somebody changed things by hand.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { freePort } from '../testing/free-port.ts';
import { scratchFolder } from '../testing/scratch.ts';
import { startEmbeddedPostgres } from './embedded.ts';
import { createHostSchema } from './host-schema.ts';
import { migrate, type MigrateResult } from './migrate.ts';
import { readSqlFiles } from './sql-files.ts';
import { createTestDatabase, TEST_PASSWORDS, type TestDatabase } from './testing.ts';

const DEBIAN_15 = '/usr/lib/postgresql/15/bin';
const migrations = (await readSqlFiles(path.resolve('database/migrations'))).map(({ name }) => name);
const run = (database: TestDatabase): Promise<MigrateResult> => migrate({ databaseUrl: database.url, passwords: TEST_PASSWORDS });

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ host: 'empty' });
  await createHostSchema(database.pool, { variant: 'full' });
});
afterAll(() => database.close());

/** Everything a run could change: relations, columns, indexes, functions, rights, policies and what is in our tables. */
async function picture(pool: pg.Pool): Promise<unknown> {
  const { rows } = await pool.query(`
    SELECT 'relation' AS kind, n.nspname || '.' || c.relname AS name, c.relkind::text || ' ' || coalesce(pg_get_viewdef(c.oid), '') || coalesce(c.relacl::text, '') AS value
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname LIKE 'admin_center%' OR n.nspname = 'public'
    UNION ALL SELECT 'function', p.oid::regprocedure::text, md5(p.prosrc || coalesce(p.prosqlbody::text, '')) || coalesce(p.proacl::text, '')
      FROM pg_proc p WHERE p.pronamespace = 'admin_center'::regnamespace
    UNION ALL SELECT 'column', attrelid::regclass::text || '.' || attname, format_type(atttypid, atttypmod) || coalesce(attacl::text, '')
      FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE attnum > 0 AND n.nspname IN ('admin_center', 'public')
    UNION ALL SELECT 'migration', name, timestamp FROM admin_center.schema_migration
    UNION ALL SELECT 'trigger', tgrelid::regclass::text || ' ' || tgname, tgtype::text FROM pg_trigger WHERE NOT tgisinternal
    ORDER BY 1, 2, 3`);
  return rows;
}

test('the first run applies every migration, the second changes nothing', async () => {
  const first = await run(database);
  expect(first.applied).toEqual(migrations);
  const before = await picture(database.pool);
  const second = await run(database);
  expect(second.applied).toEqual([]);
  expect(await picture(database.pool)).toEqual(before);
});

test('the host’s tables are left as they were', async () => {
  const untouched = await createTestDatabase({ host: 'empty' });
  await createHostSchema(untouched.pool, { variant: 'full' });
  const shape = async (pool: pg.Pool) =>
    (await pool.query("SELECT c.relname, c.relkind FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace UNION ALL SELECT tgname, 't' FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'public.%' UNION ALL SELECT proname, 'f' FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1, 2")).rows;
  const before = await shape(untouched.pool);
  await run(untouched);
  expect(await shape(untouched.pool)).toEqual(before);
  await untouched.close();
});

test('two runners at once take turns', async () => {
  const fresh = await createTestDatabase({ host: 'empty' });
  await createHostSchema(fresh.pool, { variant: 'migrator' });
  const results = await Promise.all([run(fresh), run(fresh)]);
  expect(results.map(({ applied }) => applied.length).sort((a, b) => a - b)).toEqual([0, migrations.length]);
  await fresh.close();
});

test('two databases of one server may be migrated at once, though they share the roles', async () => {
  const other = await createTestDatabase();
  await expect(Promise.all([run(database), run(other), run(database), run(other)])).resolves.toHaveLength(4);
  await other.close();
});

test('probes say what the host has', async () => {
  const { probes } = await run(database);
  const found = Object.fromEntries(probes.map((probe) => [probe.name, probe.found]));
  expect(found).toMatchObject({ api_keys: true, webhook_events: true, auth_audit_logs: false, 'user_sessions.jwt_token_hash': false, 'user_sessions.is_active': true, pg_trgm: true, pg_stat_statements: false });
  expect(probes.every((probe) => probe.detail.length > 20)).toBe(true);
  const stored = await database.pool.query('SELECT name, kind, found, detail FROM host_probe');
  expect(new Set(stored.rows.map((row) => JSON.stringify(row)))).toEqual(new Set(probes.map(({ name, kind, found: there, detail }) => JSON.stringify({ name, kind, found: there, detail }))));
});

test('a host fixed by hand and without optional tables works, and its probes say so', async () => {
  const byHand = await createTestDatabase({ host: 'empty' });
  await createHostSchema(byHand.pool, { variant: 'migrator', fixedByHand: true });
  await byHand.pool.query('CREATE EXTENSION pg_stat_statements SCHEMA public');
  const { probes } = await run(byHand);
  const detail = (name: string) => probes.find((probe) => probe.name === name);
  expect(detail('api_keys')).toMatchObject({ found: false });
  expect(detail('user_sessions.jwt_token_hash')).toMatchObject({ found: true });
  expect(detail('user_sessions.is_active')).toMatchObject({ found: true, detail: expect.stringMatching(/^Type integer/) });
  expect(detail('pg_stat_statements')).toMatchObject({ found: true });
  await byHand.close();
});

describe('what somebody changed by hand', () => {
  test('rights are set anew', async () => {
    await database.pool.query(`
      GRANT SELECT, DELETE ON admin_center.user_directory TO admin_center_exporter, PUBLIC;
      REVOKE SELECT ON admin_center.account FROM admin_center_api;
      GRANT EXECUTE ON FUNCTION admin_center.suspend_user TO PUBLIC;
      REVOKE EXECUTE ON FUNCTION admin_center.tally_add FROM admin_center_api`);
    await run(database);
    const { rows } = await database.pool.query(`
      SELECT has_table_privilege('admin_center_exporter', 'user_directory', 'SELECT') AS exporter, has_table_privilege('admin_center_api', 'user_directory', 'DELETE') AS deletes,
        has_table_privilege('admin_center_api', 'account', 'SELECT') AS account, has_function_privilege('admin_center_exporter', 'suspend_user(uuid, text)', 'EXECUTE') AS suspends,
        has_function_privilege('admin_center_api', 'tally_add(text, jsonb, bigint)', 'EXECUTE') AS counts`);
    expect(rows).toEqual([{ exporter: false, deletes: false, account: true, suspends: false, counts: true }]);
  });

  test('views and functions are as their files say, whatever their shape was', async () => {
    await database.pool.query(`
      CREATE VIEW admin_center.left_over AS SELECT 1 AS one;
      DROP FUNCTION admin_center.mirror_audit;
      CREATE FUNCTION admin_center.mirror_audit(other integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
      CREATE OR REPLACE VIEW admin_center.host_audit_entry AS SELECT *, 1 AS more FROM (SELECT id AS entry_id, created_at AS at, admin_user_id AS actor_id, admin_role AS actor_role,
        action, resource_type AS target_type, resource_id AS target_id, affected_user_id FROM public.admin_audit_logs) entry`);
    await run(database);
    const { rows } = await database.pool.query(`
      SELECT to_regclass('left_over')::text AS left_over, (SELECT count(*) FROM pg_proc WHERE proname = 'mirror_audit') AS mirrors,
        (SELECT count(*) FROM pg_attribute WHERE attrelid = 'host_audit_entry'::regclass AND attnum > 0) AS columns`);
    expect(rows).toEqual([{ left_over: null, mirrors: 1, columns: 8 }]);
  });

  test('a view of somebody else on ours is not dropped: the run says what is in the way', async () => {
    await database.pool.query('CREATE VIEW public.theirs AS SELECT user_id FROM admin_center.account');
    await expect(run(database)).rejects.toThrow(/depends on the views of the Admin Center[\s\S]*theirs/);
    expect((await database.pool.query('SELECT * FROM public.theirs')).rows).toEqual([]);
    await database.pool.query('DROP VIEW public.theirs');
    await expect(run(database)).resolves.toMatchObject({ applied: [] });
  });
});

test('readers go on while views are rebuilt', async () => {
  const reader = await database.pool.connect();
  await reader.query('BEGIN');
  await reader.query('SELECT count(*) FROM entitlement');
  const migrating = run(database);
  await expect(reader.query('SELECT count(*) FROM account')).resolves.toBeDefined();
  await reader.query('COMMIT');
  reader.release();
  await expect(migrating).resolves.toMatchObject({ applied: [] });
});

test('the directory is filled', async () => {
  const fresh = await createTestDatabase({ host: 'empty' });
  await createHostSchema(fresh.pool, { variant: 'full' });
  await fresh.make.user({ createdAt: new Date('2025-01-01') });
  await run(fresh);
  expect((await fresh.pool.query('SELECT count(*) AS users FROM user_directory')).rows).toEqual([{ users: 1 }]);
  await fresh.close();
});

(existsSync(DEBIAN_15) ? test : test.skip)('works on PostgreSQL 15', async () => {
  const dataDir = path.join(await scratchFolder(), 'postgres');
  const server = await startEmbeddedPostgres({ dataDir, port: await freePort(), durable: false, environment: { PG_BIN: DEBIAN_15 } });
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    await createHostSchema(client, { variant: 'full' });
    expect((await migrate({ databaseUrl: server.url, passwords: TEST_PASSWORDS })).applied).toEqual(migrations);
    expect((await migrate({ databaseUrl: server.url, passwords: TEST_PASSWORDS })).applied).toEqual([]);
    await client.query("INSERT INTO public.users (email, metadata) VALUES ('a@acme.example', '{\"deleted_at\": \"2026-01-01T00:00:00Z\"}')");
    expect((await client.query('SELECT state, deleted_at FROM admin_center.account')).rows).toEqual([{ state: 'deleted', deleted_at: new Date('2026-01-01T00:00:00Z') }]);
  } finally {
    await client.end();
    await server.stop();
    await rm(path.dirname(dataDir), { recursive: true, force: true });
  }
});
