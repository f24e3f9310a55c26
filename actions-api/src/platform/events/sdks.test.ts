// SDKs of others, unchanged and as their manuals say, send to a running API.
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { Analytics } from '@segment/analytics-node';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import { makeTestKey } from '../../../test/keys.ts';
import { eventually } from '../../../test/process.ts';
import { personDigest } from './ids.ts';

interface RudderAnalytics {
  track(message: Readonly<Record<string, unknown>>): void;
  identify(message: Readonly<Record<string, unknown>>): void;
  page(message: Readonly<Record<string, unknown>>): void;
  alias(message: Readonly<Record<string, unknown>>): void;
  flush(): Promise<void>;
}
const Rudder = createRequire(import.meta.url)('@rudderstack/rudder-sdk-node') as new (key: string, options: Readonly<Record<string, unknown>>) => RudderAnalytics;

let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await startTestApi();
  key = (await makeTestKey(api)).secret;
});
afterAll(() => api.close());

const eventsOf = async (person: string) =>
  (await api.db.pool.query('SELECT type, name, feature, known, properties FROM admin_center.event WHERE person_id = $1 ORDER BY type, name', [person])).rows as Record<string, unknown>[];

test('@segment/analytics-node', async () => {
  const user = await api.db.make.user();
  const anonymousId = randomUUID();
  const failures: unknown[] = [];
  const analytics = new Analytics({ writeKey: key, host: api.baseUrl, path: '/ingest/segment/v1/batch', flushAt: 4 });
  analytics.on('error', (error) => failures.push(error));
  analytics.identify({ userId: user.id, anonymousId, traits: { email: 'ada@acme.example', plan: 'pro' } });
  analytics.track({ userId: user.id, event: 'Tunnel Started', properties: { feature: 'tunnel', region: 'eu', email: 'ada@acme.example' } });
  analytics.page({ userId: user.id, name: 'Pricing' });
  analytics.screen({ userId: user.id, name: 'Home' });
  analytics.group({ userId: user.id, groupId: 'acme' });
  analytics.alias({ userId: user.id, previousId: 'visitor-7' });
  await analytics.closeAndFlush();
  expect(failures).toEqual([]);
  expect(await eventsOf(user.id)).toEqual([
    { type: 'alias', name: 'alias', feature: null, known: true, properties: null },
    { type: 'group', name: 'group', feature: null, known: true, properties: null },
    { type: 'identify', name: 'identify', feature: null, known: true, properties: null },
    { type: 'page', name: 'Pricing', feature: null, known: true, properties: null },
    { type: 'screen', name: 'Home', feature: null, known: true, properties: null },
    { type: 'track', name: 'Tunnel Started', feature: 'tunnel', known: true, properties: { feature: 'tunnel', region: 'eu' } },
  ]);
  const links = await api.db.pool.query('SELECT anonymous_id FROM admin_center.person_link WHERE user_id = $1', [user.id]);
  expect(links.rows.map(({ anonymous_id: id }: { anonymous_id: string }) => id).toSorted()).toEqual([personDigest('default', anonymousId), personDigest('default', 'visitor-7')].toSorted());
});

test('@rudderstack/rudder-sdk-node, with its zipped bodies', async () => {
  const user = await api.db.make.user();
  const analytics = new Rudder(key, { dataPlaneUrl: `${api.baseUrl}/ingest/segment`, flushAt: 1, logLevel: 'none', retryCount: 0 });
  analytics.identify({ userId: user.id, traits: { email: 'ada@acme.example' } });
  analytics.track({ userId: user.id, event: 'Share Created', properties: { feature: 'share' } });
  analytics.page({ userId: user.id, name: 'Docs' });
  const rows = await eventually(() => eventsOf(user.id), ({ length }) => length === 3);
  expect(rows).toMatchObject([{ type: 'identify' }, { type: 'page', name: 'Docs' }, { type: 'track', name: 'Share Created', feature: 'share' }]);
});

test('@segment/analytics-node tells its user of a key that is no good', async () => {
  const failures: { reason?: unknown }[] = [];
  const analytics = new Analytics({ writeKey: `${key}x`, host: api.baseUrl, path: '/ingest/segment/v1/batch', maxRetries: 0 });
  analytics.on('error', (error) => failures.push(error));
  analytics.track({ userId: 'u', event: 'x' });
  await analytics.closeAndFlush();
  expect(failures).toMatchObject([{ reason: { message: expect.stringContaining('401') } }]);
});
