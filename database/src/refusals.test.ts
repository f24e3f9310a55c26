// What migrate() says when it cannot go on: one message, with the SQL for a DBA where there is one.
import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { freePort } from '../testing/free-port.ts';
import { scratchFolder } from '../testing/scratch.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded.ts';
import { createHostSchema } from './host-schema.ts';
import { migrate } from './migrate.ts';
import { checkVersion } from './preflight.ts';
import { roleUrl, type RolePasswords } from './roles.ts';
import { createTestDatabase, TEST_PASSWORDS, type TestDatabase } from './testing.ts';

const run = (databaseUrl: string, passwords: RolePasswords = TEST_PASSWORDS) => migrate({ databaseUrl, passwords });

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ host: 'empty' });
  await createHostSchema(database.pool, { variant: 'full' });
});
afterAll(() => database.close());

const changed = (change: (url: URL) => void): string => {
  const url = new URL(database.url);
  change(url);
  return url.href;
};

describe('no connection', () => {
  test('text that is no URL', async () => {
    await expect(run('localhost:5432/acme')).rejects.toThrow(/DATABASE_URL is not a URL|cannot be reached/);
    await expect(run('not a url')).rejects.toThrow(/DATABASE_URL is not a URL/);
  });
  test('nobody listens', async () => {
    const port = await freePort();
    await expect(run(changed((url) => (url.port = String(port))))).rejects.toThrow(new RegExp(`127.0.0.1:${port}.*cannot be reached.*Check that PostgreSQL runs there`));
  });
  test('wrong password, and it is not repeated', async () => {
    const failure = run(changed((url) => (url.password = 'not-this-one')));
    await expect(failure).rejects.toThrow(/does not let this user in.*Check user, password/);
    await expect(failure).rejects.not.toThrow(/not-this-one/);
  });
  test('no such database', async () => {
    await expect(run(changed((url) => (url.pathname = '/nowhere')))).rejects.toThrow(/database nowhere .*no such database/);
  });
});

test.each([[140_012], [90_600]])('server version %p is refused', (version) => {
  expect(() => checkVersion(version)).toThrow(/PostgreSQL \d+ is too old: version 15 or newer/);
});
test.each([[150_000], [180_004]])('server version %p is taken', (version) => {
  expect(() => checkVersion(version)).not.toThrow();
});

describe('not the host’s database', () => {
  test('an empty one', async () => {
    const empty = await createTestDatabase({ host: 'empty' });
    await expect(run(empty.url)).rejects.toThrow(/not a database of CloudToLocalLLM.*no public\.users.*Point DATABASE_URL/);
    expect((await empty.pool.query("SELECT FROM pg_namespace WHERE nspname LIKE 'admin_center%'")).rowCount).toBe(0);
    await empty.close();
  });
  test('one that lacks a column', async () => {
    const old = await createTestDatabase({ host: 'empty' });
    await createHostSchema(old.pool, { variant: 'full' });
    await old.pool.query('ALTER TABLE public.users DROP COLUMN is_suspended');
    await expect(run(old.url)).rejects.toThrow(/no public\.users \(is_suspended\)/);
    await old.close();
  });
});

test('a short password for a role', async () => {
  await expect(run(database.url, { ...TEST_PASSWORDS, api: 'short' })).rejects.toThrow(/admin_center_api has fewer than 12 characters/);
});

