// What every request passes: paths and bodies that are refused, limits, answers that do not match their contract, and
// how a retry under the same key is told from another request.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EndpointContract } from '@admin-center/contracts/capability';
import { createPool } from '@admin-center/platform/pool';
import { metrics } from '@opentelemetry/api';
import express from 'express';
import http from 'node:http';
import pino from 'pino';
import { z } from 'zod';
import { startTestApi, type TestApi } from '../../test/api.ts';
import { createClient, TOKEN } from '../../test/client.ts';
import { createPipeline } from '../app.ts';
import { createDatabase } from './database.ts';
import { answerErrors } from './http/answer-errors.ts';
import { requestLog } from './http/request-log.ts';
import { listen } from './http/server.ts';
import { serve } from './pipeline.ts';
import { type Route, route } from './route.ts';

const ADA = { email: 'ada@acme.example' };
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.db.make.admin(ADA);
});
afterAll(() => api.close());

/** Sends a path as it is: fetch would clean it. */
const raw = (path: string): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(api.baseUrl);
    http
      .get({ hostname, port, path, headers: { authorization: `Bearer ${TOKEN}` } }, (response) => {
        let body = '';
        response.on('data', (chunk) => (body += String(chunk))).on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      })
      .on('error', reject);
  });

describe('a path', () => {
  test.each([
    '/api/v1/users/../audit', '/api/v1/./users', '/api/v1//users', '//api/v1/users', '/api/v1/users/%2e%2e/audit', '/api/v1/users%2Fx', '/api/v1/users/..', '/api/v1\\users', '/api/v1/users/%00',
  ])('%s is refused before anything else', async (path) => {
    const answer = await raw(path);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'path_invalid' });
  });

  test('that does not exist is a problem document with the request id', async () => {
    const answer = await api.as(ADA).get('/api/v1/nothing');
    expect(answer).toMatchObject({ status: 404, body: { type: 'urn:admin-center:problem:no_such_endpoint', title: 'Not Found', status: 404, code: 'no_such_endpoint' } });
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect((answer.body as { requestId: string; detail: string; message: string }).requestId).toBe(answer.headers.get('x-request-id'));
    expect((answer.body as { detail: string }).detail).toBe((answer.body as { message: string }).message);
  });
});

describe('an answer', () => {
  test('is not cached, not sniffed, open to no other origin, and keeps a sensible request id', async () => {
    const { headers } = await api.as(ADA).send('GET', '/api/v1/me', { headers: { origin: 'http://evil.example', 'x-request-id': 'trace-12345678' } });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-request-id')).toBe('trace-12345678');
    expect((await api.as(ADA).send('GET', '/api/v1/me', { headers: { 'x-request-id': 'a b' } })).headers.get('x-request-id')).not.toBe('a b');
  });
});

describe('a body', () => {
  const path = `/api/v1/users/${randomUUID()}/suspend`;
  const send = (body: string, contentType = 'application/json') => api.as(ADA).post(path, body, { headers: { 'content-type': contentType } });

  test.each([
    ['that is no JSON', '{"reason":', 'application/json', 400, 'body_malformed'],
    ['of another type', 'reason=x', 'application/x-www-form-urlencoded', 415, 'body_not_json'],
    ['that is too large', JSON.stringify({ reason: 'x'.repeat(100_000) }), 'application/json', 413, 'body_too_large'],
    ['that is no object', '[1]', 'application/json', 422, 'body_invalid'],
    ['that is a prototype', '{"__proto__":{"reason":"0123456789"}}', 'application/json', 422, 'body_invalid'],
  ])('%s is refused', async (_what, body, contentType, status, code) => {
    expect(await send(body, contentType)).toMatchObject({ status, body: { code } });
  });

  test('is not read before the sender is known', async () => {
    expect(await createClient(api.baseUrl, api.issuer, null).post(path, '{"broken')).toMatchObject({ status: 403, body: { code: 'identity_missing' } });
  });
});

