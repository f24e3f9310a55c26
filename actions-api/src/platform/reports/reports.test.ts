// What hosts report is taken row by row, once, whole or not at all, and not faster than it can be stored.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import { makeTestKey } from '../../../test/keys.ts';
import { createLane } from './lane.ts';

let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await startTestApi();
  key = (await makeTestKey(api)).secret;
});
afterAll(() => api.close());

const report = (rows: Readonly<Record<string, unknown>> = {}) => ({ messageId: randomUUID(), sentAt: new Date().toISOString(), ...rows });
const send = async (body: unknown) => {
  const response = await fetch(`${api.baseUrl}/sdk/v1/reports`, {
    method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
};
const flagNamed = async () => {
  const name = `flag-${randomUUID().slice(0, 8)}`;
  await api.db.pool.query("INSERT INTO admin_center.flag (key, salt, definition) VALUES ($1, 's', '{\"variants\":[{\"key\":\"on\"}]}')", [name]);
  return name;
};
const counted = async (flag: string) => Number((await api.db.pool.query('SELECT coalesce(sum(evaluations), 0) AS count FROM admin_center.flag_usage WHERE flag = $1', [flag])).rows[0].count);
const evaluation = (flag: string, count = 1) => ({ flag, variant: 'on', reason: 'SPLIT', count });

test('a report sent ten times at once counts once', async () => {
  const flag = await flagNamed();
  const message = report({ evaluations: [evaluation(flag, 3)] });
  const answers = await Promise.all(Array.from({ length: 10 }, () => send(message)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  expect(answers.filter(({ body }) => body['duplicate'] === false)).toHaveLength(1);
  expect(await counted(flag)).toBe(3);
});

test('a row that does not hold is named, and the others are taken', async () => {
  const flag = await flagNamed();
  const bad = [{ ...evaluation(flag), count: 0 }, { ...evaluation(flag), count: 1.5 }, { flag }, null, 'x', { ...evaluation(flag), more: 1 }, { ...evaluation('a\u0000b') }, { ...evaluation('a\uD800') }];
  const answer = await send(report({ evaluations: [evaluation(flag), ...bad, evaluation(flag)], requests: [{ method: 'get', route: '/', status: 200, count: 1, durationSeconds: 1 }] }));
  expect(answer).toMatchObject({ status: 200, body: { duplicate: false, rejectedCount: bad.length + 1 } });
  expect((answer.body['rejected'] as { path: string }[]).map(({ path }) => path)).toEqual([...bad.map((_row, index) => `evaluations.${index + 1}`), 'requests.0']);
  expect(await counted(flag)).toBe(2);
});

test.each([
  ['no report', {}, 422],
  ['a message without an id', { sentAt: new Date().toISOString() }, 422],
  ['an id that is none', { ...report(), messageId: 'x' }, 422],
  ['too many rows', report({ evaluations: Array.from({ length: 5_001 }, () => 1) }), 422],
  ['a field there is none of', report({ events: [] }), 422],
  ['no JSON', '{', 400],
  ['too much', `{"x":"${'x'.repeat(1_100_000)}"}`, 413],
])('%s is refused', async (_what, body, status) => {
  const answer = await send(body);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toMatch(/problem\+json/);
});

test('nothing is kept of a report that could not be stored, so it can be sent again', async () => {
  const flag = await flagNamed();
  const message = report({ evaluations: [evaluation(flag)] });
  await api.db.pool.query('ALTER TABLE admin_center.flag_usage RENAME TO flag_usage_away');
  expect((await send(message)).status).toBe(500);
  await api.db.pool.query('ALTER TABLE admin_center.flag_usage_away RENAME TO flag_usage');
  expect(await send(message)).toMatchObject({ status: 200, body: { duplicate: false } });
  expect(await counted(flag)).toBe(1);
});

test('when the database is slow, what is too much is told to come again, and what was taken is not lost', async () => {
  const flag = await flagNamed();
  const client = await api.db.pool.connect();
  await client.query('BEGIN');
  await client.query('LOCK TABLE admin_center.sdk_report IN ACCESS EXCLUSIVE MODE');
  const sending = Array.from({ length: 130 }, () => send(report({ evaluations: [evaluation(flag)] })));
  const refused = await Promise.any(sending.map(async (answer) => {
    const { status, headers } = await answer;
    if (status !== 503) {
      throw new Error('taken');
    }
    return headers.get('retry-after');
  }));
  expect(Number(refused)).toBeGreaterThan(0);
  await client.query('COMMIT');
  client.release();
  const statuses = (await Promise.all(sending)).map(({ status }) => status);
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(await counted(flag)).toBe(statuses.filter((status) => status === 200).length);
}, 30_000);

describe('a lane', () => {
  test('never runs more at once than it may, and goes on after a failure', async () => {
    const lane = createLane(2, 100);
    let running = 0;
    let most = 0;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        lane.run(async () => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setTimeout(resolve, 1));
          running -= 1;
          if (index % 7 === 0) {
            throw new Error('one fails');
          }
        }),
      ),
    );
    expect([most, running]).toEqual([2, 0]);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(8);
  });
});
