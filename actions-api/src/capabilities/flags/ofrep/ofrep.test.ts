// OFREP 0.3 as the protocol says, with foreign clients: OpenFeature's own, for servers and for browsers.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { ErrorCode, OpenFeature, ProviderEvents } from '@openfeature/server-sdk';
import { OpenFeature as WebOpenFeature } from '@openfeature/web-sdk';
import { startTestApi, type TestApi } from '../../../../test/api.ts';
import { booleanFlag, createFlag, REASON } from '../../../../test/flags.ts';
import { makeTestKey } from '../../../../test/keys.ts';
import { eventually } from '../../../../test/process.ts';

const PATH = '/ofrep/v1/evaluate/flags';
const context = { targetingKey: 'user-1', country: 'DE' };
let api: TestApi;
let server: string;
let client: string;

beforeAll(async () => {
  api = await startTestApi();
  await api.db.make.admin({ email: 'super@acme.example' });
  server = (await makeTestKey(api, 'server')).secret;
  client = (await makeTestKey(api, 'client')).secret;
  const german = { id: 'german', conditions: [{ attribute: 'country', operator: 'in' as const, values: ['DE'] }], serve: { percentage: 100, split: [{ variant: 'on', weight: 1 }] } };
  await createFlag(api, booleanFlag(null, { segments: [german] }), 'on', 'for-germans');
  await createFlag(api, booleanFlag(50, { public: true }), 'on', 'half');
  await createFlag(api, { ...booleanFlag(null), type: 'object', variants: [{ key: 'a', value: { limit: 5, label: 'five' } }, { key: 'b', value: {} }], offVariant: 'b', defaultVariant: 'a', public: true }, 'on', 'limits');
  await createFlag(api, { ...booleanFlag(null), type: 'string', variants: [{ key: 'blue', value: '#00f' }, { key: 'off', value: '' }], defaultVariant: 'blue' }, 'on', 'colour');
  await createFlag(api, { ...booleanFlag(null), type: 'number', variants: [{ key: 'many', value: 12.5 }, { key: 'off', value: 0 }], defaultVariant: 'many' }, 'on', 'quota');
  await createFlag(api, booleanFlag(100, { public: true }), 'off', 'not-yet');
  await eventually(async () => Object.keys(api.policy.flags.current().flags).length, (count) => count === 6);
});
afterAll(() => api.close());

