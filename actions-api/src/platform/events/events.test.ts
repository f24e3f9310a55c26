// Events are taken one by one, each once, and are in the database when they are acknowledged.
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import { sendEvents, track } from '../../../test/events.ts';
import { makeTestKey } from '../../../test/keys.ts';
import { eventually } from '../../../test/process.ts';
import { messageDigest, personDigest } from './ids.ts';

let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await startTestApi();
  key = (await makeTestKey(api)).secret;
});
afterAll(() => api.close());

const send = (body: unknown, path = 'batch', headers: Readonly<Record<string, string>> = {}) => sendEvents(api.baseUrl, key, body, path, headers);
const rowsOf = async (...messageIds: readonly string[]) =>
  (await api.db.pool.query('SELECT * FROM admin_center.event WHERE message_id = ANY ($1) ORDER BY at, name', [messageIds.map((id) => messageDigest('default', id))])).rows as Record<string, unknown>[];
const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();

describe('a batch', () => {
  test('is in the stream when it is acknowledged', async () => {
    const [one, two] = [track('Signed Up', { properties: { plan: 'pro', nested: { a: [1, 'x'] } } }), track('Chat Sent', { properties: { feature: 'chat' } })];
    const answer = await send({ batch: [one, two], sentAt: new Date().toISOString() });
    expect(answer).toMatchObject({ status: 200, body: { success: true, accepted: 2, results: [{ index: 0, messageId: one.messageId, result: 'accepted' }, { index: 1, result: 'accepted' }] } });
    const rows = await rowsOf(one.messageId, two.messageId);
    expect(rows).toHaveLength(2);
    expect(rows.find(({ name }) => name === 'Signed Up')).toMatchObject({
      type: 'track', feature: null, qualifies: true, known: false, source: 'segment', tier: 'free', person_id: personDigest('default', one.anonymousId), properties: { plan: 'pro', nested: { a: [1, 'x'] } },
    });
    expect(rows.find(({ name }) => name === 'Chat Sent')).toMatchObject({ feature: 'chat' });
  });

  test('an event that the catalogue calls a use of a feature is one, unless it names another itself', async () => {
    await api.db.pool.query("INSERT INTO admin_center.feature (key, title, tiers, events) VALUES ('export', 'Export', '{free}', '{Exported}')");
    const [named, own] = [track('Exported'), track('Exported', { properties: { feature: 'share' } })];
    await send({ batch: [named, own] });
    const { rows } = await api.db.pool.query("SELECT feature FROM admin_center.event WHERE name = 'Exported' ORDER BY feature");
    expect(rows).toEqual([{ feature: 'export' }, { feature: 'share' }]);
  });

  test('says what sent it: our SDK by its name, in the batch or in the event, anything else as Segment', async () => {
    const library = { name: '@cloudtolocalllm/admin-center-sdk' };
    const [ofBatch, ofEvent, other] = [track('Sent', { context: { userAgent: 'x' } }), track('Sent', { context: { library } }), track('Sent', { context: { library: { name: '@segment/analytics-node' } } })];
    await send({ batch: [ofBatch], context: { library } });
    await send({ batch: [ofEvent, other] });
    const sources = await Promise.all([ofBatch, ofEvent, other].map(async ({ messageId }) => (await rowsOf(messageId))[0]?.['source']));
    expect(sources).toEqual(['sdk', 'sdk', 'segment']);
  });

  test('sent ten times at once counts once, and each time it is said which were there', async () => {
    const batch = Array.from({ length: 30 }, () => track('Once'));
    const answers = await Promise.all(Array.from({ length: 10 }, () => send({ batch })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(answers.reduce((sum, { body }) => sum + body.accepted, 0)).toBe(30);
    expect(await rowsOf(...batch.map(({ messageId }) => messageId))).toHaveLength(30);
    const again = await send({ batch });
    expect(again.body).toMatchObject({ success: true, accepted: 0 });
    expect(again.body.results[29]).toEqual({ index: 29, messageId: batch[29]?.messageId, result: 'duplicate', message: 'This message was taken before.' });
  });

  test('that overlaps others in other orders neither waits forever nor counts twice', async () => {
    const all = Array.from({ length: 60 }, () => track('Overlap'));
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => send({ batch: index % 2 === 0 ? all : all.toReversed() })));
    expect(answers.reduce((sum, { body }) => sum + body.accepted, 0)).toBe(60);
  });

  test('with a message twice in itself counts it once', async () => {
    const event = track('Twice');
    expect((await send({ batch: [event, event] })).body.results.map(({ result }) => result)).toEqual(['accepted', 'duplicate']);
  });

  test('names what does not hold and takes the rest', async () => {
    const good = track('Good');
    const bad: readonly (readonly [string, unknown, RegExp])[] = [
      ['no event at all', null, /object/],
      ['a type there is none of', { ...track('x'), type: 'charge' }, /type: One of track/],
      ['nobody', track('x', { anonymousId: '' }), /userId or anonymousId/],
      ['no name', track(' '), /1 to 100/],
      ['a name too long', track('x'.repeat(101)), /event/],
      ['an address as a name', track('Mail to ada@acme.example'), /personal data/],
      ['half a character', track('\ud800'), /half/],
      ['a null character in the properties', track('x', { properties: { a: ['b\u0000'] } }), /null character/],
      ['half a character in a key of the properties', track('x', { properties: { '\udc00': 1 } }), /half/],
      ['properties that are none', track('x', { properties: [] }), /properties: An object/],
      ['a time that is none', track('x', { timestamp: 'yesterday' }), /ISO 8601/],
      ['too many levels', track('x', { properties: JSON.parse('{"a":'.repeat(20) + '1' + '}'.repeat(20)) }), /levels/],
      ['too large', track('x', { properties: { text: 'x'.repeat(33_000) } }), /32 KiB/],
      ['nested without end', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, /./],
    ];
    const bodies = bad.map(([what, event]) => (what === 'nested without end' ? String(event) : JSON.stringify(event)));
    const answer = await send(`{"batch":[${[...bodies, JSON.stringify(good)].join(',')}]}`);
    expect(answer).toMatchObject({ status: 200, body: { success: false, accepted: 1 } });
    answer.body.results.slice(0, -1).forEach(({ result, message }, index) => {
      expect([bad[index]?.[0], result]).toEqual([bad[index]?.[0], 'invalid']);
      expect(message).toMatch(bad[index]?.[2] as RegExp);
    });
    expect(await rowsOf(good.messageId)).toHaveLength(1);
  });

  test.each([
    ['no JSON', '{', 400, 'body_malformed'],
    ['no object', '[]', 400, 'body_malformed'],
    ['nothing', '', 400, 'body_malformed'],
    ['no batch', '{"batch":{}}', 400, 'body_invalid'],
    ['too many events', JSON.stringify({ batch: Array.from({ length: 2_501 }, () => 1) }), 400, 'body_invalid'],
    ['too much', JSON.stringify({ batch: [], padding: 'x'.repeat(520_000) }), 413, 'body_too_large'],
    ['too much once unzipped', gzipSync(JSON.stringify({ batch: [], padding: 'x'.repeat(5_000_000) })), 413, 'body_too_large'],
  ])('of %s is refused', async (_what, body, status, code) => {
    expect(await send(body, 'batch', typeof body === 'string' ? {} : { 'content-encoding': 'gzip' })).toMatchObject({ status, body: { code } });
  });
});

