// What the real Prometheus answers to a guardrail's query, and what stands in for an answer that does not come.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPrometheusClient } from '@admin-center/platform/prometheus';
import { freePort } from '../../../../../database/testing/free-port.ts';
import { hasPrometheus, type RunningPrometheus, startPrometheus } from '../../../../test/prometheus.ts';
import { createSampler } from './sampler.ts';

const never = new AbortController().signal;
const samplerAt = (url: string) => createSampler(createPrometheusClient(url, 2_000), never);

describe('a Prometheus that is not well', () => {
  const answers = async (reply: http.RequestListener): Promise<{ url: string; close: () => Promise<unknown> }> => {
    const server = http.createServer(reply).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      close: () => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      },
    };
  };

  test.each<[string, http.RequestListener, RegExp]>([
    ['does not answer in time', () => undefined, /did not answer within 0.2 s/],
    ['is a login page', (_, response) => response.end('<html>'), /cannot be reached/],
    ['fails', (_, response) => response.writeHead(503).end('{"status":"error","errorType":"unavailable","error":"TSDB not ready"}'), /TSDB not ready/],
  ])('%s', async (_, reply, why) => {
    const server = await answers(reply);
    expect(await createSampler(createPrometheusClient(server.url, 200), never).sample('up')).toEqual({ kind: 'none', why: expect.stringMatching(why) });
    await server.close();
  });

  test('is not there', async () => {
    expect(await samplerAt(`http://127.0.0.1:${await freePort()}`).sample('up')).toEqual({ kind: 'none', why: expect.stringMatching(/cannot be reached/) });
  });
});

(hasPrometheus ? describe : describe.skip)('the real Prometheus (where it is installed)', () => {
  let prometheus: RunningPrometheus;
  beforeAll(async () => {
    prometheus = await startPrometheus();
  }, 40_000);
  afterAll(() => prometheus.stop());

  test.each([
    ['vector(2)', [2]],
    ['3', [3]],
    ['vector(1) / 0', [Number.POSITIVE_INFINITY]],
    ['-vector(1) / 0', [Number.NEGATIVE_INFINITY]],
    ['vector(0) / 0', [Number.NaN]],
    ['label_replace(vector(1), "a", "x", "", "") or vector(7)', [1, 7]],
  ])('%s', async (query, values) => {
    const sampling = await samplerAt(prometheus.url).sample(query);
    expect(sampling).toMatchObject({ kind: 'numbers', values });
    expect(Math.abs(Date.now() - (sampling as { at: Date }).at.getTime())).toBeLessThan(5_000);
  });

  test('a metric that does not exist has no data', async () => {
    expect(await samplerAt(prometheus.url).sample('rate(nothing_here[1m])')).toEqual({ kind: 'none', why: 'The query has no data.' });
  });

  test.each([
    ['rate(', /parse error/],
    ['up[5m]', /must give numbers of one instant/],
    ['"text"', /must give numbers of one instant/],
    ['(vector(1) or label_replace(vector(2), "a", "x", "", "")) * on () group_left () (vector(1) or label_replace(vector(2), "a", "x", "", ""))', /many-to-many/],
  ])('refuses %s and says why', async (query, why) => {
    expect(await samplerAt(prometheus.url).sample(query)).toEqual({ kind: 'refused', why: expect.stringMatching(why) });
  });
});
