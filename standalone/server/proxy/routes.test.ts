// The plugin proxy over real HTTP: who may use which route, what reaches the API and what comes back.
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { startShell, type RequestOptions, type Shell } from '../testing/shell.ts';
import { echo, startUpstream, type Received, type Upstream } from '../testing/upstream.ts';

const PROXY = '/api/plugin-proxy/acme-ops-app';

let upstream: Upstream;
let shell: Shell;
beforeAll(async () => {
  upstream = await startUpstream((request, res, req) => {
    if (request.url.includes('/hostile')) {
      res.writeHead(200, {
        'content-type': 'text/html',
        'set-cookie': 'grafana_session=x',
        server: 'api/1',
        'strict-transport-security': 'max-age=1',
        'alt-svc': 'h3',
        'content-security-policy': "script-src 'unsafe-inline'",
        'x-own': 'kept',
        connection: 'x-hop',
        'x-hop': '1',
      });
      res.end('<script>alert(1)</script>');
    } else if (request.url.includes('/problem')) {
      res.writeHead(409, { 'content-type': 'application/problem+json' });
      res.end('{"title":"Conflict"}');
    } else {
      echo(request, res, req);
    }
  });
  shell = await startShell({ apiUrl: upstream.url });
});
afterAll(async () => {
  await shell.close();
  await upstream.close();
});

const call = (path: string, options: RequestOptions = {}) =>
  shell.request(`${PROXY}/${path}`, { as: 'ada', ...options });
const forwarded = async (path: string, options: RequestOptions = {}): Promise<Received> =>
  (await call(path, options)).json<Received>();

describe('what reaches the API', () => {
  test('the address of the route, the tail of *, and the query as it was', async () => {
    expect((await forwarded('users/42/sessions?q=a%20b&q=%2F..%2F&x')).url).toBe(
      '/api/v1/users/42/sessions?q=a%20b&q=%2F..%2F&x',
    );
    expect((await forwarded('users')).url).toBe('/api/v1/users');
    expect((await forwarded('users/')).url).toBe('/api/v1/users');
    expect((await forwarded('users/a%40b%20c')).url).toBe('/api/v1/users/a%40b%20c');
  });

  test('the body and its type, byte for byte', async () => {
    const body = JSON.stringify({ reason: 'späm ✓', list: [1, 2] });
    const request = await forwarded('users/42', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json; charset=utf-8', 'idempotency-key': 'k-1' },
    });
    expect(request.body).toBe(body);
    expect(request.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'idempotency-key': 'k-1',
      'content-length': String(Buffer.byteLength(body)),
    });
  });

  test('nothing of the browser session, and no identity brought along', async () => {
    const { headers } = await forwarded('users', {
      headers: {
        authorization: 'Bearer stolen',
        'x-grafana-id': 'forged',
        'x-grafana-user': 'root',
        'x-grafana-context': '{"IsGrafanaAdmin":true}',
        'x-grafana-device-id': 'd',
        origin: shell.url,
        referer: `${shell.url}/a/acme-ops-app/users`,
        'x-forwarded-host': 'evil',
        'x-forwarded-proto': 'https',
        'x-forwarded-port': '1',
        te: 'trailers',
        'proxy-authorization': 'x',
        connection: 'keep-alive, x-secret',
        'x-secret': 'hop',
        'x-grafana-org-id': '1',
      },
    });
    for (const name of [
      'cookie',
      'origin',
      'referer',
      'x-grafana-user',
      'x-grafana-device-id',
      'x-forwarded-host',
      'x-forwarded-proto',
      'x-forwarded-port',
      'te',
      'proxy-authorization',
      'x-secret',
    ]) {
      expect(headers).not.toHaveProperty(name);
    }
    expect(headers['authorization']).toBe('Bearer shared-secret');
    expect(headers['x-grafana-id']).not.toBe('forged');
    expect(headers['x-grafana-referer']).toBe(`${shell.url}/a/acme-ops-app/users`);
    expect(headers['x-grafana-org-id']).toBe('1');
    expect(headers['host']).toBe(new URL(upstream.url).host);
  });

  test('the address of the peer, appended to what the client claims', async () => {
    expect((await forwarded('users')).headers['x-forwarded-for']).toBe('127.0.0.1');
    expect((await forwarded('users', { headers: { 'x-forwarded-for': '6.6.6.6' } })).headers['x-forwarded-for']).toBe(
      '6.6.6.6, 127.0.0.1',
    );
  });

  test('a signed statement of who asks, which the published keys verify', async () => {
    const { headers } = await forwarded('users', { as: 'vic' });
    const keys = createRemoteJWKSet(new URL(`${shell.url}/api/signing-keys/keys`));
    const { payload } = await jwtVerify(String(headers['x-grafana-id']), keys, {
      algorithms: ['ES256'],
      typ: 'jwt',
      issuer: `${shell.url}/`,
      audience: 'org:1',
    });
    expect(payload).toMatchObject({ username: 'vic', email: 'vic@acme.example', type: 'user' });
  });

  test("Grafana's unsigned context, in ASCII whatever the name", async () => {
    const { headers } = await forwarded('users', { as: 'vic' });
    expect(JSON.parse(String(headers['x-grafana-context']))).toMatchObject({
      Login: 'vic',
      Name: 'Vic Łoś',
      OrgRole: 'Viewer',
      IsGrafanaAdmin: false,
    });
  });

  test('templates of settings that are not there, as Grafana renders them', async () => {
    expect((await forwarded('any/x')).headers['x-missing']).toBe('<no value>|');
  });
});

