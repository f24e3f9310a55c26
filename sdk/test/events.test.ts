// Events of users: what is sent by itself, what is never sent, and what becomes of it while nobody takes it.
import { createHmac, randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { makeKey } from '@admin-center/platform/project-key';
import express from 'express';
import { eventually } from '../../actions-api/test/process.ts';
import { policy as benchPolicy } from '../bench/policy-server.ts';
import { type AdminCenter, adminCenter } from '../src/admin-center.ts';
import { type PolicyDocument, signedText } from '../src/policy/document.ts';
import { startTestHost, type TestHost } from './host.ts';
import { startIngest, takes, type TestIngest } from './ingest.ts';

const { secret: key } = makeKey('test');
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) {
    await close();
  }
});

const [anyFlag] = Object.values(benchPolicy.flags.flags);
const session = { id: randomUUID(), userId: 'user-9', adminId: 'admin-1', scope: 'write' as const, endsAt: new Date(Date.now() + 3_600_000).toISOString() };
const document: PolicyDocument = {
  flags: { flags: {
    pricing: { ...anyFlag!, type: 'boolean', segments: [], users: [{ id: 'staff', variant: 'on', users: ['staff'] }], tiers: [], rollout: null, experiment: { weights: [{ variant: 'on', weight: 1 }, { variant: 'off', weight: 1 }], holdOut: 20, exclusionGroup: null } },
    plain: { ...anyFlag!, segments: [], users: [], tiers: [], experiment: null, rollout: { percentage: 100, split: [{ variant: 'on', weight: 1 }] } },
  } },
  impersonation: { refused: [], writes: [{ methods: ['*'], path: '/**' }], sessions: [session] },
  sessions: { refusedUsers: [], endedSessions: [] },
};
const signed = (nonce: string) => {
  const body = JSON.stringify(document);
  return { headers: { etag: '"1"', 'x-admin-center-signature': createHmac('sha256', key).update(signedText(nonce, '"1"', body)).digest('hex') }, body };
};

async function start(options: Partial<Parameters<typeof startTestHost>[0]> = {}): Promise<{ ingest: TestIngest; host: TestHost; center: AdminCenter }> {
  const ingest = await startIngest(signed);
  open.push(() => ingest.goAway());
  const host = await startTestHost({ url: ingest.url, key, reportEveryMs: 40, features: { 'POST /api/tunnels/:id/start': 'tunnel' }, ...options });
  open.push(() => host.close());
  host.app.post('/api/tunnels/:id/start', (request, response) => {
    host.center.track('user-of-code', 'By id');
    host.center.track(request, 'By request');
    host.center.flags.boolean('pricing', false, { targetingKey: 'user-in-code' });
    response.json({});
  });
  host.app.use('/nested', express.Router().get('/:id', (_request, response) => {
    response.json({});
  }));
  expect(await host.center.ready()).toBe(true);
  return { ingest, host, center: host.center };
}
const flushed = (ingest: TestIngest, count: number) => eventually(async () => ingest.events, (events) => events.length >= count, 3_000);
const settled = () => new Promise((resolve) => setTimeout(resolve, 150));
const names = ({ events }: TestIngest) => events.map(({ event, properties }) => `${event} ${String(properties?.['route'] ?? '')}`.trim());

