// Previews and explanations read flags in several statements, and a flag may change between any two of them.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FlagDetail, FlagPreview } from '@admin-center/contracts/flags';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { booleanFlag, createFlag, REASON } from '../../../test/flags.ts';

const reason = REASON;
let api: TestApi;
let ada: Client;

beforeAll(async () => {
  api = await startTestApi();
  await api.db.make.admin({ email: 'super@acme.example' });
  ada = api.as({ email: 'super@acme.example' });
  for (let index = 0; index < 20; index += 1) {
    await api.db.make.user();
  }
  await api.db.pool.query('SELECT admin_center.refresh_user_directory(true)');
});
afterAll(() => api.close());

test('whoever previews while a flag changes sees rules and shares of one moment', async () => {
  const key = await createFlag(api, booleanFlag(0));
  const torn: unknown[] = [];
  const done = new AbortController();
  // As the flag stands, nobody is moved, and what is served before and after is the same.
  const watch = async (): Promise<void> => {
    while (!done.signal.aborted) {
      const { moves, before, after } = (await ada.post(`/api/v1/flags/${key}/preview`, { change: null })).body as FlagPreview;
      if (moves.length > 0 || JSON.stringify(before) !== JSON.stringify(after.map(({ variant, users }) => ({ variant, users })))) {
        torn.push(moves);
      }
    }
  };
  const watchers = [watch(), watch(), watch()];
  let version = 2;
  for (let round = 0; round < 40; round += 1) {
    const changed = await ada.send('PUT', `/api/v1/flags/${key}`, { body: { definition: booleanFlag(round % 2 === 0 ? 100 : 0), version, reason } });
    ({ version } = (changed.body as { flag: FlagDetail }).flag);
  }
  done.abort();
  await Promise.all(watchers);
  expect(version).toBe(42);
  expect(torn).toEqual([]);
});