describe('every result', () => {
  test('too old, in the future, within the clock of 5 minutes, of an impersonated session, of a robot, without consent', async () => {
    const cases: readonly (readonly [string, unknown])[] = [
      ['accepted', track('x', { timestamp: ago(34 * 86_400) })],
      ['too_old', track('x', { timestamp: ago(36 * 86_400) })],
      ['future', track('x', { timestamp: ago(-600) })],
      ['accepted', track('x', { timestamp: ago(-120) })],
      ['impersonated', track('x', { context: { impersonated: true } })],
      ['impersonated', track('x', { properties: { act: { sub: 'admin' } } })],
      ['bot', track('x', { context: { userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' } })],
      ['consent', track('x', { context: { consent: { categoryPreferences: { Advertising: true, Analytics: false } } } })],
      ['consent', track('x', { context: { consentManagement: { deniedConsentIds: ['analytics'] } } })],
      ['consent', track('x', { properties: { consent: { analytics_storage: 'denied' } } })],
      ['accepted', track('x', { context: { consent: { categoryPreferences: { Advertising: false, Analytics: true } } } })],
    ];
    const { body } = await send({ batch: cases.map(([, event]) => event) });
    expect(body.results.map(({ result }) => result)).toEqual(cases.map(([result]) => result));
  });

  test('of an admin of the host, by either id', async () => {
    const admin = await api.db.make.admin({ email: `${randomUUID()}@acme.example` });
    const subject = (await api.db.pool.query('SELECT jwt_id FROM public.users WHERE id = $1', [admin.id])).rows[0].jwt_id as string;
    const events = [admin.id, subject].map((userId) => track('Admin Acts', { userId }));
    expect((await send({ batch: events })).body.results.map(({ result }) => result)).toEqual(['admin', 'admin']);
    expect(await rowsOf(...events.map(({ messageId }) => messageId))).toEqual([]);
    expect((await api.db.pool.query('SELECT FROM admin_center.person_link WHERE user_id = $1', [admin.id])).rowCount).toBe(0);
  });

  test('with Global Privacy Control, and not with Do Not Track', async () => {
    const event = track('x');
    expect((await send({ batch: [event] }, 'batch', { 'sec-gpc': '1' })).body.results).toMatchObject([{ result: 'consent' }]);
    expect(await rowsOf(event.messageId)).toEqual([]);
    expect((await send({ batch: [event] }, 'batch', { dnt: '1' })).body.results).toMatchObject([{ result: 'accepted' }]);
  });
});

describe('whose event it is', () => {
  test('a user of the host by users.id or by the subject of its token, with its tier', async () => {
    const user = await api.db.make.user();
    const subject = (await api.db.pool.query('SELECT jwt_id FROM public.users WHERE id = $1', [user.id])).rows[0].jwt_id as string;
    await api.db.pool.query('SELECT admin_center.refresh_user_directory_row($1)', [user.id]);
    await api.db.pool.query("UPDATE admin_center.user_directory SET tier = 'premium' WHERE user_id = $1", [user.id]);
    const events = [user.id, user.id.toUpperCase(), subject].map((userId) => track('Known', { userId }));
    await send({ batch: events });
    expect(await rowsOf(...events.map(({ messageId }) => messageId))).toMatchObject(Array.from({ length: 3 }, () => ({ person_id: user.id, known: true, tier: 'premium' })));
  });

  test('somebody the host does not know', async () => {
    const event = track('Stranger', { userId: 'nobody-of-ours', anonymousId: undefined });
    await send({ batch: [event] });
    expect(await rowsOf(event.messageId)).toMatchObject([{ known: false, person_id: personDigest('default', 'nobody-of-ours') }]);
  });

  test('a visitor is tied to the first user it is seen with, also when two come at once', async () => {
    const [one, two] = [await api.db.make.user(), await api.db.make.user()];
    const anonymousId = randomUUID();
    const linkOf = async (id: string) => (await api.db.pool.query('SELECT user_id FROM admin_center.person_link WHERE anonymous_id = $1', [personDigest('default', id)])).rows.map(({ user_id }: { user_id: string }) => user_id);
    await send({ ...track('x'), anonymousId, userId: one.id, type: 'identify' }, 'identify');
    await send({ ...track('x'), anonymousId, userId: two.id }, 'track');
    expect(await linkOf(anonymousId)).toEqual([one.id]);
    const raced = randomUUID();
    await Promise.all([one, two, one, two].map(({ id }) => send({ batch: Array.from({ length: 20 }, () => ({ ...track('x'), anonymousId: raced, userId: id })) })));
    expect(await linkOf(raced)).toHaveLength(1);
    const previousId = randomUUID();
    await send({ messageId: randomUUID(), previousId, userId: two.id }, 'alias');
    expect(await linkOf(previousId)).toEqual([two.id]);
  });
});

describe('what is kept', () => {
  test('no personal data that can be recognised', async () => {
    const event = track('Kept', {
      properties: {
        email: 'a@b.example', 'E-Mail': 'x', Phone_Number: 1, ip: '::1', plan: 'pro', note: 'write to ada@acme.example', url: 'https://acme.example/a?token=1#x', search: '?q=1',
        list: [{ email: 'x', ok: 1 }, 'ada@acme.example'], ['__proto__']: 1, 'ada@acme.example': 1,
      },
    });
    await send({ batch: [event] });
    expect((await rowsOf(event.messageId))[0]?.['properties']).toEqual({ plan: 'pro', url: 'https://acme.example/a', list: [{ ok: 1 }] });
  });

  test('of a page its name or else its type, of traits nothing', async () => {
    const [page, bare, who] = [track('x', { type: 'page', name: 'Pricing' }), track('x', { type: 'page' }), track('x', { type: 'identify', traits: { email: 'ada@acme.example' }, properties: { a: 1 } })];
    await send({ batch: [page, bare, who] });
    expect(await rowsOf(page.messageId)).toMatchObject([{ type: 'page', name: 'Pricing', qualifies: false }]);
    expect(await rowsOf(bare.messageId)).toMatchObject([{ name: 'page' }]);
    expect(await rowsOf(who.messageId)).toMatchObject([{ type: 'identify', name: 'identify', properties: null, qualifies: false }]);
  });

  test('whether it qualifies, by the definition in force, which changes at once', async () => {
    const stamped = async (name: string) => {
      const event = track(name);
      await send({ batch: [event] });
      return (await rowsOf(event.messageId))[0]?.['qualifies'];
    };
    expect([await stamped('Anything'), await stamped('Heartbeat')]).toEqual([true, false]);
    await api.db.pool.query("INSERT INTO admin_center.qualifying_definition (version, mode, events, created_by, reason) VALUES (2, 'only', '{\"Message Sent\"}', 'test', 'test')");
    await eventually(async () => api.policy.qualifying.current().version, (version) => version === 2);
    expect([await stamped('Anything'), await stamped('Message Sent')]).toEqual([false, true]);
    await api.db.pool.query('DELETE FROM admin_center.qualifying_definition WHERE version = 2');
    await eventually(async () => api.policy.qualifying.current().version, (version) => version === 1);
  });

  test('when it happened, corrected by what the clock of the sender was wrong', async () => {
    const aDayFast = (seconds: number) => new Date(Date.now() + 86_400_000 - seconds * 1_000).toISOString();
    const event = track('Corrected', { timestamp: aDayFast(600) });
    await send({ batch: [event], sentAt: aDayFast(0) });
    const at = (await rowsOf(event.messageId))[0]?.['at'] as Date;
    expect(Math.abs(Date.now() - 600_000 - at.getTime())).toBeLessThan(10_000);
    const ahead = track('Ahead', { timestamp: ago(-200) });
    await send({ batch: [ahead] });
    const [row] = await rowsOf(ahead.messageId);
    expect(Number(row?.['at'])).toBeLessThanOrEqual(Date.now());
  });
});

describe('the door', () => {
  test('is open to pages of every origin, without credentials', async () => {
    const preflight = await fetch(`${api.baseUrl}/ingest/segment/v1/t`, { method: 'OPTIONS', headers: { origin: 'https://acme.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,x-retry-count' } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-retry-count');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    const other = await fetch(`${api.baseUrl}/sdk/v1/reports`, { method: 'OPTIONS', headers: { origin: 'https://acme.example', 'access-control-request-method': 'POST' } });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('takes the key from the body of a beacon, as text, and zipped bodies', async () => {
    const client = (await makeTestKey(api, 'client')).secret;
    const beacon = async (body: unknown, headers: Readonly<Record<string, string>> = {}) => (await fetch(`${api.baseUrl}/ingest/segment/v1/t`, { method: 'POST', headers: { 'content-type': 'text/plain;charset=UTF-8', ...headers }, body: body as string })).json() as Promise<Record<string, unknown>>;
    expect(await beacon(JSON.stringify({ ...track('Beacon'), writeKey: client }))).toMatchObject({ accepted: 1 });
    expect(await beacon(gzipSync(JSON.stringify({ ...track('Zipped'), writeKey: client })), { 'content-encoding': 'gzip' })).toMatchObject({ accepted: 1 });
    expect(await beacon(JSON.stringify({ ...track('x'), writeKey: `${client}x` }))).toMatchObject({ code: 'project_key_invalid' });
    expect(await beacon(JSON.stringify(track('x')))).toMatchObject({ code: 'project_key_invalid' });
  });

  test.each(['track', 't', 'identify', 'i', 'page', 'p', 'screen', 's', 'group', 'g', 'alias', 'a'])('has %s', async (path) => {
    expect(await send({ ...track('x'), userId: 'u' }, path)).toMatchObject({ status: 200, body: { accepted: 1 } });
  });
});
