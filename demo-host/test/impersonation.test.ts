// The whole way of an impersonation over HTTP: asked for from a panel, exchanged, held to its limits at every protected
// action, and over with the request that follows the admin's loss of the role.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ACTION_CLASSES, type ImpersonatedRequest } from '@admin-center/contracts/impersonation';
import { createLogger } from '@admin-center/platform/log';
import { createPool } from '@admin-center/platform/pool';
import { type AdminCenter, adminCenter } from '@cloudtolocalllm/admin-center-sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { metrics } from '@opentelemetry/api';
import type pg from 'pg';
import { makeTestKey } from '../../actions-api/test/keys.ts';
import { startTestApi, type TestApi } from '../../actions-api/test/api.ts';
import type { Client } from '../../actions-api/test/client.ts';
import { eventually } from '../../actions-api/test/process.ts';
import { createDatabase } from '../../actions-api/src/platform/database.ts';
import { createClientReader } from '../../actions-api/src/platform/events/client-context.ts';
import { startWorker, type Worker } from '../../actions-api/src/worker.ts';
import { createApp } from '../src/app.ts';
import { createStore } from '../src/store.ts';

const CONTEXT = { url: '/d/errors?viewPanel=4', title: 'Errors by route', from: '2026-03-01T11:00:00Z', to: '2026-03-01T12:00:00Z' };
/** One try for each class of protected action (S2), in the ways a client could spell it. */
const TRIES: readonly (readonly [actionClass: (typeof ACTION_CLASSES)[number], method: string, path: string])[] = [
  ['password', 'POST', '/api/password'],
  ['password', 'GET', '/API/Change-Password/'],
  ['email', 'POST', '/api/email'],
  ['mfa', 'POST', '/api/mfa'],
  ['mfa', 'GET', '/v1/user/passkeys/7'],
  ['recovery', 'POST', '/api/account-recovery'],
  ['api_keys', 'GET', '/api/api-keys'],
  ['api_keys', 'POST', '/api/%61pi-keys'],
  ['webhooks', 'GET', '/api/tunnels/7/webhooks'],
  ['payment_methods', 'POST', '/api/payment-methods'],
  ['purchase', 'POST', '/api/payments'],
  ['refund', 'POST', '/api/payments/7/refund'],
  ['plan_change', 'POST', '/api/subscription'],
  ['export', 'GET', '/api/export'],
  ['erasure', 'POST', '/api/gdpr/erasure'],
  ['account_delete', 'DELETE', '/api/account'],
  ['consent', 'POST', '/api/consent'],
  ['impersonate_again', 'GET', '/api/impersonate/7'],
  ['admin', 'GET', '/api/admin/users'],
  ['change', 'POST', '/api/conversations'],
];

let api: TestApi;
let worker: Worker;
let workerPool: pg.Pool;
let center: AdminCenter;
let server: Server;
let base: string;
beforeAll(async () => {
  api = await startTestApi();
  const log = createLogger('test', 'silent');
  workerPool = createPool({ connectionString: api.db.apiUrl, applicationName: 'test-worker', max: 8, statementTimeoutMs: 8_000 });
  worker = startWorker({ config: api.config, pool: workerPool, database: createDatabase(workerPool), witness: api.witness, log, meter: metrics.getMeter('test'), readClient: await createClientReader(api.config, metrics.getMeter('test'), log) });
  center = adminCenter({ url: api.baseUrl, key: (await makeTestKey(api)).secret, reportEveryMs: 100 });
  await center.ready();
  const app = createApp({ center, broken: false, clientKey: null, adminCenterUrl: api.baseUrl, now: Date.now, store: createStore(api.db.pool), random: () => 0.99 });
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await center.close();
  server.closeAllConnections();
  server.close();
  await worker.close();
  await workerPool.end();
  await api.close();
});

