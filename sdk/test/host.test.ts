// An Express host that obeys a real API: sessions, impersonation, flags, reports, and what holds while the API is away.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createHmac, randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { signedText } from '../src/policy/document.ts';
import { startBetween, type Between } from './between.ts';
import { startTestHost, type TestHost } from './host.ts';
import { eventually, startWorld, type World } from './world.ts';

let world: World;
const open: { close(): Promise<void> }[] = [];
let folder: string;

beforeAll(async () => {
  [world, folder] = await Promise.all([startWorld(), mkdtemp(path.join(tmpdir(), 'admin-center-sdk-'))]);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});
afterAll(async () => {
  await Promise.all([world.api.close(), rm(folder, { recursive: true, force: true })]);
});

const host = async (options: Partial<Parameters<typeof startTestHost>[0]> = {}): Promise<TestHost> => {
  const started = await startTestHost({ url: world.api.baseUrl, key: world.key, ...options });
  open.push(started);
  return started;
};
const between = async (): Promise<Between> => {
  const started = await startBetween(world.api.baseUrl);
  open.push({ close: () => started.goAway() });
  return started;
};
const rows = async (text: string, values: readonly unknown[]) => (await world.api.db.pool.query(text, [...values])).rows as Record<string, unknown>[];

describe('a session', () => {
  test('is refused within a second of the suspension of its user, and again let in for another user', async () => {
    const shop = await host();
    const [user, other] = [await world.api.db.make.user(), await world.api.db.make.user()];
    await world.api.db.make.session(user.id);
    const ask = (id: string) => shop.as({ user: id, session: randomUUID() }, '/api/profile/7');
    expect(await shop.center.ready()).toBe(true);
    expect(await ask(user.id)).toMatchObject({ status: 200, body: { adminCenter: { impersonation: null } } });
    await world.suspend(user.id);
    const refused = await eventually(() => ask(user.id), ({ status }) => status === 401, 1_000);
    expect(refused).toMatchObject({ body: { type: 'urn:admin-center:problem:session-ended', status: 401 } });
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(await ask(other.id)).toMatchObject({ status: 200 });
    expect(await shop.as({}, '/api/profile/7')).toMatchObject({ status: 200 });
  });

  test('that was there at a suspension stays ended after the reactivation; a new one is let in', async () => {
    const shop = await host();
    const user = await world.api.db.make.user();
    const session = await world.api.db.make.session(user.id);
    await world.suspend(user.id);
    const sessionId = String((await rows('SELECT session_id FROM admin_center.session WHERE user_id = $1', [user.id]))[0]?.['session_id']);
    expect(session).toBeDefined();
    await world.api.as({ email: 'super@acme.example' }).post(`/api/v1/users/${user.id}/reactivate`, { reason: 'For a test of the SDK.' });
    const ask = (id: string) => shop.as({ user: user.id, session: id }, '/api/profile/7');
    await eventually(() => ask(randomUUID()), ({ status }) => status === 200, 2_000);
    expect(await ask(sessionId)).toMatchObject({ status: 401 });
  });
});

