// What the two service roles may do, and that it is nothing else.
import { createPool } from '@admin-center/platform/pool';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { createTestDatabase, type TestDatabase } from './testing.ts';

const DENIED = expect.objectContaining({ code: '42501' });

let database: TestDatabase;
let exporter: pg.Pool;
let api: pg.Pool;
let user: { id: string };

beforeAll(async () => {
  database = await createTestDatabase();
  exporter = createPool({ connectionString: database.exporterUrl, applicationName: 'test' });
  api = createPool({ connectionString: database.apiUrl, applicationName: 'test' });
  user = await database.make.user();
  await database.make.session(user.id);
});
afterAll(async () => {
  await Promise.all([exporter.end(), api.end()]);
  await database.close();
});

/** Every table and view of the database with what a role may do to it. */
async function powersOf(role: string): Promise<{ schema: string; name: string; kind: string; powers: string[] }[]> {
  const { rows } = await database.pool.query(
    `SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind, array_agg(p.privilege ORDER BY p.privilege) AS powers
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'), ('TRIGGER')) AS p (privilege)
     WHERE n.nspname IN ('public', 'admin_center', 'admin_center_worker') AND c.relkind IN ('r', 'v', 'p', 'm') AND has_table_privilege($1, c.oid, p.privilege)
     GROUP BY 1, 2, 3`,
    [role],
  );
  return rows;
}

describe('the exporter', () => {
  test('reads views of ours, and no table', async () => {
    const powers = await powersOf('admin_center_exporter');
    expect(powers.length).toBeGreaterThan(3);
    for (const power of powers) {
      expect(power).toMatchObject({ schema: 'admin_center', kind: 'v', powers: ['SELECT'] });
    }
  });

  test.each(['SELECT * FROM public.users', 'SELECT session_token FROM public.user_sessions', 'SELECT * FROM account', 'SELECT * FROM user_directory', 'SELECT * FROM audit_log', 'SELECT * FROM admin_center_worker.jobs'])(
    '%s is denied',
    async (query) => {
      await expect(exporter.query(query)).rejects.toEqual(DENIED);
    },
  );

  test('cannot write, not even after it turns its read-only setting off', async () => {
    const client = await exporter.connect();
    try {
      await expect(client.query("SELECT tally_add('x', '{}')")).rejects.toEqual(DENIED);
      expect((await client.query('SHOW default_transaction_read_only')).rows).toEqual([{ default_transaction_read_only: 'on' }]);
      await client.query('SET default_transaction_read_only = off');
      await expect(client.query("INSERT INTO tally (metric, value) VALUES ('x', 1)")).rejects.toEqual(DENIED);
      await expect(client.query('UPDATE public.users SET is_suspended = true')).rejects.toEqual(DENIED);
      await expect(client.query('SELECT suspend_user($1, $2)', [user.id, 'Because I can'])).rejects.toEqual(DENIED);
      await expect(client.query('SELECT refresh_user_directory()')).rejects.toEqual(DENIED);
      await expect(client.query('CREATE TABLE admin_center.mine ()')).rejects.toEqual(DENIED);
      await expect(client.query('CREATE TABLE public.mine ()')).rejects.toEqual(DENIED);
    } finally {
      client.release(true);
    }
  });

  test('has a timeout for its statements', async () => {
    expect((await database.pool.query("SELECT setting FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole, unnest(setconfig) AS setting WHERE rolname = 'admin_center_exporter' AND setting LIKE 'statement_timeout=%'")).rowCount).toBe(1);
  });
});