const post = async (path: string, body: unknown, headers: Readonly<Record<string, string>> = { authorization: `Bearer ${server}` }) => {
  const response = await fetch(`${api.baseUrl}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: text === '' ? null : (JSON.parse(text) as Record<string, unknown>) };
};

describe('one flag', () => {
  test.each([
    ['for-germans', { context }, 200, { key: 'for-germans', value: true, variant: 'on', reason: 'TARGETING_MATCH' }],
    ['for-germans', {}, 200, { key: 'for-germans', value: false, variant: 'off', reason: 'DEFAULT' }],
    ['limits', { context }, 200, { key: 'limits', value: { limit: 5, label: 'five' }, variant: 'a', reason: 'STATIC' }],
    ['not-yet', { context }, 200, { key: 'not-yet', value: false, variant: 'off', reason: 'DISABLED' }],
    ['half', { context: { country: 'DE' } }, 400, { key: 'half', errorCode: 'TARGETING_KEY_MISSING', errorDetails: expect.any(String) }],
    ['half', { context: 'user-1' }, 400, { key: 'half', errorCode: 'INVALID_CONTEXT', errorDetails: expect.any(String) }],
    ['half', { context: { targetingKey: 7 } }, 400, { key: 'half', errorCode: 'INVALID_CONTEXT', errorDetails: expect.any(String) }],
    ['half', '{"context":', 400, { key: 'half', errorCode: 'PARSE_ERROR', errorDetails: expect.any(String) }],
    ['half', '[1]', 400, { key: 'half', errorCode: 'PARSE_ERROR', errorDetails: expect.any(String) }],
    ['no-such-flag', { context }, 404, { key: 'no-such-flag', errorCode: 'FLAG_NOT_FOUND', errorDetails: expect.any(String) }],
    ['constructor', { context }, 404, { key: 'constructor', errorCode: 'FLAG_NOT_FOUND', errorDetails: expect.any(String) }],
  ])('%s for %j is %i', async (key, body, status, expected) => {
    const answer = await post(`${PATH}/${key}`, body);
    expect([answer.status, answer.body]).toEqual([status, expected]);
  });
});

describe('all flags', () => {
  test('carry no rule, only what they serve', async () => {
    const { text, body } = await post(PATH, { context });
    expect((body as { flags: { key: string }[] }).flags.map(({ key }) => key)).toEqual(['colour', 'for-germans', 'half', 'limits', 'not-yet', 'quota']);
    expect(text).not.toMatch(/german"|segment|rollout|salt|ruleId|country/);
  });

  test('are 304 while the answer is the same, whatever changed elsewhere', async () => {
    const first = await post(PATH, { context });
    const etag = first.headers.get('etag') ?? '';
    const again = (given: unknown = { context }) => post(PATH, given, { authorization: `Bearer ${server}`, 'if-none-match': etag });
    expect(await again()).toMatchObject({ status: 304, text: '' });
    // As a client behind a proxy that compresses knows it, and beside others.
    expect(await post(PATH, { context }, { authorization: `Bearer ${server}`, 'if-none-match': `"another", W/${etag}` })).toMatchObject({ status: 304, text: '' });
    expect((await again({ context: { ...context, country: 'FR' } })).status).toBe(200);
    await createFlag(api, booleanFlag(0), 'on', 'one-more');
    await eventually(async () => (await again()).status, (status) => status === 200);
  });

  test('that fail are told one by one', async () => {
    const { status, body } = await post(PATH, { context: {} });
    expect(status).toBe(200);
    expect((body as { flags: unknown[] }).flags).toContainEqual({ key: 'half', errorCode: 'TARGETING_KEY_MISSING', errorDetails: expect.any(String) });
    expect(await post(PATH, { context: 7 })).toMatchObject({ status: 400, body: { errorCode: 'INVALID_CONTEXT' } });
  });
});

describe('keys', () => {
  test('a client key sees public flags only; another does not exist for it', async () => {
    const headers = { 'x-api-key': client };
    expect(((await post(PATH, { context }, headers)).body as { flags: { key: string }[] }).flags.map(({ key }) => key)).toEqual(['half', 'limits', 'not-yet']);
    expect(await post(`${PATH}/for-germans`, { context }, headers)).toMatchObject({ status: 404, body: { errorCode: 'FLAG_NOT_FOUND' } });
    expect(await post(`${PATH}/half`, { context }, headers)).toMatchObject({ status: 200 });
  });

  test('no key, a wrong one, and too many requests', async () => {
    expect((await post(PATH, { context }, {})).status).toBe(401);
    expect((await post(PATH, { context }, { authorization: 'Bearer nonsense' })).status).toBe(401);
    const busy = await startTestApi({ env: { RATE_LIMIT_INGEST_PER_MINUTE: '2' } });
    const { secret: key } = await makeTestKey(busy);
    const ask = () => fetch(`${busy.baseUrl}${PATH}`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: '{}' });
    await ask();
    await ask();
    const limited = await ask();
    expect([limited.status, Number(limited.headers.get('retry-after')) > 0]).toEqual([429, true]);
    await busy.close();
  });

  test('a browser of another origin may ask, and read the ETag', async () => {
    const preflight = await fetch(`${api.baseUrl}${PATH}`, {
      method: 'OPTIONS', headers: { origin: 'https://app.acme.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-api-key,content-type,if-none-match' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    const { headers } = await post(PATH, { context }, { 'x-api-key': client, origin: 'https://app.acme.example' });
    expect([headers.get('access-control-allow-origin'), headers.get('access-control-expose-headers')]).toEqual(['*', 'ETag, Retry-After']);
    expect((await post(PATH, { context }, { origin: 'https://app.acme.example' })).headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('OpenFeature', () => {
  test('the server SDK reads every type, and falls back where it must', async () => {
    await OpenFeature.setProviderAndWait('server', new OFREPProvider({ baseUrl: api.baseUrl, headers: [['Authorization', `Bearer ${server}`]] }));
    const features = OpenFeature.getClient('server');
    expect(await features.getBooleanDetails('for-germans', false, context)).toMatchObject({ value: true, variant: 'on', reason: 'TARGETING_MATCH' });
    expect(await features.getStringValue('colour', 'none', context)).toBe('#00f');
    expect(await features.getNumberValue('quota', 1, context)).toBe(12.5);
    expect(await features.getObjectValue('limits', {}, context)).toEqual({ limit: 5, label: 'five' });
    expect(await features.getBooleanDetails('no-such-flag', true, context)).toMatchObject({ value: true, errorCode: ErrorCode.FLAG_NOT_FOUND });
    expect(await features.getBooleanDetails('half', true, {})).toMatchObject({ value: true, errorCode: ErrorCode.TARGETING_KEY_MISSING });
    expect(await features.getStringDetails('for-germans', 'x', context)).toMatchObject({ value: 'x', errorCode: ErrorCode.TYPE_MISMATCH });
    await OpenFeature.close();
  });

  test('the web SDK polls with the ETag and tells a change as soon as it sees one', async () => {
    const statuses: number[] = [];
    const counting: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      statuses.push(response.status);
      return response;
    };
    await WebOpenFeature.setContext(context);
    const provider = new OFREPWebProvider({ baseUrl: api.baseUrl, headers: [['X-API-Key', client]], pollInterval: 150, fetchImplementation: counting });
    await WebOpenFeature.setProviderAndWait('web', provider);
    const features = WebOpenFeature.getClient('web');
    expect(features.getObjectValue('limits', {})).toEqual({ limit: 5, label: 'five' });
    expect(features.getBooleanDetails('for-germans', false)).toMatchObject({ value: false, errorCode: 'FLAG_NOT_FOUND' });
    await eventually(async () => statuses.at(-1), (status) => status === 304);
    const changed = new Promise((resolve) => {
      features.addHandler(ProviderEvents.ConfigurationChanged as never, resolve);
    });
    await api.as({ email: 'super@acme.example' }).post('/api/v1/flags/not-yet/state', { state: 'on', version: 1, reason: REASON });
    await changed;
    expect(features.getBooleanValue('not-yet', false)).toBe(true);
    await WebOpenFeature.close();
  });
});

test('evaluations are counted by what was served; what is not a flag is counted as that and nothing else', async () => {
  const count = async (flag: string, reason: string): Promise<number> => {
    const { rows } = await api.db.pool.query<{ evaluations: number }>('SELECT sum(evaluations)::integer AS evaluations FROM admin_center.flag_usage WHERE flag = $1 AND reason = $2', [flag, reason]);
    return rows[0]?.evaluations ?? 0;
  };
  await createFlag(api, booleanFlag(100), 'on', 'counted');
  await eventually(async () => (await post(`${PATH}/counted`, { context })).body?.['variant'], (variant) => variant === 'on');
  const settled = async (flag: string, reason: string, at: (value: number) => boolean) => eventually(() => count(flag, reason), at, 10_000);
  const before = await settled('counted', 'STATIC', (value) => value > 0);
  await Promise.all(Array.from({ length: 25 }, () => post(`${PATH}/counted`, { context })));
  await settled('counted', 'STATIC', (value) => value >= before + 25);
  await Promise.all(Array.from({ length: 5 }, (_, index) => post(`${PATH}/made-up-${index}`, { context })));
  await settled('unknown', 'ERROR', (value) => value >= 5);
  const { rows } = await api.db.pool.query(`SELECT DISTINCT flag FROM admin_center.flag_usage WHERE flag LIKE 'made-up%'`);
  expect(rows).toEqual([]);
  const { rows: [tally] } = await api.db.pool.query(`SELECT value FROM admin_center.tally WHERE metric = 'admincenter_flag_evaluations_total' AND labels = '{"flag":"counted","variant":"on","reason":"static"}'`);
  expect(tally).toEqual({ value: await count('counted', 'STATIC') });
});