describe('an impersonated request', () => {
  const act = ({ id, userId, adminId }: { id: string; userId: string; adminId: string }) => ({ user: userId, session: id, act: `${adminId} ${id}` });

  test('gets the banner, is held to what is allowed, and is reported with both identities', async () => {
    const shop = await host();
    const session = await world.makeImpersonation('read');
    const looked = await eventually(() => shop.as(act(session), '/api/profile/7?secret=1'), ({ status }) => status === 200, 2_000);
    expect(looked.body).toMatchObject({ adminCenter: { impersonation: { sessionId: session.id, userId: session.userId, adminId: session.adminId, scope: 'read', remainingSeconds: expect.any(Number) } } });
    const tried = await shop.as(act(session), '/api/password', { method: 'POST' });
    expect(tried).toMatchObject({ status: 403, body: { type: 'urn:admin-center:problem:impersonation-restricted', actionClass: 'password' } });
    const reported = await eventually(
      () => rows('SELECT method, route, status, action_class, blocked, user_id, admin_id FROM admin_center.impersonation_request WHERE session_id = $1 AND status <> 401 ORDER BY id', [session.id]),
      (found) => found.length >= 2,
    );
    const both = { user_id: session.userId, admin_id: session.adminId };
    expect(reported).toEqual([
      { method: 'GET', route: '/api/profile/:id', status: 200, action_class: null, blocked: false, ...both },
      { method: 'POST', route: '/api/password', status: 403, action_class: 'password', blocked: true, ...both },
    ]);
  });

  test('of nobody, of another admin or for another user is over', async () => {
    const shop = await host();
    const session = await world.makeImpersonation('write');
    await eventually(() => shop.as(act(session), '/api/profile/7'), ({ status }) => status === 200, 2_000);
    const over = { status: 401, body: { type: 'urn:admin-center:problem:impersonation-over' } };
    expect(await shop.as(act({ ...session, id: randomUUID() }), '/api/profile/7')).toMatchObject(over);
    expect(await shop.as(act({ ...session, adminId: randomUUID() }), '/api/profile/7')).toMatchObject(over);
    expect(await shop.as(act({ ...session, userId: randomUUID() }), '/api/profile/7')).toMatchObject(over);
    expect(await shop.as({ user: session.userId, session: session.id, act: 'somebody' }, '/api/profile/7')).toMatchObject(over);
  });

  test('is refused at once when the admin loses the role, however long the policy says otherwise', async () => {
    const shop = await host();
    const session = await world.makeImpersonation('read');
    await eventually(() => shop.as(act(session), '/api/profile/7'), ({ status }) => status === 200, 2_000);
    await rows('UPDATE public.admin_roles SET is_active = false WHERE user_id = $1', [session.adminId]);
    // No worker sweeps here, so nothing has told the host.
    expect(await shop.as(act(session), '/api/profile/7')).toMatchObject({ status: 401, body: { type: 'urn:admin-center:problem:impersonation-over' } });
  });

  test('is refused while the API cannot be asked, also when the policy is no longer confirmed; everyday requests go on', async () => {
    const line = await between();
    const shop = await host({ url: line.url, impersonationLimitMs: 700 });
    const session = await world.makeImpersonation('read');
    const user = await world.api.db.make.user();
    await world.suspend(user.id);
    await eventually(() => shop.as(act(session), '/api/profile/7'), ({ status }) => status === 200, 2_000);
    await eventually(() => shop.as({ user: user.id }, '/api/profile/7'), ({ status }) => status === 401, 2_000);
    await line.goAway();
    const refused = await eventually(() => shop.as(act(session), '/api/profile/7'), ({ status }) => status === 503, 2_000);
    expect(refused).toMatchObject({ body: { type: 'urn:admin-center:problem:impersonation-unverified' } });
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await shop.as({ user: session.userId }, '/api/profile/7')).toMatchObject({ status: 200 });
    // Sessions that were ended stay so.
    expect(await shop.as({ user: user.id }, '/api/profile/7')).toMatchObject({ status: 401 });
    await eventually(async () => shop.center.status(), ({ policy }) => policy === 'stale', 2_000);
    expect(await shop.as(act(session), '/api/profile/7')).toMatchObject({ status: 503 });
  });
});

describe('flags', () => {
  test('are evaluated locally, follow a change within a second, and fall back to the default of the code', async () => {
    const shop = await host();
    const key = await world.makeFlag('on');
    const { flags } = shop.center;
    const user = { targetingKey: 'user-7' };
    await eventually(async () => flags.boolean(key, false, user), (value) => value, 1_000);
    expect(flags.details(key, false, user)).toEqual({ value: true, variant: 'on', reason: 'STATIC' });
    await world.setFlag(key, 'killed');
    await eventually(async () => flags.boolean(key, true, user), (value) => !value, 1_000);
    expect(flags.string('no-such-flag', 'mine')).toBe('mine');
    expect(flags.details(key, 'text', user)).toMatchObject({ value: 'text', variant: null, reason: 'ERROR' });
  });

  test('are counted where they were evaluated', async () => {
    const shop = await host();
    const key = await world.makeFlag('on');
    await eventually(async () => shop.center.flags.details(key, false, { targetingKey: 'a' }).variant, (variant) => variant === 'on', 1_000);
    for (let user = 0; user < 99; user++) {
      shop.center.flags.boolean(key, false, { targetingKey: `user-${user}` });
    }
    const counted = await eventually(() => rows("SELECT sum(evaluations)::int AS count FROM admin_center.flag_usage WHERE flag = $1 AND variant = 'on'", [key]), ([row]) => Number(row?.['count']) >= 100);
    expect(counted).toEqual([{ count: 100 }]);
  });
});

