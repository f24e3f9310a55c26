// The supervisor against real servers: first start, orphans, crashes, and places PostgreSQL cannot go by itself.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, lstat, mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { freePort } from '../testing/free-port.ts';
import { findBinaries, hydrateSymlinks } from './binaries.ts';
import { startEmbeddedPostgres, type EmbeddedOptions, type EmbeddedPostgres } from './embedded.ts';

const asRoot = process.getuid?.() === 0 ? test : test.skip;
const DEBIAN_15 = '/usr/lib/postgresql/15/bin';

let scratch: string;
let port: number;
let running: EmbeddedPostgres | null = null;

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'admin-center-embedded-'));
  await chmod(scratch, 0o755);
  port = await freePort();
});
afterEach(async () => {
  await running?.stop();
  running = null;
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const options = (changes: Partial<EmbeddedOptions> = {}): EmbeddedOptions => ({ dataDir: path.join(scratch, 'data'), port, durable: false, ...changes });

async function start(changes: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> {
  running = await startEmbeddedPostgres(options(changes));
  return running;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('a first start makes a cluster that only this machine can reach', async () => {
  const server = await start({ database: 'acme' });
  const [settings] = await query(
    server.url,
    `SELECT current_database() AS database, current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets,
       current_setting('server_encoding') AS encoding, current_setting('password_encryption') AS passwords, current_setting('shared_preload_libraries') AS preloaded`,
  );
  expect(settings).toEqual({ database: 'acme', addresses: '127.0.0.1', sockets: '', encoding: 'UTF8', passwords: 'scram-sha-256', preloaded: 'pg_stat_statements' });
  await expect(query(server.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(/password/);
});

test('data outlives a stop and a start', async () => {
  const first = await start();
  await query(first.url, "CREATE TABLE kept AS SELECT 'here' AS value");
  await first.stop();
  await expect(query(first.url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  const second = await start();
  expect(second.adopted).toBe(false);
  expect(await query(second.url, 'SELECT value FROM kept')).toEqual([{ value: 'here' }]);
});

test('a server whose launcher was killed is adopted', async () => {
  const module = fileURLToPath(new URL('./embedded.ts', import.meta.url));
  const program = `import { startEmbeddedPostgres } from ${JSON.stringify(module)};
    const { pid } = await startEmbeddedPostgres(${JSON.stringify(options())});
    console.log(pid);
    setInterval(() => undefined, 1000);`;
  const launcher = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const orphan = await new Promise<number>((resolve) => launcher.stdout.once('data', (line: Buffer) => resolve(Number(line))));
  const ended = new Promise((resolve) => launcher.once('exit', resolve));
  launcher.kill('SIGKILL');
  await ended;

  const adopted = await start();
  expect(adopted).toMatchObject({ pid: orphan, adopted: true });
  expect(await query(adopted.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a killed server recovers what was committed', async () => {
  const first = await start({ durable: true });
  await query(first.url, 'CREATE TABLE committed AS SELECT g FROM generate_series(1, 1000) g');
  process.kill(first.pid, 'SIGKILL');
  const second = await start({ durable: true });
  expect(second.pid).not.toBe(first.pid);
  expect(await query(second.url, 'SELECT count(*)::int AS rows FROM committed')).toEqual([{ rows: 1000 }]);
});

test('a server on another port is ended and started where it is wanted', async () => {
  const first = await startEmbeddedPostgres(options());
  const elsewhere = await freePort();
  const second = await start({ port: elsewhere });
  expect(second.adopted).toBe(false);
  await expect(query(first.url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  expect(new URL(second.url).port).toBe(String(elsewhere));
});

test('a pid file that names somebody else’s process does not keep the server from starting', async () => {
  const first = await start();
  await first.stop();
  await writeFile(path.join(scratch, 'data', 'cluster', 'postmaster.pid'), `${process.pid}\n${scratch}/data/cluster\n0\n${port}\n`);
  const second = await start();
  expect(second.adopted).toBe(false);
});

test('a port that is taken is said to be', async () => {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  const taken = (blocker.address() as { port: number }).port;
  try {
    await expect(startEmbeddedPostgres(options({ port: taken }))).rejects.toThrow(/Port \d+ on 127.0.0.1 is in use by another program/);
  } finally {
    await new Promise((resolve) => blocker.close(resolve));
  }
});

/** How much later the second comes decides how far the first has got: both look, both launch, or one adopts. */
test.each([0, 10, 25, 50])('two starts %i ms apart end with one server', async (apart) => {
  await (await start()).stop();
  const [one, other] = await Promise.all([startEmbeddedPostgres(options()), delay(apart).then(() => startEmbeddedPostgres(options()))]);
  running = one;
  expect(other.pid).toBe(one.pid);
});

describe('programs', () => {
  test('PG_BIN without programs is refused', async () => {
    await expect(findBinaries({ PG_BIN: scratch })).rejects.toThrow(/no postgres and initdb/);
  });

  (existsSync(DEBIAN_15) ? test : test.skip)('PG_BIN runs the PostgreSQL of the system', async () => {
    const server = await start({ dataDir: path.join(scratch, 'fifteen'), environment: { PG_BIN: DEBIAN_15 } });
    expect(await query(server.url, "SELECT current_setting('server_version_num')::int / 10000 AS major")).toEqual([{ major: 15 }]);
  });

  test('links between shared libraries are made where npm did not', async () => {
    const home = path.join(scratch, 'package');
    await mkdir(path.join(home, 'native', 'lib'), { recursive: true });
    await writeFile(path.join(home, 'native', 'lib', 'libx.so.1.2'), '');
    await writeFile(path.join(home, 'native', 'pg-symlinks.json'), JSON.stringify([{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so' }]));
    await hydrateSymlinks(home);
    await hydrateSymlinks(home);
    expect(await readlink(path.join(home, 'native', 'lib', 'libx.so'))).toBe('libx.so.1.2');
  });
});

describe('a checkout that only root may enter', () => {
  asRoot('keeps its data outside, behind a link whose removal starts afresh', async () => {
    const closed = path.join(scratch, 'closed');
    await mkdir(closed, { mode: 0o700 });
    const dataDir = path.join(closed, 'data');
    const server = await start({ dataDir });
    expect((await lstat(dataDir)).isSymbolicLink()).toBe(true);
    const outside = await readlink(dataDir);
    await query(server.url, 'CREATE TABLE gone ()');
    await server.stop();

    const again = await start({ dataDir });
    expect(await query(again.url, "SELECT to_regclass('gone')::text AS name")).toEqual([{ name: 'gone' }]);
    await again.stop();

    await rm(dataDir);
    const afresh = await start({ dataDir });
    expect(await query(afresh.url, "SELECT to_regclass('gone')::text AS name")).toEqual([{ name: null }]);
    await afresh.stop();
    await rm(outside, { recursive: true });
  });

  asRoot('runs copies of its programs', async () => {
    const closed = path.join(scratch, 'closed-programs');
    await mkdir(closed, { mode: 0o700 });
    await cp(path.dirname(await findBinaries({})), path.join(closed, 'native'), { recursive: true, verbatimSymlinks: true });
    const server = await start({ dataDir: path.join(scratch, 'copied'), environment: { PG_BIN: path.join(closed, 'native', 'bin') } });
    const program = await readlink(`/proc/${server.pid}/exe`);
    expect(program).toMatch(/^\/var\/lib\/admin-center\/binaries-/);
    await server.stop();
    await rm(path.dirname(path.dirname(program)), { recursive: true });
  });

  asRoot('does not touch data that lies where PostgreSQL cannot reach it', async () => {
    const closed = path.join(scratch, 'closed-with-data');
    await mkdir(path.join(closed, 'data'), { recursive: true });
    await chmod(closed, 0o700);
    await expect(startEmbeddedPostgres(options({ dataDir: path.join(closed, 'data') }))).rejects.toThrow(/only root may enter/);
  });
});
