// The simulator as a process: it lives, rides out an outage of PostgreSQL, and stops at once.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import pg from 'pg';
import { loadDemo } from './load.ts';

const script = fileURLToPath(new URL('simulate.ts', import.meta.url));
let database: TestDatabase;
let server: pg.Client;
const children: ChildProcess[] = [];

function start(databaseUrl: string): { readonly child: ChildProcess; readonly output: () => string } {
  const child = spawn(process.execPath, [script], { env: { ...process.env, NODE_OPTIONS: '', DATABASE_URL: databaseUrl, LOG_LEVEL: 'debug' }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    await sleep(100);
  }
}

const ticks = (output: string): number => output.split('"lived"').length - 1;

beforeAll(async () => {
  database = await createTestDatabase();
  // A day ago, so that there is something to catch up with whatever the hour of so small a company.
  await loadDemo({ databaseUrl: database.url, seed: 8, users: 400, days: 10, now: new Date(Date.now() - 86_400_000) });
  const url = new URL(database.url);
  url.pathname = '/postgres';
  server = new pg.Client({ connectionString: url.href });
  await server.connect();
}, 30_000);

afterAll(async () => {
  children.filter((child) => child.exitCode === null && child.signalCode === null).forEach((child) => child.kill('SIGKILL'));
  await server.end();
  await database.close();
});

test('catches up, lives through an outage, and ends on SIGTERM', async () => {
  const name = new URL(database.url).pathname.slice(1);
  const count = async (): Promise<number> => (await database.pool.query<{ n: number }>(`SELECT count(*)::integer AS n FROM public.user_sessions`)).rows[0]?.n ?? 0;
  const before = await count();
  const { child, output } = start(database.url);
  await until(() => ticks(output()) > 0);
  await until(async () => (await count()) > before);

  await server.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await server.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  await until(() => output().includes('a step failed; trying again'));
  expect(child.exitCode).toBeNull();
  await server.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  await until(() => output().includes('the database is back'));
  const lived = ticks(output());
  await until(() => ticks(output()) > lived);

  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
}, 60_000);

test('refuses a database without the demo with a clear line', async () => {
  const other = await createTestDatabase();
  try {
    const { child, output } = start(other.url);
    const [code] = await once(child, 'exit');
    expect(code).toBe(2);
    expect(output()).toContain('The database holds no demo company');
  } finally {
    await other.close();
  }
}, 30_000);

test('says which setting is missing', async () => {
  const { child, output } = start('');
  const [code] = await once(child, 'exit');
  expect(code).toBe(2);
  expect(output()).toContain('DATABASE_URL');
}, 30_000);
