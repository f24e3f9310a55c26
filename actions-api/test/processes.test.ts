// Faults and races between real processes: one idempotency key taken by two, a worker killed amid its work, a role taken
// away from a request that runs, an orderly end with a write under way.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { environmentOf } from './api.ts';
import { createClient } from './client.ts';
import { type Issuer, startIssuer } from './issuer.ts';
import { type ApiProcess, eventually, runToEnd, startProcess } from './process.ts';

const ADA = { email: 'ada@acme.example' };
const reason = 'For a test of two processes.';
let db: TestDatabase;
let issuer: Issuer;
let directory: string;
let first: ApiProcess;
let second: ApiProcess;

const environment = (env: Readonly<Record<string, string>> = {}) => environmentOf(db, issuer, directory, { API_ROLES: 'admin', ...env });
const as = (api: ApiProcess) => createClient(api.baseUrl, issuer, ADA);

beforeAll(async () => {
  [db, issuer, directory] = await Promise.all([createTestDatabase(), startIssuer(), mkdtemp(path.join(tmpdir(), 'admin-center-processes-'))]);
  await db.make.admin(ADA);
  [first, second] = await Promise.all([startProcess(environment()), startProcess(environment())]);
}, 60_000);
afterAll(async () => {
  await Promise.all([first, second].map((api) => (api.child.exitCode === null && api.child.signalCode === null ? api.end('SIGTERM') : null)));
  await Promise.all([db.close(), issuer.close(), rm(directory, { recursive: true, force: true })]);
}, 60_000);

