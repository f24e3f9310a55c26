// The demo host on a real database and a real API: who is signed in, what the flag breaks, and an impersonation from its
// code to its end.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPool } from '@admin-center/platform/pool';
import { type AdminCenter, adminCenter } from '@cloudtolocalllm/admin-center-sdk';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startWorld, eventually, type World } from '../../sdk/test/world.ts';
import { createApp } from '../src/app.ts';
import { createStore } from '../src/store.ts';
import { FLAG } from '../src/tunnels.ts';

const SUPER = { email: 'super@acme.example' };
let world: World;
let center: AdminCenter;
let server: Server;
let base: string;
let token: string;
let user: { id: string; email: string };

beforeAll(async () => {
  world = await startWorld();
  user = await world.api.db.make.user();
  await world.api.db.make.session(user.id);
  token = (await world.api.db.pool.query('SELECT session_token FROM public.user_sessions WHERE user_id = $1', [user.id])).rows[0].session_token as string;
  center = adminCenter({ url: world.api.baseUrl, key: world.key, reportEveryMs: 100 });
  await center.ready();
  let draws = 0;
  const app = createApp({
    center, broken: true, clientKey: 'public', adminCenterUrl: world.api.baseUrl, now: Date.now,
    store: createStore(world.api.db.pool),
    // Of each two draws the first is for how long it takes, the second for whether it fails: every other request does.
    random: () => [0, 0, 0, 0.99][draws++ % 4] as number,
  });
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await center.close();
  server.closeAllConnections();
  server.close();
  await world.api.close();
});

const get = async (path: string, headers: Readonly<Record<string, string>> = { authorization: `Bearer ${token}` }, init: RequestInit = {}) => {
  const response = await fetch(base + path, { redirect: 'manual', ...init, headers: { ...headers, ...(init.headers as Record<string, string> | undefined) } });
  return { status: response.status, text: await response.text(), headers: response.headers };
};

test('knows whose session it is, and answers nobody else', async () => {
  expect(JSON.parse((await get('/api/profile')).text)).toMatchObject({ id: user.id, tier: 'free' });
  expect(await get('/api/profile', {})).toMatchObject({ status: 401 });
  expect(await get('/api/profile', { authorization: 'Bearer made-up' })).toMatchObject({ status: 401 });
});

test('says so when its database is away, and nothing of where in the code it noticed', async () => {
  const nowhere = createPool({ connectionString: 'postgres://nobody@127.0.0.1:1/nothing', applicationName: 'test', max: 1 });
  const errors: unknown[] = [];
  const lost = createServer(createApp({
    center, broken: false, clientKey: null, adminCenterUrl: world.api.baseUrl, now: Date.now, store: createStore(nowhere), random: () => 0.99, onError: (error) => errors.push(error),
  })).listen(0, '127.0.0.1');
  try {
    await once(lost, 'listening');
    const response = await fetch(`http://127.0.0.1:${(lost.address() as AddressInfo).port}/api/profile`, { headers: { authorization: `Bearer ${token}` } });
    expect([response.status, response.headers.get('retry-after'), await response.text()]).toEqual([503, '5', expect.not.stringMatching(/ECONNREFUSED|node_modules/)]);
    expect(errors).toHaveLength(1);
  } finally {
    lost.closeAllConnections();
    lost.close();
    await nowhere.end();
  }
});

describe('the new tunnel engine', () => {
  test('fails every other request where the flag serves it, none elsewhere, and its metrics tell them apart', async () => {
    expect((await get('/api/tunnels')).status).toBe(200);
    await world.makeFlag('on', 100, FLAG);
    await eventually(async () => center.flags.boolean(FLAG, false, { targetingKey: user.id }), (on) => on);
    const statuses = [];
    for (let request = 0; request < 6; request++) {
      statuses.push((await get('/api/tunnels')).status);
    }
    expect(statuses.toSorted()).toEqual([200, 200, 200, 500, 500, 500]);
    const { text } = await get('/metrics');
    const count = (status: number, variant: string) => Number(new RegExp(`_count\\{http_request_method="GET",http_route="/api/tunnels",http_response_status_code="${status}",flag="${FLAG}",variant="${variant}"\\} (\\d+)`).exec(text)?.[1]);
    expect([count(500, 'on'), count(200, 'on'), count(200, 'none'), count(500, 'off')]).toEqual([3, 3, 1, 0]);
    await world.setFlag(FLAG, 'killed');
    await eventually(() => get('/api/tunnels'), ({ status }) => status === 200);
    expect((await get('/api/tunnels')).status).toBe(200);
  });
});

describe('an admin', () => {
  const request = async () => {
    const { body } = await world.api.as(SUPER).post('/api/v1/impersonation/sessions', { userId: user.id, reason: 'For a test of the demo host.', reasonClass: 'other' });
    return body as { code: string; session: { id: string } };
  };
  const start = (code: string) => get('/impersonate', { 'content-type': 'application/x-www-form-urlencoded' }, { method: 'POST', body: new URLSearchParams({ code }).toString() });

  test('acts as a user: banner, look, no change, end', async () => {
    const { code, session } = await request();
    expect((await get(`/impersonate?code=${code}`)).text).toContain(`value="${code}"`);
    const started = await start(code);
    expect(started).toMatchObject({ status: 303 });
    const cookie = started.headers.get('set-cookie')?.split(';')[0] ?? '';
    const home = await get('/', { cookie });
    expect(home.text).toContain(`You are acting as ${user.email} (read only)`);
    expect(await get('/api/profile', { cookie })).toMatchObject({ status: 200 });
    for (const [method, path] of [['POST', '/api/password'], ['POST', '/api/payments'], ['GET', '/api/export'], ['DELETE', '/api/account'], ['GET', '/api/admin/users'], ['PUT', '/api/preferences'], ['POST', '/api/tunnels/7/start']]) {
      const answer = await get(path as string, { cookie }, { method: method as string });
      expect(answer).toMatchObject({ status: 403 });
      expect(answer.text).toContain('impersonation-restricted');
    }
    const recorded = async () => (await world.api.db.pool.query('SELECT route, blocked FROM admin_center.impersonation_request WHERE session_id = $1', [session.id])).rows;
    expect((await eventually(recorded, (rows) => rows.length >= 9)).filter(({ blocked }) => blocked)).toHaveLength(7);
    expect(await get('/impersonate/end', { cookie }, { method: 'POST' })).toMatchObject({ status: 303 });
    expect(await get('/api/profile', { cookie })).toMatchObject({ status: 401 });
    expect(await world.api.as(SUPER).get(`/api/v1/impersonation/sessions/${session.id}`)).toMatchObject({ body: { state: 'ended', endCause: 'ended_at_host' } });
  });

  test('who is ended in the Admin Center is out within a second', async () => {
    const { code, session } = await request();
    const cookie = (await start(code)).headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(await get('/api/profile', { cookie })).toMatchObject({ status: 200 });
    await world.api.as(SUPER).post(`/api/v1/impersonation/sessions/${session.id}/end`, { reason: 'For a test of the demo host.' });
    await eventually(() => get('/api/profile', { cookie }), ({ status }) => status === 401, 1_000);
  });

  test('with a code that was used or made up is told so', async () => {
    const { code } = await request();
    expect(await start(code)).toMatchObject({ status: 303 });
    for (const bad of [code, 'made-up', '"><script>alert(1)</script>']) {
      const answer = await start(bad);
      expect(answer.status).toBe(403);
      expect(answer.text).not.toContain('<script>');
    }
    expect((await get('/impersonate?code=%22%3E%3Cscript%3E')).text).not.toContain('<script>');
  });
});
