// However a host says who asks (at once, later, never, in its own spelling) and wherever its routers send a request, the
// rules hold and no request hangs.
import type http from 'node:http';
import net from 'node:net';
import vm from 'node:vm';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import express, { type Request } from 'express';
import { adminCenter } from '../src/admin-center.ts';
import type { Identity } from '../src/identity.ts';
import { startBetween, type Between } from './between.ts';
import { listen, startTestHost, type TestHost, urlOf } from './host.ts';
import { eventually, startWorld, type World } from './world.ts';

let world: World;
const open: { close(): Promise<unknown> }[] = [];
beforeAll(async () => {
  world = await startWorld();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});
afterAll(() => world.api.close());

const host = async (options: Partial<Parameters<typeof startTestHost>[0]> = {}): Promise<TestHost> => {
  const started = await startTestHost({ url: world.api.baseUrl, key: world.key, ...options });
  open.push(started);
  expect(await started.center.ready()).toBe(true);
  return started;
};
const asImpersonated = async (shop: TestHost, scope: 'read' | 'write') => {
  const { id, userId, adminId } = await world.makeImpersonation(scope);
  const identity: Identity = { userId, sessionId: id, act: { sub: adminId, sessionId: id } };
  const headers = { user: userId, session: id, act: `${adminId} ${id}` };
  await eventually(() => shop.as(headers, '/api/profile/7'), ({ status }) => status === 200, 2_000);
  return { identity, headers };
};

describe('a host that says who asks', () => {
  test('by a promise of another library is understood', async () => {
    const user = await world.api.db.make.user();
    await world.suspend(user.id);
    const Foreign = vm.runInNewContext('Promise') as typeof Promise;
    const shop = await host({ identify: () => Foreign.resolve({ userId: user.id, sessionId: null }) });
    expect(Foreign.resolve(null)).not.toBeInstanceOf(Promise);
    await eventually(() => shop.as({}, '/api/profile/7'), ({ status }) => status === 401, 2_000);
  });

  test('in capitals means the same user', async () => {
    const shop = await host();
    const user = await world.api.db.make.user();
    await world.suspend(user.id);
    await eventually(() => shop.as({ user: user.id.toUpperCase() }, '/api/profile/7'), ({ status }) => status === 401, 2_000);
  });

  test('by nothing at all says that nobody is signed in', async () => {
    const shop = await host({ identify: (() => undefined) as never });
    expect(await shop.as({}, '/api/profile/7')).toMatchObject({ status: 200, body: { adminCenter: { impersonation: null } } });
  });

  test('never in its life gets an error within the limit, once, and goes on with others', async () => {
    const shop = await host({ identifyLimitMs: 150, identify: (request) => (request.headers['x-slow'] === undefined ? null : new Promise((resolve) => setTimeout(resolve, 400, null))) });
    const errors: Error[] = [];
    shop.app.use(((error, _request, response, _next) => {
      errors.push(error as Error);
      response.status((error as { status?: number }).status ?? 500).json({});
    }) satisfies express.ErrorRequestHandler);
    const [slow, quick] = await Promise.all([shop.as({ slow: '1' }, '/api/profile/7'), shop.as({}, '/api/profile/7')]);
    expect([slow.status, quick.status]).toEqual([503, 200]);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(/who asks.*150 ms/)]);
  });

  test('is not asked to go on twice when what comes after it throws', async () => {
    let count = 0;
    const center = adminCenter({ url: world.api.baseUrl, key: world.key });
    const middleware = center.middleware();
    const server = await listen((request, response) => {
      try {
        middleware(request, response, () => {
          count += 1;
          throw new Error('a mistake of the host');
        });
      } catch {
        response.end();
      }
    });
    open.push({ close: async () => { await center.close(); server.closeAllConnections(); server.close(); } });
    await (await fetch(urlOf(server))).text();
    expect(count).toBe(1);
  });
});