describe('an Idempotency-Key', () => {
  test.each([['short'], ['with a space in it'], ['x'.repeat(201)]])('%s is refused', async (key) => {
    expect(await api.as(ADA).post('/api/v1/audit/verify', {}, { key })).toMatchObject({ status: 400, body: { code: 'idempotency_key_invalid' } });
  });

  test('may be left out, and then each request happens', async () => {
    const first = await api.as(ADA).post('/api/v1/audit/verify', {}, { key: null });
    const second = await api.as(ADA).post('/api/v1/audit/verify', {}, { key: null });
    expect([first.status, second.status]).toEqual([200, 200]);
    expect((second.body as { headSequence: number }).headSequence).toBeGreaterThan((first.body as { headSequence: number }).headSequence);
  });

  test('is the sender\'s own: another admin\'s same key is another request', async () => {
    const bo = await api.db.make.admin({ email: 'bo@acme.example' });
    const key = randomUUID();
    await api.as(ADA).post('/api/v1/audit/verify', {}, { key });
    expect((await api.as(bo).post('/api/v1/audit/verify', {}, { key })).headers.get('idempotency-replayed')).toBeNull();
  });

  test('of a request that failed may be used again once the cause is gone', async () => {
    const { id } = await api.db.make.user({ suspendedAt: new Date() });
    const key = randomUUID();
    const reason = 'Tried before and tried again.';
    expect(await api.as(ADA).post(`/api/v1/users/${id}/suspend`, { reason }, { key })).toMatchObject({ status: 409 });
    await api.db.pool.query('UPDATE public.users SET is_suspended = false WHERE id = $1', [id]);
    expect(await api.as(ADA).post(`/api/v1/users/${id}/suspend`, { reason }, { key })).toMatchObject({ status: 200 });
  });

  test('is forgotten after a day', async () => {
    const { jobsOf } = await import('./jobs/schedule.ts');
    const key = randomUUID();
    await api.as(ADA).post('/api/v1/audit/verify', {}, { key });
    await api.db.pool.query("UPDATE admin_center.idempotency_key SET created_at = now() - interval '25 hours' WHERE key = $1", [key]);
    await jobsOf(api.database, pino({ level: 'silent' }), async () => ({ problems: [] })).find(({ name }) => name === 'purge-requests')?.run();
    expect((await api.as(ADA).post('/api/v1/audit/verify', {}, { key })).headers.get('idempotency-replayed')).toBeNull();
  });
});

describe('the rate limit', () => {
  test('counts reads and writes of each admin apart, tells what is left, and answers 429 with Retry-After', async () => {
    const own = await startTestApi({ env: { RATE_LIMIT_READS_PER_MINUTE: '3', RATE_LIMIT_WRITES_PER_MINUTE: '2' } });
    await own.db.make.admin(ADA);
    await own.db.make.admin({ email: 'bo@acme.example' });
    const read = (email: string) => own.as({ email }).get('/api/v1/audit/chain');
    const first = await read(ADA.email);
    expect(first.headers.get('ratelimit')).toMatch(/^"reads";r=2;t=\d+$/);
    expect(first.headers.get('ratelimit-policy')).toBe('"reads";q=3;w=60');
    await read(ADA.email);
    await read(ADA.email);
    const over = await read(ADA.email);
    expect(over).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await read('bo@acme.example')).status).toBe(200);
    const writes = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      writes.push((await own.as(ADA).post('/api/v1/audit/verify')).status);
    }
    expect(writes).toEqual([200, 200, 429]);
    await own.close();
  });

  test('keeps somebody without a role from filling the audit log', async () => {
    const own = await startTestApi({ env: { RATE_LIMIT_WRITES_PER_MINUTE: '2' } });
    const statuses = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      statuses.push((await own.as({ email: 'vic@acme.example' }).get('/api/v1/users')).status);
    }
    expect(statuses).toEqual([403, 403, 429, 429]);
    expect((await own.db.pool.query('SELECT FROM admin_center.audit_log')).rowCount).toBe(2);
    await own.close();
  });

  test('is shared by all processes', async () => {
    const limits = { RATE_LIMIT_READS_PER_MINUTE: '3' };
    const own = await startTestApi({ env: limits });
    await own.db.make.admin(ADA);
    const pool = createPool({ connectionString: own.db.apiUrl, applicationName: 'test-second', max: 2 });
    const { createRateLimits } = await import('./http/rate-limit.ts');
    const response = { set: () => response } as never;
    const second = createRateLimits(pool, { reads: 3, writes: 3 });
    const subject = `user:${ADA.email} uid-${ADA.email}`;
    await second.consume('reads', subject, response);
    await second.consume('reads', subject, response);
    expect((await own.as(ADA).get('/api/v1/me')).status).toBe(200);
    expect((await own.as(ADA).get('/api/v1/me')).status).toBe(429);
    await pool.end();
    await own.close();
  });
});