describe('requests', () => {
  test('of a known user are sent once a minute by their template, with what country and client are told by', async () => {
    const { ingest, host } = await start();
    for (const path of ['/api/profile/7', '/api/profile/8?secret=1', '/nested/9']) {
      await host.as({ user: 'user-1' }, path);
    }
    await fetch(`${host.baseUrl}/no-such-route/10`, { headers: { 'x-user': 'user-1' } });
    await host.as({ user: 'user-2' }, '/api/profile/7');
    await host.as({}, '/api/profile/7');
    await flushed(ingest, 3);
    await settled();
    expect(names(ingest).toSorted()).toEqual(['Request Made GET /api/profile/:id', 'Request Made GET /api/profile/:id', 'Request Made GET /nested/:id']);
    const [event] = ingest.events;
    expect(event).toMatchObject({ type: 'track', userId: 'user-1', context: { ip: '127.0.0.1', userAgent: expect.any(String) } });
    expect(JSON.stringify(ingest.events)).not.toMatch(/secret|profile\/7/);
    expect(ingest.batches[0]?.authorization).toBe(`Basic ${Buffer.from(`${key}:`).toString('base64')}`);
    expect(Math.abs(Date.parse(ingest.batches[0]?.sentAt ?? '') - Date.now())).toBeLessThan(5_000);
    // By which the intake tells that we sent it.
    expect(ingest.batches[0]?.library).toBe('@cloudtolocalllm/admin-center-sdk');
  });

  test('have the same message ids in every process of the host, so that two of them count once', async () => {
    const { ingest, host } = await start();
    const second = await startTestHost({ url: ingest.url, key, reportEveryMs: 40 });
    open.push(() => second.close());
    for (const each of [host, second]) {
      await each.as({ user: 'user-1' }, '/api/profile/7');
    }
    const [one, two] = await flushed(ingest, 2);
    // Unless a minute began between the two.
    expect(new Date(String(one?.['timestamp'])).getUTCMinutes() !== new Date(String(two?.['timestamp'])).getUTCMinutes() || one?.messageId === two?.messageId).toBe(true);
  });

  test('that are uses of a feature say so, each of them', async () => {
    const { ingest, host } = await start();
    await host.as({ user: 'user-1' }, '/api/tunnels/7/start', { method: 'POST' });
    await host.as({ user: 'user-1' }, '/api/tunnels/8/start', { method: 'POST' });
    const events = await eventually(async () => ingest.events.filter(({ event }) => event === 'Feature Used'), (found) => found.length >= 2, 3_000);
    expect(events.map(({ properties }) => properties)).toEqual(Array.from({ length: 2 }, () => ({ feature: 'tunnel', route: 'POST /api/tunnels/:id/start' })));
    expect(new Set(events.map(({ messageId }) => messageId)).size).toBe(2);
    expect(names(ingest).filter((name) => name.startsWith('Request Made'))).toEqual([]);
    expect(ingest.events.find(({ event }) => event === 'By request')).toMatchObject({ userId: 'user-1', context: { ip: '127.0.0.1' } });
    expect(ingest.events.find(({ event }) => event === 'By id')).toMatchObject({ userId: 'user-of-code' });
  });

  test('with Sec-GPC: 1 send nothing, whatever code of theirs asks for', async () => {
    const { ingest, host } = await start();
    const answer = await fetch(`${host.baseUrl}/api/tunnels/7/start`, { method: 'POST', headers: { 'x-user': 'user-1', 'sec-gpc': '1' } });
    expect(answer.status).toBe(200);
    await settled();
    expect(ingest.batches).toEqual([]);
  });

  test('under impersonation send nothing, whatever code of theirs asks for', async () => {
    const { ingest, host } = await start();
    // This stand-in does not confirm sessions, so the request is let in by hand: `live` is what the API would answer.
    const confirmed = globalThis.fetch;
    globalThis.fetch = ((input: string | URL | Request, init?: RequestInit) => (String(input).endsWith('/impersonation/check') ? Promise.resolve(Response.json({ live: true })) : confirmed(input, init))) as typeof fetch;
    try {
      const answer = await host.as({ user: session.userId, session: session.id, act: `${session.adminId} ${session.id}` }, '/api/tunnels/7/start', { method: 'POST' });
      expect(answer.status).toBe(200);
      await host.as({ user: session.userId, session: session.id, act: `${session.adminId} ${session.id}` }, '/api/profile/7');
    } finally {
      globalThis.fetch = confirmed;
    }
    await settled();
    expect(ingest.batches).toEqual([]);
    // The next request is an everyday one.
    await host.as({ user: session.userId }, '/api/profile/7');
    expect(await flushed(ingest, 1)).toHaveLength(1);
  });

  test('are not sent where the host does not want events at all', async () => {
    const { ingest, host, center } = await start({ events: false });
    await host.as({ user: 'user-1' }, '/api/profile/7');
    center.track('user-1', 'Tunnel Started');
    await settled();
    expect(ingest.batches).toEqual([]);
    expect(center.status().events).toEqual({ sent: 0, waiting: 0, dropped: 0 });
  });
});

describe('experiments', () => {
  test('tell once whom they served which variant, and nobody who is held out or listed', async () => {
    const { ingest, center } = await start();
    const users = Array.from({ length: 60 }, (_, index) => `user-${index}`);
    for (const targetingKey of [...users, ...users, 'staff']) {
      center.flags.boolean('pricing', false, { targetingKey });
      center.flags.boolean('plain', false, { targetingKey });
    }
    await settled();
    const shown = ingest.events.filter(({ event }) => event === 'Experiment Viewed');
    expect(shown).toHaveLength(ingest.events.length);
    expect(new Set(shown.map(({ userId }) => userId)).size).toBe(shown.length);
    expect(shown.length).toBeGreaterThan(30);
    expect(shown.length).toBeLessThan(60);
    const first = shown[0]!;
    expect(first.properties).toEqual({ experiment_id: 'pricing', variation_id: center.flags.details('pricing', false, { targetingKey: first.userId }).variant });
  });

  test('that are no flags of ours are told by the host', async () => {
    const { ingest, center } = await start();
    center.exposure('user-1', 'checkout', 'short');
    center.exposure('user-1', 'checkout', 'short');
    center.exposure('user-1', 'checkout', 'long');
    expect((await flushed(ingest, 2)).map(({ properties }) => properties)).toEqual([{ experiment_id: 'checkout', variation_id: 'short' }, { experiment_id: 'checkout', variation_id: 'long' }]);
  });
});