let made = 0;
let admin: Client;
let adminId: string;
let userId: string;
beforeEach(async () => {
  const email = `agent${++made}@acme.example`;
  adminId = (await api.db.make.admin({ email, role: 'support_admin' })).id;
  userId = (await api.db.make.user()).id;
  admin = api.as({ email });
});

const query = async (text: string, values: readonly unknown[] = []) => (await api.db.pool.query(text, [...values])).rows as Record<string, unknown>[];
const send = async (cookie: string, method: string, path: string) => {
  const response = await fetch(base + path, { method, headers: { cookie }, redirect: 'manual' });
  return { status: response.status, body: (await response.json().catch(() => null)) as Record<string, unknown> | null };
};

async function handOver(scope: 'read' | 'write'): Promise<{ id: string; cookie: string }> {
  const { body } = await admin.post('/api/v1/impersonation/sessions', { userId, reason: 'Errors on this panel are theirs.', reasonClass: 'bug_investigation', context: CONTEXT, scope });
  const { code, session } = body as { code: string; session: { id: string } };
  const response = await fetch(`${base}/impersonate`, { method: 'POST', body: new URLSearchParams({ code }), redirect: 'manual' });
  return { id: session.id, cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' };
}

test('every class of protected action is tried below', () => {
  expect([...new Set(TRIES.map(([actionClass]) => actionClass))].toSorted()).toEqual([...ACTION_CLASSES].toSorted());
});

describe.each(['read', 'write'] as const)('with the scope %s', (scope) => {
  test('looking is allowed, each protected action is refused and recorded, and the session ends with the role', async () => {
    const before = await query('SELECT count(*) AS events FROM admin_center.qualifying_event WHERE user_id = $1', [userId]);
    const { id, cookie } = await handOver(scope);
    expect(await send(cookie, 'GET', '/api/profile')).toMatchObject({ status: 200, body: { id: userId } });
    expect(await send(cookie, 'GET', '/api/sessions/current')).toMatchObject({ status: 200, body: { sessionId: id, act: { sub: adminId } } });
    for (const [actionClass, method, path] of TRIES) {
      expect([path, await send(cookie, method, path)]).toEqual([path, { status: 403, body: expect.objectContaining({ type: 'urn:admin-center:problem:impersonation-restricted', actionClass }) }]);
    }
    expect((await send(cookie, 'PUT', '/api/preferences')).status).toBe(scope === 'write' ? 202 : 403);

    await query('UPDATE public.admin_roles SET is_active = false, revoked_at = now() WHERE user_id = $1', [adminId]);
    expect(await send(cookie, 'GET', '/api/profile')).toMatchObject({ status: 401, body: { type: 'urn:admin-center:problem:impersonation-over' } });

    // Another admin reviews it: everything is there, under both names.
    await api.db.make.admin({ email: `reviewer${made}@acme.example` });
    const reviewer = api.as({ email: `reviewer${made}@acme.example` });
    const session = await eventually(async () => (await reviewer.get(`/api/v1/impersonation/sessions/${id}`)).body as Record<string, unknown>, ({ state }) => state !== 'active');
    expect(session).toMatchObject({ state: 'revoked', endCause: 'admin_role_revoked', context: CONTEXT });
    const report = async () => ((await reviewer.get(`/api/v1/impersonation/sessions/${id}/requests`, { limit: '100' })).body as { items: ImpersonatedRequest[] }).items;
    const items = await eventually(report, (rows) => rows.length >= TRIES.length + 4);
    expect(items.filter(({ blocked }) => blocked).map(({ actionClass }) => actionClass)).toEqual([...TRIES.map(([actionClass]) => actionClass), ...(scope === 'read' ? ['change'] : [])]);
    expect(await query('SELECT DISTINCT admin_id, user_id FROM admin_center.impersonation_request WHERE session_id = $1', [id])).toEqual([{ admin_id: adminId, user_id: userId }]);
    const entries = await query("SELECT DISTINCT d.after ->> 'actionClass' AS class FROM admin_center.audit_log l JOIN admin_center.audit_detail d USING (sequence) WHERE action = 'impersonation.block' AND outcome = 'denied' AND actor_id = $1 AND target_id = $2", [adminId, userId]);
    expect(entries.map((entry) => entry['class']).toSorted()).toEqual([...ACTION_CLASSES].toSorted());

    // The mark spans the session from its start to its end, and the user was not active.
    const marks = await eventually(() => query("SELECT m.at, m.ended_at, s.started_at, s.ended_at AS session_end FROM admin_center.impersonation_session s JOIN admin_center.mark m ON m.audit_sequence = s.start_sequence WHERE s.id = $1", [id]), (rows) => rows.length === 1);
    const [mark] = marks as unknown as [Record<'at' | 'ended_at' | 'started_at' | 'session_end', Date>];
    expect(mark.ended_at).toEqual(mark.session_end);
    expect(Math.abs(mark.at.getTime() - mark.started_at.getTime())).toBeLessThan(1_000);
    expect(await query('SELECT count(*) AS events FROM admin_center.qualifying_event WHERE user_id = $1', [userId])).toEqual(before);
  });
});

test('a password that was reset at the host ends what others do in the account', async () => {
  const { id, cookie } = await handOver('read');
  expect(await send(cookie, 'GET', '/api/profile')).toMatchObject({ status: 200 });
  await center.impersonation.endAllOf(userId, 'password_reset');
  expect(await send(cookie, 'GET', '/api/profile')).toMatchObject({ status: 401 });
  expect((await admin.get(`/api/v1/impersonation/sessions/${id}`)).body).toMatchObject({ state: 'revoked', endCause: 'password_reset' });
});

test('a user sees who looked at their account, and lets them in or puts them out; nobody does so in their name', async () => {
  const [row] = await query("INSERT INTO public.user_sessions (user_id, session_token, expires_at) VALUES ($1, gen_random_uuid()::text, now() + interval '1 hour') RETURNING session_token", [userId]);
  const own = `acme_session=${String(row?.['session_token'])}`;
  const page = async (cookie: string, path = '/account/access') => (await fetch(base + path, { headers: { cookie } })).text();
  expect(await page(own)).toMatch(/Support may look at your account[\s\S]*Nobody has looked/);

  await api.db.make.admin({ email: 'privacy@acme.example', role: 'super_admin' });
  const rule = (needed: boolean) => api.as({ email: 'privacy@acme.example' }).post('/api/v1/impersonation/consent/free', { needed, reason: 'Our terms promise it.' });
  await rule(true);
  expect(await page(own)).toContain('You have not agreed');
  expect(await send(own, 'POST', '/account/access-consent/give')).toMatchObject({ status: 303 });
  expect(await page(own)).toContain('You let support in until');
  const { id, cookie } = await handOver('write');
  expect(await send(cookie, 'GET', '/api/profile')).toMatchObject({ status: 200 });
  for (const path of ['/account/access-consent/give', '/account/access-consent/withdraw']) {
    expect(await send(cookie, 'POST', path)).toMatchObject({ status: 403, body: { actionClass: 'consent' } });
  }
  await eventually(() => page(own, `/account/access/${id}`), (html) => html.includes('/api/profile') && html.includes('refused'));
  expect(await page(own)).toMatch(new RegExp(`agent${made}@acme\\.example[\\s\\S]*under way[\\s\\S]*bug investigation: Errors on this panel are theirs\\.`));

  expect(await send(own, 'POST', '/account/access-consent/withdraw')).toMatchObject({ status: 303 });
  expect(await send(cookie, 'GET', '/api/profile')).toMatchObject({ status: 401 });
  await eventually(() => page(own), (html) => html.includes('consent over'));
  expect((await fetch(`${base}/account/access/00000000-0000-4000-8000-000000000000`, { headers: { cookie: own } })).status).toBe(404);
  expect((await fetch(`${base}/account/access`)).status).toBe(401);
  await rule(false);
});