describe('a database', () => {
  test('that gives us no rights makes the API not ready, and no request pretends to succeed', async () => {
    const other = await startTestApi({ role: 'exporter' });
    const ready = await fetch(`${other.baseUrl}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, reasons: [expect.stringContaining('lacks rights')] }]);
    expect(await other.as(ADA).get('/api/v1/users')).toMatchObject({ status: 500, body: { code: 'database_privilege_missing' } });
    await other.close();
  });

  test('that was never migrated is told from one that is away', async () => {
    const own = await startTestApi({ host: 'empty' });
    const ready = await fetch(`${own.baseUrl}/readyz`);
    expect(await ready.json()).toEqual({ ready: false, reasons: [expect.stringContaining('not migrated')] });
    await own.close();
  });
});

describe('a route', () => {
  /** Serves routes of a test beside the product's, through the same pipeline; `lines` is its log. */
  async function serveRoutes(routes: readonly Route[]) {
    const lines: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    const pool = createPool({ connectionString: api.db.apiUrl, applicationName: 'test-route', max: 3 });
    const pipeline = createPipeline({ config: api.config, database: createDatabase(pool), pool, clock: () => new Date(), log, meter: metrics.getMeter('test') });
    const app = express().use(requestLog(log));
    for (const made of routes) {
      app.all(made.contract.path, serve(pipeline, made));
    }
    app.use(answerErrors(log));
    const server = await listen(app, '127.0.0.1', 0);
    const client = createClient(`http://127.0.0.1:${server.port}`, api.issuer, ADA);
    return { client, lines, close: () => Promise.all([server.close(), pool.end()]) };
  }
  const contract = {
    method: 'GET', path: '/api/v1/test', permission: 'core:read', summary: 'For this test.',
    response: z.object({ user: z.object({ name: z.string() }) }),
  } as const satisfies EndpointContract;

  test('whose answer does not match its contract sends a 500 and logs where, not what', async () => {
    const { client, lines, close } = await serveRoutes([route(contract, () => Promise.resolve({ user: { name: 42 as unknown as string, secret: 'hunter2' } }))]);
    const answer = await client.get('/api/v1/test');
    expect(answer).toMatchObject({ status: 500, body: { code: 'response_invalid' } });
    expect(lines.join('')).toContain('user.name');
    expect(JSON.stringify(answer.body) + lines.join('')).not.toContain('hunter2');
    await close();
  });

  test('sends nothing that its contract does not name', async () => {
    const { client, close } = await serveRoutes([route(contract, () => Promise.resolve({ user: { name: 'Ada', password: 'hunter2' } }))]);
    expect((await client.get('/api/v1/test')).body).toEqual({ user: { name: 'Ada' } });
    await close();
  });

  test('that fails unexpectedly tells the client nothing but the request id', async () => {
    const { client, lines, close } = await serveRoutes([route(contract, () => Promise.reject(new Error('password is hunter2')))]);
    const answer = await client.get('/api/v1/test');
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal', requestId: answer.headers.get('x-request-id') } });
    expect(JSON.stringify(answer.body)).not.toContain('hunter2');
    expect(lines.join('')).toContain('hunter2');
    await close();
  });

  test('keeps query and headers out of the log', async () => {
    const withQuery = { ...contract, query: z.object({ q: z.string() }) } as const satisfies EndpointContract;
    const { client, lines, close } = await serveRoutes([route(withQuery, () => Promise.resolve({ user: { name: 'Ada' } }))]);
    await client.get('/api/v1/test', { q: 'somebody@private.example' });
    expect(lines.join('')).toContain('/api/v1/test');
    expect(lines.join('')).not.toMatch(/private|Bearer|eyJ/);
    await close();
  });
});