describe('the API', () => {
  test('has no right on a whole table of the host', async () => {
    expect((await powersOf('admin_center_api')).filter((power) => power.schema === 'public')).toEqual([]);
  });

  test('reads the host’s views', async () => {
    for (const view of ['identity', 'account', 'session', 'subscription', 'entitlement', 'payment', 'refund', 'admin', 'qualifying_event', 'host_audit_entry', 'user_directory', 'host_probe', 'heartbeat']) {
      await expect(api.query(`SELECT * FROM ${view} LIMIT 1`)).resolves.toBeDefined();
    }
  });

  test.each([
    'SELECT email FROM public.users',
    'SELECT session_token FROM public.user_sessions',
    "UPDATE public.users SET email = 'x'",
    "UPDATE public.users SET deleted_at = now()",
    'UPDATE public.user_sessions SET expires_at = now()',
    'UPDATE public.subscriptions SET tier = $$enterprise$$',
    'DELETE FROM public.user_sessions',
    'DELETE FROM public.users',
    'DELETE FROM public.admin_audit_logs',
    "UPDATE public.admin_audit_logs SET action = 'x'",
    "INSERT INTO public.admin_roles (user_id, role) SELECT user_id, 'super_admin' FROM admin_center.account",
    'INSERT INTO public.admin_audit_logs (id) VALUES (gen_random_uuid())',
  ])('%s is denied', async (statement) => {
    await expect(api.query(statement)).rejects.toEqual(DENIED);
  });

  test.each([
    "INSERT INTO tally (metric, value) VALUES ('admincenter_actions_total', 99)",
    'UPDATE tally SET value = 0',
    'DELETE FROM tally',
    "UPDATE user_directory SET state = 'active'",
    'DELETE FROM user_directory',
    "INSERT INTO host_probe VALUES ('x', 'table', true, '', now())",
    'TRUNCATE heartbeat',
    "INSERT INTO erased_person (digest) VALUES (sha256('x'))",
    'DELETE FROM erased_person',
    'DELETE FROM event',
    'UPDATE event SET person_id = gen_random_uuid()',
    'DELETE FROM person_link',
  ])('%s is denied: only functions write there', async (statement) => {
    await expect(api.query(statement)).rejects.toEqual(DENIED);
  });

  test.each(['audit_log', 'audit_detail', 'audit_checkpoint'])('%s can be neither written, changed nor emptied', async (table) => {
    const [power] = (await powersOf('admin_center_api')).filter(({ schema, name }) => schema === 'admin_center' && name === table);
    expect(power?.powers.filter((privilege) => privilege !== 'SELECT') ?? []).toEqual([]);
    await expect(api.query(`DELETE FROM ${table}`)).rejects.toEqual(DENIED);
    await expect(api.query(`TRUNCATE ${table} CASCADE`)).rejects.toEqual(DENIED);
  });

  test('erases a person by the function, and sees who is', async () => {
    await expect(api.query('SELECT erase_person($1)', [user.id])).resolves.toBeDefined();
    expect((await api.query('SELECT digest = erasure_digest($1) AS same FROM erased_person WHERE digest = erasure_digest($1)', [user.id])).rows).toEqual([{ same: true }]);
    await expect(api.query('SELECT erase_person_events($1)', [user.id])).rejects.toEqual(DENIED);
    await expect(exporter.query('SELECT erase_person($1)', [user.id])).rejects.toEqual(DENIED);
    await expect(exporter.query('SELECT * FROM erased_person')).rejects.toEqual(DENIED);
    await expect(exporter.query('SELECT erasure_pad(true)')).rejects.toEqual(DENIED);
    for (const client of [api, exporter]) {
      await expect(client.query('SELECT * FROM erasure_key')).rejects.toEqual(DENIED);
      await expect(client.query('SELECT erase_restored_events()')).rejects.toEqual(DENIED);
    }
  });

  test('counts, and keeps its heartbeat', async () => {
    await api.query(`SELECT tally_add('rights_test_total', '{"a": "b"}')`);
    await api.query("INSERT INTO heartbeat (part, at) VALUES ('worker', now()) ON CONFLICT (part) DO UPDATE SET at = excluded.at");
    expect((await api.query("SELECT value FROM tally WHERE metric = 'rights_test_total'")).rows).toEqual([{ value: 1 }]);
  });

  test('cannot create anything, nor change the schema of jobs', async () => {
    await expect(api.query('CREATE TABLE admin_center.mine ()')).rejects.toEqual(DENIED);
    await expect(api.query('CREATE TABLE admin_center_worker.mine ()')).rejects.toEqual(DENIED);
    await expect(api.query('ALTER TABLE audit_log ADD COLUMN x text')).rejects.toEqual(DENIED);
    await expect(api.query('CREATE OR REPLACE VIEW admin_center.admin AS SELECT 1')).rejects.toEqual(DENIED);
  });

  test('puts jobs into the queue', async () => {
    await api.query("SELECT admin_center_worker.add_job('rights_test', '{}'::json)");
    const { rows } = await api.query('SELECT task_identifier FROM admin_center_worker.jobs');
    expect(rows).toEqual([{ task_identifier: 'rights_test' }]);
  });
});

test('nobody else may execute a function of ours or look into our schema', async () => {
  const { rows } = await database.pool.query(
    `SELECT p.oid::regprocedure::text AS name FROM pg_proc p
     WHERE p.pronamespace = 'admin_center'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
       AND (p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0))`,
  );
  expect(rows).toEqual([]);
  expect((await database.pool.query("SELECT has_schema_privilege('pg_monitor', 'admin_center', 'USAGE') AS usage")).rows).toEqual([{ usage: false }]);
});
