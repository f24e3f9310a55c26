// Who tries codes at the hand-off: held back by address and by key, and nobody else is.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { ask, callHost, type RequestedBody } from '../../../test/impersonation.ts';
import { makeTestKey } from '../../../test/keys.ts';

let api: TestApi;
let key: string;
let made = 0;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const wrong = () => `imp_${randomBytes(32).toString('base64url')}`;
const hand = (code: string, ip?: string) => callHost(api, key, 'exchange', { code, ...(ip === undefined ? {} : { ip }) });
const goodCode = async (): Promise<string> => {
  const email = `support${++made}@acme.example`;
  await api.db.make.admin({ email, role: 'support_admin' });
  const client: Client = api.as({ email });
  return ((await ask(client, (await api.db.make.user()).id)).body as RequestedBody).code;
};
const statuses = async (answers: readonly Promise<{ status: number }>[]) => (await Promise.all(answers)).map(({ status }) => status);
const count = (all: readonly number[], status: number) => all.filter((one) => one === status).length;

describe('codes that are not good', () => {
  test('are answered ten times to an address, however many come at once; then not even a good one is looked at', async () => {
    key = (await makeTestKey(api)).secret;
    const ip = '203.0.113.9';
    const all = await statuses(Array.from({ length: 40 }, () => hand(wrong(), ip)));
    expect([count(all, 400), count(all, 429)]).toEqual([10, 30]);
    const held = await hand(await goodCode(), ip);
    expect(held).toMatchObject({ status: 429, body: { code: 'too_many_codes' } });
    expect(Number(held.headers.get('retry-after'))).toBeGreaterThan(500);
    expect(await hand(await goodCode(), '203.0.113.10')).toMatchObject({ status: 200 });
    expect(await hand(await goodCode())).toMatchObject({ status: 200 });
  });

  test('from many addresses through one host end in 429, and keep nobody with a good one out of it', async () => {
    key = (await makeTestKey(api)).secret;
    const all: number[] = [];
    for (let round = 0; round < 12; round++) {
      all.push(...(await statuses(Array.from({ length: 10 }, (_, index) => hand(wrong(), `198.51.${100 + round}.${index}`)))));
    }
    expect([count(all, 400), count(all, 429)]).toEqual([100, 20]);
    expect(await hand(await goodCode(), '192.0.2.1')).toMatchObject({ status: 200 });
    expect(await hand(await goodCode())).toMatchObject({ status: 200 });
    key = (await makeTestKey(api)).secret;
    expect(await hand(wrong(), '192.0.2.1')).toMatchObject({ status: 400 });
  });

  test('do not count where they were good: an office starts as many sessions as it likes', async () => {
    key = (await makeTestKey(api)).secret;
    for (let round = 0; round < 15; round++) {
      expect(await hand(await goodCode(), '192.0.2.7')).toMatchObject({ status: 200 });
    }
  });
});
