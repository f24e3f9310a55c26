// /api/ds/query and the look-ups: what Prometheus is asked, and how its failures come back.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startShell, type Shell } from '../testing/shell.ts';
import { startUpstream, type Handler, type Received, type Upstream } from '../testing/upstream.ts';

const FROM = 1_700_000_007_000;
const TO = FROM + 900_000;

const json =
  (status: number, body: unknown): Handler =>
  (_request, res) =>
    void res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const matrix = json(200, {
  status: 'success',
  data: { resultType: 'matrix', result: [{ metric: { job: 'api' }, values: [[1700000000, '1']] }] },
});
const vector = json(200, {
  status: 'success',
  data: { resultType: 'vector', result: [{ metric: {}, value: [1700000000, '5'] }] },
});

let handler: Handler;
let upstream: Upstream;
let shell: Shell;
beforeAll(async () => {
  upstream = await startUpstream((request, res, req) => handler(request, res, req));
  shell = await startShell({ prometheusUrl: upstream.url, limits: { upstreamTimeoutMs: 400 } });
});
beforeEach(() => {
  handler = (request, res, req) => (request.url.endsWith('query_range') ? matrix : vector)(request, res, req);
});
afterAll(async () => {
  await shell.close();
  await upstream.close();
});

interface Results {
  results: Record<
    string,
    {
      status: number;
      error?: string;
      errorSource?: string;
      frames?: Array<{ schema: { refId: string }; data: { values: unknown[][] } }>;
    }
  >;
}

const datasource = { type: 'prometheus', uid: 'prometheus' };
const query = (...queries: object[]) =>
  shell.request('/api/ds/query?ds_type=prometheus&requestId=Q1', {
    method: 'POST',
    as: 'vic',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      queries: queries.map((each) => ({
        refId: 'A',
        datasource,
        expr: 'up',
        intervalMs: 15_000,
        maxDataPoints: 1_000,
        ...each,
      })),
      from: String(FROM),
      to: String(TO),
    }),
  });
const form = ({ body }: Received) => Object.fromEntries(new URLSearchParams(body));
const last = () => upstream.received.at(-1) as Received;

describe('a query', () => {
  test('is a range query unless it says otherwise, both ends moved down to a multiple of the step', async () => {
    const answer = await query({ expr: 'rate(x[$__rate_interval])' });
    expect(answer.status).toBe(200);
    expect(last()).toMatchObject({ method: 'POST', url: '/api/v1/query_range' });
    expect(form(last())).toEqual({ query: 'rate(x[1m])', start: '1699999995', end: '1700000895', step: '15' });
    expect(answer.json<Results>().results['A']?.frames?.[0]?.data.values).toEqual([[1700000000000], [1]]);
  });

  test('keeps days where they are for the viewer: the step is counted from midnight there', async () => {
    await query({ interval: '1d', utcOffsetSec: 3_600 });
    const { start } = form(last());
    expect((Number(start) + 3_600) % 86_400).toBe(0);
  });

  test('is an instant query at the end of the range when it asks for one', async () => {
    await query({ instant: true });
    expect(last().url).toBe('/api/v1/query');
    expect(form(last())).toEqual({ query: 'up', time: String(TO / 1000) });
  });

  test('is both when it asks for both, in one answer', async () => {
    const { results } = (await query({ instant: true, range: true })).json<Results>();
    expect(results['A']?.frames?.map(({ data }) => data.values[1])).toEqual([[1], [5]]);
  });

  test('answers every refId for itself', async () => {
    handler = (request, res, req) =>
      (request.body.includes('broken')
        ? json(400, { status: 'error', errorType: 'bad_data', error: 'parse error' })
        : matrix)(request, res, req);
    const answer = await query({ refId: 'A' }, { refId: 'B', expr: 'broken(' });
    expect(answer.status).toBe(400);
    const { results } = answer.json<Results>();
    expect(results['A']).toMatchObject({ status: 200, frames: [{ schema: { refId: 'A' } }] });
    expect(results['B']).toEqual({ status: 400, error: 'bad_data: parse error', errorSource: 'downstream' });
  });
});

