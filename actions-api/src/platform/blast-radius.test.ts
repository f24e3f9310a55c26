// What a set of users is worth, when it takes an approval, and the state of the error budget as a Prometheus tells it.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BlastRadius } from '@admin-center/contracts/fields';
import { startTestApi, type TestApi } from '../../test/api.ts';
import { approvalFor, measure, payingUsers, previewToken, requireSamePreview } from './blast-radius.ts';
import { readSlo } from './slo.ts';

let api: TestApi;
const ids: string[] = [];
beforeAll(async () => {
  api = await startTestApi();
  const { make } = api.db;
  for (const tier of ['enterprise', 'premium', 'premium', null, null] as const) {
    const { id } = await make.user();
    ids.push(id);
    if (tier !== null) {
      const subscription = await make.subscription(id, { tier, createdAt: new Date(Date.now() - 86_400_000) });
      await make.payment(id, { subscriptionId: subscription.id, amount: '9.99', createdAt: new Date(Date.now() - 86_400_000) });
    }
  }
  ids.push((await make.user({ deletedAt: new Date() })).id);
  await api.db.pool.query('SELECT admin_center.refresh_user_directory(true), admin_center.refresh_recurring_revenue(true)');
});
afterAll(() => api.close());

describe('measuring', () => {
  test('counts chosen users by tier and adds up what they pay; ids nobody has count nothing', async () => {
    const chosen = [ids[0], ids[1], ids[3], '00000000-0000-4000-8000-000000000000'] as string[];
    expect(await measure(api.database, chosen)).toEqual({ users: 3, tiers: { enterprise: 1, premium: 1, free: 1 }, mrr: [{ currency: 'USD', amountMinor: 1_998 }] });
    expect(await measure(api.database, [])).toEqual({ users: 0, tiers: {}, mrr: [] });
  });

  test('everyone is everyone who is not deleted, and the same set as their ids', async () => {
    const everyone = await measure(api.database, 'everyone');
    expect(everyone).toEqual({ users: 5, tiers: { enterprise: 1, premium: 2, free: 2 }, mrr: [{ currency: 'USD', amountMinor: 2_997 }] });
    expect(await measure(api.database, ids.slice(0, 5))).toEqual(everyone);
  });

  test('who pays decides about an approval, beyond the threshold', () => {
    const touched = { tiers: { free: 50_000, premium: 900, enterprise: 100 } };
    expect(payingUsers(touched)).toBe(1_000);
    expect(approvalFor(touched, 1_000)).toBe('not_needed');
    expect(approvalFor(touched, 999)).toBe('needed');
    expect(approvalFor({ tiers: { free: 50_000 } }, 0)).toBe('not_needed');
  });
});

describe('the token of a preview', () => {
  const radius: BlastRadius = { users: 1, tiers: {}, mrr: [], sessions: 0, experiments: [], slo: null, approval: 'not_needed', warnings: [], token: previewToken(['a', 1]) };

  test('follows what was seen, and nothing else', () => {
    expect(previewToken(['a', 1])).toBe(previewToken(['a', 1]));
    expect(previewToken(['a', 1])).not.toBe(previewToken(['a', 2]));
    expect(previewToken([['a'], []])).not.toBe(previewToken([[], ['a']]));
  });

  test('that is another one is refused with the new preview', () => {
    expect(() => requireSamePreview(radius, radius.token)).not.toThrow();
    expect(() => requireSamePreview(radius, undefined)).not.toThrow();
    expect(() => requireSamePreview(radius, previewToken(['a', 2]))).toThrow(expect.objectContaining({ code: 'preview_stale', status: 409, details: { extensions: { preview: radius } } }));
  });
});

describe('the error budget', () => {
  /** A Prometheus as far as two instant queries go: the answers by what is asked. */
  async function prometheus(answer: (query: string) => { status?: number; value?: string | null; never?: boolean }) {
    const server = http.createServer(async (request, response) => {
      const form = (await request.toArray()).join('');
      const { status = 200, value = null, never = false } = answer(new URLSearchParams(form).get('query') ?? '');
      if (!never) {
        response.writeHead(status).end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result: value === null ? [] : [{ metric: {}, value: [0, value] }] } }));
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      close: () => {
        server.closeAllConnections();
        server.close();
      },
    };
  }
  const unknown = { state: 'unknown', errorRatio: null };

  test.each([
    ['is kept', { ratio: '0.0004', firing: '0' }, { state: 'met', errorRatio: 0.0004 }],
    ['is kept while nobody asks anything', { ratio: 'NaN', firing: '0' }, { state: 'met', errorRatio: null }],
    ['burns while an alert fires', { ratio: '0.02', firing: '2' }, { state: 'burning', errorRatio: 0.02 }],
    ['is unknown without the recording rule', { ratio: null, firing: '0' }, unknown],
  ])('%s', async (_, { ratio, firing }, expected) => {
    const server = await prometheus((query) => ({ value: query.includes('ALERTS') ? firing : ratio }));
    expect(await readSlo({ PROMETHEUS_URL: server.url })).toMatchObject(expected);
    server.close();
  });

  test('is unknown when Prometheus fails, is silent for a second, is not there, or not configured', async () => {
    const failing = await prometheus(() => ({ status: 503 }));
    const silent = await prometheus(() => ({ never: true }));
    const startedAt = performance.now();
    for (const PROMETHEUS_URL of [failing.url, silent.url, 'http://127.0.0.1:1/', undefined]) {
      expect(await readSlo({ PROMETHEUS_URL })).toMatchObject(unknown);
    }
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    failing.close();
    silent.close();
  });
});