describe('an owner with few rights', () => {
  const name = `owner_${randomUUID().slice(0, 8)}`;
  const ownerUrl = () => changed((url) => Object.assign(url, { username: name, password: 'owner-password' }));
  const asDba = (text: string) => database.pool.query(text.replaceAll(':owner', name));

  beforeAll(async () => {
    // Roles belong to the cluster, and this owner may not make them: they are there from another database of ours.
    await (await createTestDatabase()).close();
    await asDba("CREATE ROLE :owner LOGIN PASSWORD 'owner-password'");
  });
  afterAll(() => asDba('DROP OWNED BY :owner CASCADE; DROP ROLE :owner'));

  /** The SQL after "DBA run:" of a refusal. */
  async function refusal(passwords?: RolePasswords): Promise<string> {
    const message = await run(ownerUrl(), passwords).then(
      () => 'It went through.',
      (error: Error) => error.message,
    );
    const [, statements] = /DBA run[^:]*:\s*([\s\S]+)/.exec(message) ?? [];
    expect(message).toMatch(/DBA run/);
    return statements as string;
  }

  test('is told one thing after the other, and gets through when a DBA has done what was asked', async () => {
    const read = await refusal();
    expect(read).toMatch(/^GRANT SELECT ON .*public\.users/);
    await asDba(read);

    const create = await refusal();
    expect(create).toMatch(new RegExp(`^GRANT CREATE ON DATABASE test_\\w+ TO ${name};$`));
    await asDba(create);

    const passOn = await refusal();
    expect(passOn).toMatch(/GRANT UPDATE \(is_suspended, suspended_at, suspension_reason\) ON public\.users TO admin_center_api;/);
    await asDba(passOn);

    await expect(run(ownerUrl())).resolves.toMatchObject({ applied: [] });
    const api = new pg.Client({ connectionString: database.apiUrl });
    await api.connect();
    const { id } = await database.make.user();
    await api.query('SELECT suspend_user($1, $2)', [id, 'Abuse of the free tier']);
    expect((await api.query('SELECT state FROM account WHERE user_id = $1', [id])).rows).toEqual([{ state: 'suspended' }]);
    await api.end();
  });

  test('who may not set up roles needs their passwords to fit', async () => {
    const statements = await refusal({ ...TEST_PASSWORDS, exporter: 'another-password' });
    expect(statements).toContain("CREATE ROLE admin_center_exporter LOGIN PASSWORD '<the password>';");
    expect(statements).toContain('ALTER ROLE admin_center_exporter SET default_transaction_read_only = ');
    expect(statements).not.toContain('another-password');
  });

  test('a schema of ours that belongs to somebody else is left alone', async () => {
    await asDba('ALTER SCHEMA admin_center OWNER TO CURRENT_USER');
    expect(await refusal()).toBe(`ALTER SCHEMA admin_center OWNER TO ${name};`);
  });
});

describe('on a server of its own', () => {
  let server: EmbeddedPostgres;
  let dataDir: string;
  let admin: pg.Client;
  beforeAll(async () => {
    dataDir = path.join(await scratchFolder(), 'postgres');
    server = await startEmbeddedPostgres({ dataDir, port: await freePort(), durable: false });
    admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    await createHostSchema(admin, { variant: 'migrator' });
    await admin.query("ALTER SYSTEM SET log_statement = 'all'");
    await admin.query('SELECT pg_reload_conf()');
  });
  afterAll(async () => {
    await admin.end();
    await server.stop();
    await rm(path.dirname(dataDir), { recursive: true, force: true });
  });

  const login = async (role: 'exporter' | 'api', password: string) => {
    const client = new pg.Client({ connectionString: roleUrl(server.url, role, password) });
    await client.connect();
    const { rows } = await client.query<{ name: string }>('SELECT current_user AS name');
    await client.end();
    return rows[0]?.name;
  };

  test('each run sets the passwords, and the server’s log never sees one', async () => {
    const first = { exporter: 'first-exporter-päss@w:rd/%', api: "first-api-pass'word" };
    const second = { exporter: 'second-exporter-password', api: 'second-api-password' };
    await run(server.url, first);
    expect(await login('exporter', first.exporter)).toBe('admin_center_exporter');
    expect(await login('api', first.api)).toBe('admin_center_api');
    await run(server.url, second);
    expect(await login('api', second.api)).toBe('admin_center_api');
    await expect(login('api', first.api)).rejects.toThrow(/password authentication failed/);
    const log = await readFile(path.join(dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('ALTER ROLE admin_center_api');
    for (const password of [...Object.values(first), ...Object.values(second)]) {
      expect(log).not.toContain(password);
    }
  });

  test('a role of ours that has more power than a service may have is refused', async () => {
    await admin.query('ALTER ROLE admin_center_api CREATEROLE');
    await expect(run(server.url)).rejects.toThrow(/ALTER ROLE admin_center_api NOSUPERUSER NOCREATEROLE/);
    await admin.query('ALTER ROLE admin_center_api NOCREATEROLE');
    await expect(run(server.url)).resolves.toBeDefined();
  });

  test('an owner who is no superuser, but owns the database and may create roles, does it all', async () => {
    await admin.query('DROP OWNED BY admin_center_exporter, admin_center_api CASCADE');
    await admin.query('DROP ROLE admin_center_exporter, admin_center_api');
    await admin.query("CREATE ROLE plain LOGIN CREATEROLE PASSWORD 'plain-password'");
    await admin.query('CREATE DATABASE theirs OWNER plain');
    const url = new URL(server.url);
    Object.assign(url, { username: 'plain', password: 'plain-password', pathname: '/theirs' });
    const owner = new pg.Client({ connectionString: url.href });
    await owner.connect();
    await createHostSchema(owner, { variant: 'full' });
    await owner.end();
    expect((await run(url.href)).applied.length).toBeGreaterThan(3);
    await expect(run(url.href)).resolves.toMatchObject({ applied: [] });
  });
});