describe('a failure', () => {
  test('of a Prometheus that is too slow is 504 for that query', async () => {
    handler = () => undefined;
    const { results } = (await query({})).json<Results>();
    expect(results['A']).toMatchObject({ status: 504, error: expect.stringMatching(/did not answer within 0\.4 s/) });
  });

  test('of a Prometheus that is not there is 502 and says where it was looked for', async () => {
    const lonely = await startShell();
    const answer = await lonely.request('/api/ds/query', {
      method: 'POST',
      as: 'ada',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ queries: [{ refId: 'A', datasource, expr: 'up' }], from: '0', to: '1000' }),
    });
    expect(answer.status).toBe(400);
    expect(answer.json<Results>().results['A']).toMatchObject({
      status: 502,
      error: expect.stringContaining('127.0.0.1:9'),
    });
    await lonely.close();
  });

  test('to be Prometheus at all is said', async () => {
    handler = (_request, res) => void res.end('<html>hello</html>');
    expect((await query({})).json<Results>().results['A']).toMatchObject({ status: 502 });
    handler = json(200, { hello: 'world' });
    expect((await query({})).json<Results>().results['A']?.error).toMatch(/not its API's/);
  });

  test('of a redirect is not followed', async () => {
    handler = (_request, res) => void res.writeHead(307, { location: 'http://169.254.169.254/' }).end();
    expect((await query({})).json<Results>().results['A']).toMatchObject({ status: 502 });
  });

  test('of a minimum step that is no duration is the query’s own', async () => {
    expect((await query({ interval: 'often' })).json<Results>().results['A']).toEqual({
      status: 400,
      error: '"often" is not a duration such as 15s or 5m',
    });
  });
});

describe('a request is refused', () => {
  test('for another data source', async () => {
    const answer = await query({ datasource: { uid: 'other' } });
    expect(answer.status).toBe(404);
    expect(answer.json()).toEqual({ message: 'Data source not found' });
  });

  test.each([
    ['nothing', {}],
    ['no queries', { queries: [], from: '0', to: '1' }],
    [
      'too many queries',
      { queries: Array.from({ length: 51 }, () => ({ datasource, expr: 'up' })), from: '0', to: '1' },
    ],
    ['a range backwards', { queries: [{ datasource, expr: 'up' }], from: '2', to: '1' }],
    ['a relative range', { queries: [{ datasource, expr: 'up' }], from: 'now-1h', to: 'now' }],
    ['an expression without end', { queries: [{ datasource, expr: 'x'.repeat(20_001) }], from: '0', to: '1' }],
  ])('with %s', async (_case, body) => {
    const answer = await shell.request('/api/ds/query', {
      method: 'POST',
      as: 'vic',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(400);
    expect(answer.json<{ message: string }>().message).toMatch(/^bad request data/);
  });

  test('with more than a megabyte', async () => {
    const answer = await shell.request('/api/ds/query', {
      method: 'POST',
      as: 'vic',
      headers: { 'content-type': 'application/json' },
      body: `"${'x'.repeat(1_100_000)}"`,
    });
    expect(answer.status).toBe(413);
  });

  test('that is not JSON', async () => {
    expect(
      (
        await shell.request('/api/ds/query', {
          method: 'POST',
          as: 'vic',
          headers: { 'content-type': 'application/json' },
          body: '{',
        })
      ).status,
    ).toBe(400);
  });
});

describe('look-ups of query variables', () => {
  const resource = (path: string, options = {}) =>
    shell.request(`/api/datasources/uid/prometheus/resources/api/v1/${path}`, { as: 'vic', ...options });

  test('pass their parameters on and give the data back', async () => {
    handler = json(200, { status: 'success', data: ['free', 'premium'] });
    const answer = await resource('label/tier/values?match[]=users&start=1');
    expect(answer.json()).toEqual({ status: 'success', data: ['free', 'premium'] });
    const { pathname, searchParams } = new URL(last().url, upstream.url);
    expect([pathname, searchParams.get('match[]'), searchParams.get('start')]).toEqual([
      '/api/v1/label/tier/values',
      'users',
      '1',
    ]);
  });

  test('by form as well', async () => {
    handler = json(200, { status: 'success', data: [] });
    await resource('series', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'match[]=up',
    });
    expect(new URL(last().url, upstream.url).searchParams.getAll('match[]')).toEqual(['up']);
  });

  test('are these and nothing else of Prometheus', async () => {
    const before = upstream.received.length;
    for (const path of [
      'query?query=up',
      'admin/tsdb/delete_series',
      'status/config',
      'label/../../status/config',
      'label/x%2F..%2F..%2Fstatus/values',
      '../../-/quit',
    ]) {
      expect((await resource(path)).status).toBe(404);
    }
    expect(upstream.received.length).toBe(before);
  });

  test('report a failure with its status', async () => {
    handler = json(422, { status: 'error', errorType: 'execution', error: 'too many' });
    const answer = await resource('labels');
    expect([answer.status, answer.json()]).toEqual([422, { status: 'error', message: 'execution: too many' }]);
  });
});