describe('what users do', () => {
  const stored = (userId: string) => rows('SELECT name, known, feature, qualifies, source, properties, country, browser FROM admin_center.event WHERE person_id = $1 ORDER BY at, name', [userId]);

  test('is in the stream of the real intake: requests, uses of features, exposures, and what the host names', async () => {
    const shop = await host({ features: { 'POST /api/password': 'tunnel' } });
    const user = await world.api.db.make.user();
    await fetch(`${shop.baseUrl}/api/profile/7`, { headers: { 'x-user': user.id, 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' } });
    await shop.as({ user: user.id }, '/api/password', { method: 'POST' });
    shop.center.exposure(user.id, 'pricing', 'annual');
    shop.center.track(user.id, 'Signed Up', { plan: 'free' });
    const found = await eventually(() => stored(user.id), (events) => events.length >= 4);
    const common = { known: true, country: 'unknown', browser: 'unknown', feature: null, qualifies: true };
    expect(found.map(({ source: _source, ...event }) => event).toSorted((a, b) => String(a['name']).localeCompare(String(b['name'])))).toEqual([
      { ...common, name: 'Experiment Viewed', qualifies: false, properties: { experiment_id: 'pricing', variation_id: 'annual' } },
      { ...common, name: 'Feature Used', feature: 'tunnel', properties: { feature: 'tunnel', route: 'POST /api/password' }, browser: expect.any(String) },
      { ...common, name: 'Request Made', properties: { route: 'GET /api/profile/:id' }, browser: 'Firefox' },
      { ...common, name: 'Signed Up', properties: { plan: 'free' } },
    ]);
    // The answer comes after what it tells is stored.
    expect(await eventually(async () => shop.center.status().events, ({ sent }) => sent >= 4)).toMatchObject({ sent: 4, dropped: 0 });
  });

  test('under impersonation is in nobody\'s name', async () => {
    const shop = await host();
    const session = await world.makeImpersonation('read');
    await eventually(() => shop.as({ user: session.userId, session: session.id, act: `${session.adminId} ${session.id}` }, '/api/profile/7'), ({ status }) => status === 200, 2_000);
    await shop.as({ user: session.userId }, '/api/profile/7');
    expect(await eventually(() => stored(session.userId), (events) => events.length > 0)).toHaveLength(1);
    expect(await eventually(async () => shop.center.status().events.sent, (sent) => sent > 0)).toBe(1);
  });
});

describe('while the API is away', () => {
  test('a host starts with its last good copy, and not with one that somebody changed', async () => {
    const line = await between();
    const cacheFile = path.join(folder, 'policy.json');
    const key = await world.makeFlag('on');
    const first = await host({ url: line.url, cacheFile });
    await eventually(async () => first.center.flags.boolean(key, false, { targetingKey: 'a' }), (value) => value, 1_000);
    await eventually(() => readFile(cacheFile, 'utf8').catch(() => ''), (text) => text.includes(key));
    await line.goAway();

    const second = await host({ url: line.url, cacheFile });
    expect(await second.center.ready()).toBe(true);
    expect(second.center.flags.boolean(key, false, { targetingKey: 'a' })).toBe(true);
    expect(second.center.status()).toMatchObject({ policy: 'stale', policyAgeSeconds: null });
    const session = await world.makeImpersonation('read');
    expect(await second.as({ user: session.userId, act: `${session.adminId} ${session.id}` }, '/api/profile/7')).toMatchObject({ status: 503 });

    const text = await readFile(cacheFile, 'utf8');
    await writeFile(cacheFile, text.replace(key, `${key.slice(0, -1)}!`));
    const third = await host({ url: line.url, cacheFile });
    expect(await third.center.ready(300)).toBe(false);
    expect(third.center.flags.details(key, false, { targetingKey: 'a' })).toMatchObject({ value: false, reason: 'ERROR' });

    // Also signed by the Admin Center, and no policy: the answer that nothing has changed.
    const unchanged = { nonce: randomUUID(), etag: '"1"', body: '' };
    const signature = createHmac('sha256', world.key).update(signedText(unchanged.nonce, unchanged.etag, unchanged.body)).digest('hex');
    await writeFile(cacheFile, JSON.stringify({ ...unchanged, signature }));
    expect(await (await host({ url: line.url, cacheFile })).center.ready(300)).toBe(false);
  });

  test('a host goes on, and takes up what has changed meanwhile when the API is back; its reports are not lost', async () => {
    const line = await between();
    const shop = await host({ url: line.url });
    const key = await world.makeFlag('on');
    await eventually(async () => shop.center.flags.details(key, false, { targetingKey: 'a' }).variant, (variant) => variant === 'on', 1_000);
    await line.goAway();
    await world.setFlag(key, 'off');
    shop.center.flags.boolean(key, false, { targetingKey: 'b' });
    expect(await shop.as({ user: randomUUID() }, '/api/profile/7')).toMatchObject({ status: 200 });
    await eventually(async () => shop.center.status().reports.waiting, (waiting) => waiting > 0);
    await line.comeBack();
    await eventually(async () => shop.center.flags.boolean(key, true, { targetingKey: 'a' }), (value) => !value, 20_000);
    await eventually(() => rows("SELECT sum(evaluations)::int AS count FROM admin_center.flag_usage WHERE flag = $1 AND variant = 'on'", [key]), ([row]) => Number(row?.['count']) >= 2, 20_000);
    await eventually(async () => shop.center.status(), ({ policy, reports }) => policy === 'fresh' && reports.waiting === 0);
    expect(shop.center.status().reports.dropped).toBe(0);
  });
});

describe('an answer that is not the API\'s own', () => {
  test.each([
    ['with a changed body', (answer: { status: number; headers: Record<string, string>; body: string }) => ({ ...answer, body: answer.body.replace('"on"', '"off"') })],
    ['without a signature', (answer: { status: number; headers: Record<string, string>; body: string }) => ({ ...answer, headers: { etag: answer.headers['etag'] ?? '' } })],
    ['signed for another question', (answer: { status: number; headers: Record<string, string>; body: string }) => ({ ...answer, headers: { ...answer.headers, 'x-admin-center-signature': 'ab'.repeat(32) } })],
    ['that claims nothing has changed', ({ headers }: { headers: Record<string, string> }) => ({ status: 304, headers, body: '' })],
  ])('%s is not believed', async (_what, lie) => {
    const line = await between();
    line.lie = lie as NonNullable<Between['lie']>;
    const shop = await host({ url: line.url });
    expect(await shop.center.ready(500)).toBe(false);
    expect(shop.center.status().policy).toBe('none');
    expect(shop.errors[0]?.message).toMatch(/not signed/);
    line.lie = null;
    expect(await shop.center.ready(5_000)).toBe(true);
  });

  test('an old one that is played back confirms nothing', async () => {
    const line = await between();
    let kept: { status: number; headers: Record<string, string>; body: string } | null = null;
    line.lie = (answer) => (kept ??= answer);
    const shop = await host({ url: line.url, impersonationLimitMs: 500 });
    expect(await shop.center.ready()).toBe(true);
    const session = await world.makeImpersonation('read');
    expect(await eventually(() => shop.as({ user: session.userId, act: `${session.adminId} ${session.id}` }, '/api/profile/7'), ({ status }) => status === 503, 3_000)).toMatchObject({ status: 503 });
  });
});

describe('the host itself', () => {
  test('answers with its own error when it cannot say who asks', async () => {
    const shop = await host({ identify: () => { throw new Error('no idea'); } });
    const response = await fetch(`${shop.baseUrl}/api/profile/7`);
    expect(response.status).toBe(500);
    const later = await host({ identify: () => Promise.reject(new Error('no idea')) });
    expect((await fetch(`${later.baseUrl}/api/profile/7`)).status).toBe(500);
  });

  test('is told at the start what cannot work', async () => {
    await expect(host({ url: 'ftp://x' })).rejects.toThrow(/http/);
    await expect(host({ key: 'secret' })).rejects.toThrow(/acp_/);
  });

  test('goes on with a key that is not good', async () => {
    const shop = await host({ key: world.key.replace(/.$/, (last) => (last === '0' ? '1' : '0')) });
    expect(await shop.center.ready(300)).toBe(false);
    expect(shop.errors[0]?.message).toMatch(/401/);
    expect(await shop.as({ user: randomUUID() }, '/api/profile/7')).toMatchObject({ status: 200 });
  });
});