test('identify says who somebody is and who they were before', async () => {
  const { ingest, center } = await start();
  center.identify('user-1', { plan: 'premium' }, 'visitor-1');
  expect(await flushed(ingest, 1)).toMatchObject([{ type: 'identify', userId: 'user-1', traits: { plan: 'premium' }, anonymousId: 'visitor-1' }]);
});

describe('while nobody takes events', () => {
  test('an API that is away gets them when it is back, each once and as it happened', async () => {
    const { ingest, center } = await start();
    await ingest.goAway();
    const told = { plan: 'free' };
    center.track('user-1', 'Signed Up', told);
    told.plan = 'changed later';
    const happened = Date.now();
    await eventually(async () => center.status().events.waiting, (waiting) => waiting === 1, 3_000);
    await settled();
    await ingest.comeBack();
    const [event] = await flushed(ingest, 1);
    expect(event).toMatchObject({ event: 'Signed Up', properties: { plan: 'free' } });
    expect(Date.parse(String(event?.['timestamp']))).toBeLessThanOrEqual(happened);
    // It says when it was sent at last, so that the other side does not take the wait for a wrong clock.
    expect(Date.parse(ingest.batches.at(-1)?.sentAt ?? '')).toBeGreaterThan(happened + 100);
    await eventually(async () => center.status().events, ({ sent, waiting }) => sent === 1 && waiting === 0, 3_000);
  });

  test('a 503 with Retry-After is waited out, and the same messages are sent again', async () => {
    const { ingest, center } = await start();
    ingest.answer = (response) => void response.writeHead(503, { 'retry-after': '1' }).end();
    center.track('user-1', 'Signed Up');
    await eventually(async () => ingest.batches.length, (count) => count === 1, 3_000);
    const refusedAt = Date.now();
    ingest.answer = takes;
    await flushed(ingest, 1);
    expect(Date.now() - refusedAt).toBeGreaterThan(900);
    expect(ingest.batches).toHaveLength(2);
    expect(ingest.batches[1]?.events).toEqual(ingest.batches[0]?.events);
  });

  test('a batch that is refused for good is given up, counted and told', async () => {
    const { ingest, host, center } = await start();
    ingest.answer = (response) => void response.writeHead(400).end();
    center.track('user-1', 'Signed Up');
    await eventually(async () => center.status().events, ({ dropped, waiting }) => dropped === 1 && waiting === 0, 3_000);
    expect(host.errors.at(-1)?.message).toMatch(/refuses a batch of events with 400/);
  });

  test('the oldest are dropped once there is no room, and memory is bounded', async () => {
    const { ingest, center } = await start({ reportEveryMs: 50 });
    await ingest.goAway();
    for (let event = 0; event < 12_000; event++) {
      center.track('user-1', `Event ${event}`);
    }
    await eventually(async () => center.status().events, ({ waiting }) => waiting > 0, 3_000);
    expect(center.status().events).toMatchObject({ waiting: 5_000, dropped: 7_000 });
  });
});

describe('an event that cannot be sent', () => {
  test('harms nobody: circular, too long, without a name', async () => {
    const { ingest, host, center } = await start();
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    center.track('user-1', 'Circular', circular);
    center.track('user-1', 'Long', { text: 'x'.repeat(40_000) });
    center.track('user-1', '');
    center.track('', 'Nobody');
    center.track('user-1', 'Good');
    expect((await flushed(ingest, 1)).map(({ event }) => event)).toEqual(['Good']);
    expect(host.errors.map(({ message }) => message)).toEqual([expect.stringMatching(/JSON/), expect.stringMatching(/bytes/), expect.stringMatching(/name/)]);
    expect(await eventually(async () => center.status().events, ({ sent }) => sent > 0)).toMatchObject({ sent: 1, dropped: 2 });
  });

  test('does not come from routes that are none', () => {
    for (const features of [{ '/api': 'x' }, { 'POST /api': '' }] as Readonly<Record<string, string>>[]) {
      expect(() => adminCenter({ url: 'http://127.0.0.1:9', key, features })).toThrow(/features/);
    }
  });
});

test('batches keep the limits of 100 events and 500 KiB, and the last are sent when the host ends', async () => {
  const { ingest, center } = await start({ reportEveryMs: 60_000 });
  for (let event = 0; event < 250; event++) {
    center.track('user-1', `Event ${event}`, { text: 'ä'.repeat(event < 50 ? 15_000 : 10) });
  }
  expect(ingest.batches).toEqual([]);
  await center.close();
  expect(ingest.events).toHaveLength(250);
  expect(ingest.events.map(({ event }) => event)).toEqual(Array.from({ length: 250 }, (_, event) => `Event ${event}`));
  for (const { events, bytes } of ingest.batches) {
    expect(events.length).toBeLessThanOrEqual(100);
    expect(bytes).toBeLessThan(500 * 1024);
  }
});