/** Holds the user's row as another transaction would, until released. */
async function holdUser(userId: string): Promise<() => Promise<void>> {
  const client = await db.pool.connect();
  await client.query('BEGIN');
  await client.query('SELECT FROM public.users WHERE id = $1 FOR UPDATE', [userId]);
  return async () => {
    await client.query('COMMIT');
    client.release();
  };
}
const waiting = () => eventually(async () => (await db.pool.query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")).rowCount ?? 0, (count) => count > 0);
const entries = async (userId: string) => (await db.pool.query('SELECT action, outcome FROM admin_center.audit_log WHERE target_id = $1', [userId])).rows as { action: string; outcome: string }[];

describe('one idempotency key taken by two processes at once', () => {
  test('runs in one of them; the other waits and gives the same answer', async () => {
    const { id } = await db.make.user();
    const key = randomUUID();
    const release = await holdUser(id);
    const answers = [first, second].map((api) => as(api).post(`/api/v1/users/${id}/suspend`, { reason }, { key }));
    await eventually(async () => (await db.pool.query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")).rowCount ?? 0, (count) => count === 2);
    await release();
    const [one, other] = await Promise.all(answers);
    expect([one?.status, other?.status]).toEqual([200, 200]);
    expect(one?.body).toEqual(other?.body);
    expect([one, other].filter((answer) => answer?.headers.get('idempotency-replayed') === 'true')).toHaveLength(1);
    expect(await entries(id)).toEqual([{ action: 'users.suspend', outcome: 'success' }]);
  });

  test('happens once for each of twenty keys, sent four times each', async () => {
    const users = await Promise.all(Array.from({ length: 20 }, () => db.make.user()));
    await Promise.all(
      users.map(async ({ id }) => {
        const key = randomUUID();
        const answers = await Promise.all([first, second, first, second].map((api) => as(api).post(`/api/v1/users/${id}/suspend`, { reason }, { key })));
        expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
        expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
        expect(await entries(id)).toHaveLength(1);
      }),
    );
  });

  test('goes to the second when the first dies before its commit', async () => {
    const { id } = await db.make.user();
    const key = randomUUID();
    const dying = await startProcess(environment());
    const release = await holdUser(id);
    const lost = as(dying).post(`/api/v1/users/${id}/suspend`, { reason }, { key }).then(() => 'answered', () => 'lost');
    await waiting();
    const saved = as(second).post(`/api/v1/users/${id}/suspend`, { reason }, { key });
    await dying.end('SIGKILL');
    await release();
    expect(await lost).toBe('lost');
    expect(await saved).toMatchObject({ status: 200 });
    expect((await entries(id)).filter(({ outcome }) => outcome === 'success')).toHaveLength(1);
  });
});

test('a role taken away while its request runs stops the request before its commit', async () => {
  const sam = await db.make.admin({ email: `sam-${randomUUID()}@acme.example`, role: 'support_admin' });
  const { id } = await db.make.user();
  const release = await holdUser(id);
  const answer = createClient(first.baseUrl, issuer, sam).post(`/api/v1/users/${id}/suspend`, { reason });
  await waiting();
  await db.pool.query('UPDATE public.admin_roles SET revoked_at = now() WHERE user_id = $1', [sam.id]);
  await release();
  expect(await answer).toMatchObject({ status: 403, body: { code: 'no_admin_role' } });
  expect((await db.pool.query('SELECT state FROM admin_center.account WHERE user_id = $1', [id])).rows).toEqual([{ state: 'active' }]);
  expect(await entries(id)).toEqual([{ action: 'users.suspend', outcome: 'denied' }]);
});

describe('a worker', () => {
  const state = async () =>
    (
      await db.pool.query(
        `SELECT (SELECT coalesce(sum(value), 0)::int FROM admin_center.tally WHERE metric = 'admincenter_actions_total') AS counted,
           (SELECT count(*)::int FROM admin_center.mark) AS marked, (SELECT count(*)::int FROM admin_center.outbox WHERE relayed_at IS NOT NULL) AS done,
           (SELECT count(*)::int FROM admin_center.outbox) AS total`,
      )
    ).rows[0] as { counted: number; marked: number; done: number; total: number };

  test('killed between commit and relay, again and again, leaves each action counted and marked exactly once', async () => {
    const before = await state();
    await db.pool.query(
      "SELECT admin_center.audit_append(NULL, 'user:2', NULL, 'system', 'users.suspend', 'success', 'user', 'x', NULL, NULL, NULL, NULL, NULL, NULL) FROM generate_series(1, 800)",
    );
    const failed = (await db.pool.query("SELECT count(*)::int AS count FROM admin_center.audit_log WHERE outcome <> 'success'")).rows[0].count as number;
    for (let kill = 0; kill < 2; kill++) {
      const { done } = await state();
      const worker = await startProcess(environment({ API_ROLES: 'worker', AUDIT_WITNESS_FILE: path.join(directory, `witness-${kill}`) }));
      await eventually(state, (now) => now.done > done || now.done === now.total);
      await worker.end('SIGKILL');
      const now = await state();
      expect(now.counted).toBe(now.done);
    }
    const last = await startProcess(environment({ API_ROLES: 'worker', AUDIT_WITNESS_FILE: path.join(directory, 'witness-last') }));
    const after = await eventually(state, (now) => now.done === now.total);
    await last.end('SIGTERM');
    expect(after.total - before.total).toBe(800);
    expect(after).toMatchObject({ counted: after.total, marked: after.total - failed });
  }, 60_000);

  test('that ends in order keeps no job locked and says so with exit code 0', async () => {
    // Those of the workers that were killed above.
    const locked = async () => (await db.pool.query('SELECT id FROM admin_center_worker.jobs WHERE locked_at IS NOT NULL ORDER BY id')).rows as unknown[];
    const before = await locked();
    const worker = await startProcess(environment({ API_ROLES: 'worker' }));
    await eventually(async () => (await db.pool.query("SELECT FROM admin_center.heartbeat WHERE part = 'worker' AND at > now() - interval '5 seconds'")).rowCount, (count) => count === 1);
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(await locked()).toEqual(before);
  }, 30_000);
});

test('SIGTERM lets a running write finish, takes no new request, and ends with 0', async () => {
  const ending = await startProcess(environment());
  const { id } = await db.make.user();
  const release = await holdUser(id);
  const running = as(ending).post(`/api/v1/users/${id}/suspend`, { reason });
  await waiting();
  const ended = ending.end('SIGTERM');
  await eventually(() => as(ending).get('/api/v1/me').then(({ status }) => status, () => 'refused'), (answer) => answer === 'refused');
  await release();
  expect(await running).toMatchObject({ status: 200, body: { user: { state: 'suspended' } } });
  expect(await ended).toBe(0);
}, 30_000);

test('the telemetry port tells latencies by route template, the actions and the pools, in the format of Prometheus', async () => {
  const { id } = await db.make.user();
  await as(first).post(`/api/v1/users/${id}/suspend`, { reason });
  await as(first).get(`/api/v1/users/${id}`);
  await as(first).get('/wp-login.php');
  const text = await (await fetch(first.telemetryUrl)).text();
  expect(text).toMatch(/^http_server_request_duration_seconds_bucket\{[^}]*http_route="\/api\/v1\/users\/:userId"[^}]*le="0.25"/m);
  expect(text).toMatch(/^http_server_request_duration_seconds_count\{[^}]*http_route="\*"[^}]*http_response_status_code="404"/m);
  expect(text).toMatch(/^admincenter_action_duration_seconds_count\{[^}]*action="users.suspend"/m);
  expect(text).toMatch(/^http_server_active_requests\{/m);
  expect(text).toMatch(/^db_client_connections\{[^}]*db_client_connection_pool_name="requests"[^}]*db_client_connection_state="idle"/m);
  expect(text).not.toContain(id);
  expect(text).not.toContain('wp-login');
});

test('a configuration that cannot work is refused with what to set, and without its secrets', async () => {
  const [bad, taken] = await Promise.all([
    runToEnd({ ...environment(), ACTIONS_API_TOKEN: 'short', GRAFANA_ORG_IDS: 'x', API_ROLES: 'king' }),
    runToEnd({ ...environment(), PORT: new URL(first.baseUrl).port }),
  ]);
  expect(bad.code).toBe(2);
  for (const name of ['ACTIONS_API_TOKEN', 'GRAFANA_ORG_IDS', 'API_ROLES']) {
    expect(bad.output).toContain(name);
  }
  expect(taken.code).toBe(1);
  expect(taken.output).toContain('EADDRINUSE');
  expect(first.log.join('\n')).not.toContain('a-shared-secret-for-tests');
}, 30_000);