describe('who may use a route', () => {
  test.each([
    ['vic', 'GET', 'users/1', 200],
    ['vic', 'POST', 'users/1', 403],
    ['sam', 'POST', 'users/1', 200],
    ['ada', 'POST', 'users/1', 200],
    ['ada', 'PUT', 'users/1', 403],
    ['ada', 'POST', 'server/1', 403],
    ['vic', 'GET', 'editors/1', 403],
    ['sam', 'GET', 'editors/1', 200],
    ['vic', 'GET', 'typo/1', 200],
    ['vic', 'GET', 'any/1', 200],
    ['ada', 'DELETE', 'users/1', 404],
    ['ada', 'GET', 'nothing', 404],
    ['ada', 'POST', 'list', 404],
  ])('%s %s %s → %i', async (as, method, path, status) => {
    const before = upstream.received.length;
    expect((await call(path, { as, method })).status).toBe(status);
    expect(upstream.received.length - before).toBe(status === 200 ? 1 : 0);
  });

  test('the first declared route answers', async () => {
    expect((await forwarded('first/longer/x')).url).toBe('/declared-first/longer/x');
  });

  test('nobody without a session, and no other plugin', async () => {
    expect((await shell.request(`${PROXY}/users`)).status).toBe(401);
    expect((await shell.request('/api/plugin-proxy/other-app/users', { as: 'ada' })).status).toBe(404);
  });
});

describe('a path that tries to leave its route', () => {
  test.each([
    'users/../admin',
    'users/%2e%2e/admin',
    'users/..%2fadmin',
    'users/%2Fadmin',
    'users/%5C..%5Cadmin',
    'users/%252e%252e/x',
    'users//admin',
    'users/a%00',
    './users',
    'users/x%0d%0aX-Injected:1',
  ])('%s is refused', async (path) => {
    const before = upstream.received.length;
    expect((await call(path)).status).toBe(400);
    expect(upstream.received.length).toBe(before);
  });

  test('does not slip past through the prefix either', async () => {
    expect((await shell.request('/api/plugin-proxy/../plugin-proxy/acme-ops-app/users', { as: 'ada' })).status).toBe(
      404,
    );
    expect(
      (await shell.request('/x/../api/plugin-proxy/acme-ops-app/users', { as: 'ada' })).headers['content-type'],
    ).toMatch(/html/);
  });
});

describe('what comes back', () => {
  test('status, type and body of the API, sandboxed and without cookies', async () => {
    const answer = await call('users/hostile');
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
      'x-own': 'kept',
    });
    expect(answer.headers['via']).toMatch(/^1\.1 /);
    for (const name of ['set-cookie', 'server', 'strict-transport-security', 'alt-svc', 'x-hop']) {
      expect(answer.headers).not.toHaveProperty(name);
    }
  });

  test('problems of the API as they are', async () => {
    const answer = await call('users/problem');
    expect(answer.status).toBe(409);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json()).toEqual({ title: 'Conflict' });
  });

  test('a broken template is a server error without its details', async () => {
    const answer = await call('broken');
    expect(answer.status).toBe(500);
    expect(answer.json()).toEqual({ message: 'Internal server error' });
  });
});

test('many requests over one connection are each matched on their own', async () => {
  const cookie = await shell.signIn('vic');
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const statuses = await Promise.all(
    ['users/1', 'editors/1', 'users/2', 'nothing'].map(
      (path) =>
        new Promise<number>(
          (resolve) =>
            void http.get(
              { host: '127.0.0.1', port: shell.port, path: `${PROXY}/${path}`, headers: { cookie }, agent },
              (res) => res.resume().on('end', () => resolve(res.statusCode ?? 0)),
            ),
        ),
    ),
  );
  agent.destroy();
  expect(statuses).toEqual([200, 403, 200, 404]);
});