describe('an impersonated request', () => {
  /** As a client that may write anything on the first line. */
  const raw = (baseUrl: string, target: string, headers: Readonly<Record<string, string>>) =>
    new Promise<string>((resolve, reject) => {
      const socket = net.connect(Number(new URL(baseUrl).port), '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString())).on('end', () => resolve(text.slice(9, 12))).on('error', reject);
      socket.write(`GET ${target} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n${Object.entries(headers).map(([name, value]) => `x-${name}: ${value}\r\n`).join('')}\r\n`);
    });

  test('reaches no refused route of a real router, by a mounted router, a rewritten address or a strange first line', async () => {
    const shop = await host();
    const secret: express.RequestHandler = (_request, response) => void response.json({ secret: true });
    const account = express.Router();
    account.get('/password', secret);
    shop.app.use('/api/account', account);
    shop.app.use('/data/export', secret);
    const { headers } = await asImpersonated(shop, 'write');
    const targets = [
      '/api/account/password', '/api/account/password/', '//api/account//password', '/api/account/%70assword', '/API/Account/PASSWORD', 'http://shop/api/account/password', '/api/account/password#x',
      '/data/export/..', '/data/export/%2e%2e/x', '/data/export;x/..', '/data/export/%zz',
    ];
    for (const target of targets) {
      expect([target, await raw(shop.baseUrl, target, headers)]).toEqual([target, '403']);
    }
  });

  test('is judged by the address the host has rewritten it to', async () => {
    const center = adminCenter({ url: world.api.baseUrl, key: world.key, identify: (request) => (request as unknown as { identity: Identity }).identity });
    const app = express();
    let identity: Identity | null = null;
    app.use((request: Request, _response, next) => {
      Object.assign(request, { identity });
      request.url = request.url.replace('/short', '/api/password');
      next();
    });
    app.use(center.middleware());
    app.use((_request, response) => void response.json({}));
    const server: http.Server = await listen(app);
    open.push({ close: async () => { await center.close(); server.closeAllConnections(); server.close(); } });
    await center.ready();
    ({ identity } = await asImpersonated(await host(), 'read'));
    await eventually(() => fetch(`${urlOf(server)}/profile`), ({ status }) => status === 200, 2_000);
    expect((await fetch(`${urlOf(server)}/short`)).status).toBe(403);
  });
});

describe('a host whose clock is wrong', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  test.each([40, -40])('by %s minutes lets a session in as long as the Admin Center does, and says truly how long that is', async (minutes) => {
    const doNotFake = ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const;
    jest.useFakeTimers({ now: Date.now() + minutes * 60_000, doNotFake: [...doNotFake] });
    const shop = await host();
    const { headers } = await asImpersonated(shop, 'read');
    const { body } = await shop.as(headers, '/api/profile/7');
    const { remainingSeconds } = (body as { adminCenter: { impersonation: { remainingSeconds: number } } }).adminCenter.impersonation;
    expect(remainingSeconds).toBeGreaterThan(1_700);
    expect(remainingSeconds).toBeLessThan(1_810);
  });
});

describe('an answer of 200 that is not the Admin Center\'s', () => {
  const line = async (): Promise<Between> => {
    const started = await startBetween(world.api.baseUrl);
    open.push({ close: () => started.goAway() });
    return started;
  };

  test.each(['<html>Welcome to the hotel</html>', '{}', '{"live":"yes"}', '[]', 'null'])('says nothing about a session: %s', async (body) => {
    const between = await line();
    const shop = await host({ url: between.url });
    const { headers } = await asImpersonated(shop, 'read');
    between.lie = () => ({ status: 200, headers: {}, body });
    expect(await shop.as(headers, '/api/profile/7')).toMatchObject({ status: 503, body: { type: 'urn:admin-center:problem:impersonation-unverified' } });
    await expect(shop.center.impersonation.exchange('imp_any')).rejects.toThrow(/not.*what/i);
    await expect(shop.center.impersonation.endAllOf(randomUUID(), 'password_reset')).rejects.toThrow(/not.*what/i);
    await expect(shop.center.impersonation.consentOf(randomUUID())).rejects.toThrow(/not.*what/i);
    await expect(shop.center.impersonation.sessionsOf(randomUUID())).rejects.toThrow(/not.*what/i);
  });

  test('has taken no report and no event: both are kept', async () => {
    const between = await line();
    const shop = await host({ url: between.url });
    const user = await world.api.db.make.user();
    between.lie = () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Welcome to the hotel</html>' });
    await shop.as({ user: user.id }, '/api/profile/7');
    await eventually(async () => shop.errors.some(({ message }) => /is not the Admin Center; it is kept/.test(message)), Boolean);
    expect(shop.center.status()).toMatchObject({ reports: { sent: 0, dropped: 0 }, events: { sent: 0, dropped: 0 } });
    between.lie = null;
    await eventually(async () => shop.center.status(), ({ reports, events }) => reports.sent > 0 && events.sent > 0, 20_000);
  });
});
