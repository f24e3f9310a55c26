// PostgreSQL is killed while an API serves, and comes back: answers meanwhile, and that everything goes on afterwards.
import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@admin-center/database/embedded';
import { createHostSchema } from '@admin-center/database/host-schema';
import { migrate } from '@admin-center/database/migrate';
import { roleUrl } from '@admin-center/database/roles';
import pg from 'pg';
import { freePort } from '../../database/testing/free-port.ts';
import { scratchFolder } from '../../database/testing/scratch.ts';
import { createClient, TOKEN } from './client.ts';
import { type Issuer, startIssuer } from './issuer.ts';
import { type ApiProcess, eventually, startProcess } from './process.ts';

const ADA = { email: 'ada@acme.example' };
const passwords = { exporter: 'exporter-password', api: 'the-api-password' };
let directory: string;
let port: number;
let cluster: EmbeddedPostgres;
let issuer: Issuer;
let api: ApiProcess;

const start = (): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ dataDir: path.join(directory, 'postgres'), port, durable: false });
const query = async (text: string): Promise<pg.QueryResult> => {
  const client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  return client.query(text).finally(() => client.end());
};
const ada = () => createClient(api.baseUrl, issuer, ADA);

beforeAll(async () => {
  directory = await scratchFolder();
  port = await freePort();
  [cluster, issuer] = await Promise.all([start(), startIssuer()]);
  const client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  await createHostSchema(client, { variant: 'full' });
  await client.end();
  await migrate({ databaseUrl: cluster.url, passwords });
  await query(`WITH ada AS (INSERT INTO public.users (email, name, email_verified) VALUES ('${ADA.email}', 'Ada', true) RETURNING id) INSERT INTO public.admin_roles (user_id, role) SELECT id, 'super_admin' FROM ada`);
  api = await startProcess({
    DATABASE_URL: roleUrl(cluster.url, 'api', passwords.api), PORT: '0', ACTIONS_API_TOKEN: TOKEN, GRAFANA_ROOT_URL: issuer.rootUrl, GRAFANA_JWKS_URL: issuer.keysUrl,
    AUDIT_WITNESS_FILE: path.join(directory, 'witness.jsonl'), LOG_LEVEL: 'info',
  });
}, 120_000);
afterAll(async () => {
  await api.end('SIGTERM');
  await Promise.all([cluster.stop(), issuer.close()]);
  await rm(directory, { recursive: true, force: true });
}, 60_000);

const ready = async () => (await fetch(`${api.baseUrl}/readyz`)).json() as Promise<{ ready: boolean; reasons: string[] }>;
const relayed = async (): Promise<number> => (await query('SELECT FROM admin_center.outbox WHERE relayed_at IS NULL')).rowCount ?? 0;

test('requests are answered 503 at once while it is away, and everything goes on when it is back', async () => {
  expect((await ada().get('/api/v1/me')).status).toBe(200);
  expect(await ready()).toEqual({ ready: true, reasons: [] });

  process.kill(cluster.pid, 'SIGKILL');
  // Backends that are connected outlive their postmaster for a moment.
  await eventually(() => ada().get('/api/v1/me'), ({ status }) => status !== 200);
  const startedAt = Date.now();
  for (const endpoint of ['/api/v1/me', '/api/v1/users', '/api/v1/audit']) {
    const answer = await ada().get(endpoint);
    expect(answer).toMatchObject({ status: 503, body: { code: 'database_unavailable' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect(await ada().post('/api/v1/audit/verify')).toMatchObject({ status: 503 });
  expect(Date.now() - startedAt).toBeLessThan(10_000);
  expect(await ready()).toMatchObject({ ready: false, reasons: [expect.stringContaining('The database cannot be reached')] });
  expect((await fetch(`${api.baseUrl}/healthz`)).status).toBe(200);
  expect(api.child.exitCode).toBeNull();

  cluster = await start();
  await eventually(() => ada().get('/api/v1/me'), ({ status }) => status === 200);
  expect(await ready()).toEqual({ ready: true, reasons: [] });
  expect(await ada().post('/api/v1/audit/verify')).toMatchObject({ status: 200, body: { valid: true } });
  // Relay, job runner and heartbeat have found their way back as well.
  await eventually(relayed, (count) => count === 0);
  await eventually(async () => (await query("SELECT FROM admin_center.heartbeat WHERE part = 'worker' AND at > now() - interval '10 seconds'")).rowCount, (count) => count === 1, 30_000);
  await query("UPDATE admin_center.audit_chain_status SET verified_at = NULL; INSERT INTO public.users (email, name) VALUES ('after.the.outage@acme.example', 'New')");
  await eventually(async () => (await query("SELECT FROM admin_center.user_directory WHERE email = 'after.the.outage@acme.example'")).rowCount, (count) => count === 1, 90_000);
}, 150_000);

test('a server that accepts and never answers does not make requests hang', async () => {
  process.kill(cluster.pid, 'SIGSTOP');
  const backends = execFileSync('ps', ['-o', 'pid=', '--ppid', String(cluster.pid)], { encoding: 'utf8' }).trim().split(/\s+/).map(Number);
  backends.forEach((pid) => process.kill(pid, 'SIGSTOP'));
  try {
    const startedAt = Date.now();
    expect(await ada().get('/api/v1/audit')).toMatchObject({ status: 503 });
    expect(Date.now() - startedAt).toBeLessThan(30_000);
    expect((await ready()).ready).toBe(false);
  } finally {
    backends.forEach((pid) => process.kill(pid, 'SIGCONT'));
    process.kill(cluster.pid, 'SIGCONT');
  }
  await eventually(() => ada().get('/api/v1/me'), ({ status }) => status === 200, 30_000);
}, 90_000);
