// How large a flag may be: every definition that its schema takes within reason, and nothing larger elsewhere.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FlagDetail, FlagPreview } from '@admin-center/contracts/flags';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { booleanFlag, REASON } from '../../../test/flags.ts';

const reason = REASON;
let api: TestApi;
let ada: Client;

beforeAll(async () => {
  api = await startTestApi();
  await api.db.make.admin({ email: 'super@acme.example' });
  ada = api.as({ email: 'super@acme.example' });
});
afterAll(() => api.close());

/** As full as rules and lists may be, with keys of 60 characters. */
const large = booleanFlag(10, {
  users: Array.from({ length: 20 }, (_, list) => ({ id: `list-${list}`, variant: 'on', users: Array.from({ length: 500 }, (_user, user) => `auth0|${list}-${user}`.padEnd(60, '0')) })),
});

test('a flag with full lists of users is previewed, created, changed, explained and read', async () => {
  expect(JSON.stringify(large).length).toBeGreaterThan(600_000);
  const created = await ada.post('/api/v1/flags/large', { definition: large, reason });
  expect(created).toMatchObject({ status: 200, body: { flag: { version: 1 } } });
  const changed = { ...large, description: 'Lists of the pilot.' };
  const preview = await ada.post('/api/v1/flags/large/preview', { change: { kind: 'update', definition: changed } });
  expect(preview.status).toBe(200);
  expect(await ada.send('PUT', '/api/v1/flags/large', { body: { definition: changed, version: 1, reason, previewToken: (preview.body as FlagPreview).token } })).toMatchObject({ status: 200 });
  const user = large.users?.[19]?.users[499];
  expect(await ada.post('/api/v1/flags/query/large/explain', { context: { targetingKey: user }, definition: changed })).toMatchObject({ status: 200, body: { variant: 'off', reason: 'DISABLED' } });
  expect(((await ada.get('/api/v1/flags/large')).body as FlagDetail).definition.users).toHaveLength(20);
});

test.each([
  ['a definition of more than 2 MiB', '/api/v1/flags/huge', 2.1 * 2 ** 20, '2048 KiB'],
  ['anything else of more than 64 kB', '/api/v1/flags/huge/state', 70_000, '64 KiB'],
] as const)('%s is refused with what would be taken', async (_, path, bytes, limit) => {
  expect(await ada.post(path, { padding: 'x'.repeat(bytes), reason })).toMatchObject({ status: 413, body: { code: 'body_too_large', detail: `The body is larger than the ${limit} that this endpoint takes.` } });
});
