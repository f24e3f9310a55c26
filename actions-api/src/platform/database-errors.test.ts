// What a database that is there and takes nothing means for who sends: come again later, nothing was kept.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { connected } from '../../../database/testing/scratch.ts';
import { startTestApi, type TestApi } from '../../test/api.ts';
import { REASON, booleanFlag } from '../../test/flags.ts';
import { makeTestKey } from '../../test/keys.ts';

const ADA = { email: 'ada@acme.example' };
let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await startTestApi();
  await api.db.make.admin(ADA);
  key = (await makeTestKey(api)).secret;
  await api.db.pool.query(`
    CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'It takes nothing.' USING ERRCODE = current_setting('test.code'); END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON admin_center.event EXECUTE FUNCTION public.refuse();
    CREATE TRIGGER refuse BEFORE INSERT ON admin_center.flag EXECUTE FUNCTION public.refuse();`);
});
afterEach(async () => {
  await api.db.pool.query('ALTER TABLE admin_center.event DISABLE TRIGGER refuse; ALTER TABLE admin_center.flag DISABLE TRIGGER refuse');
});
afterAll(() => api.close());

const sendEvent = async () => {
  const response = await fetch(`${api.baseUrl}/ingest/segment/v1/batch`, {
    method: 'POST', headers: { authorization: `Bearer ${key}` }, body: JSON.stringify({ batch: [{ type: 'track', event: 'Broken', messageId: randomUUID(), anonymousId: 'visitor' }] }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
};

test.each([
  ['has no room on its disk', '53100', 'database_full'],
  ['has no memory left', '53200', 'database_full'],
  ['may only be read', '25006', 'database_read_only'],
])('a database that %s is answered with 503 and Retry-After', async (_, code, problem) => {
  await api.db.pool.query(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET test.code = %L', current_database(), '${code}'); END $$`);
  await api.db.pool.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'test-api'");
  await api.db.pool.query('ALTER TABLE admin_center.event ENABLE TRIGGER refuse; ALTER TABLE admin_center.flag ENABLE TRIGGER refuse');
  const write = () => api.as(ADA).post(`/api/v1/flags/taken-${code}`, { definition: booleanFlag(), reason: REASON });
  for (const answer of [await sendEvent(), await write()]) {
    expect(answer).toMatchObject({ status: 503, body: { code: problem } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  await api.db.pool.query('ALTER TABLE admin_center.event DISABLE TRIGGER refuse; ALTER TABLE admin_center.flag DISABLE TRIGGER refuse');
  expect([(await sendEvent()).status, (await write()).status]).toEqual([200, 200]);
});

test('a database that opens no connections, as while it is restored, is answered with 503', async () => {
  const connections = (allowed: boolean) =>
    connected(new URL('/postgres', api.db.url).href, async (owner) => {
      const { pathname } = new URL(api.db.url);
      await owner.query(`ALTER DATABASE ${pathname.slice(1)} ALLOW_CONNECTIONS ${String(allowed)}`);
      await owner.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'test-api'", [pathname.slice(1)]);
    });
  await connections(false);
  try {
    expect(await api.as(ADA).get('/api/v1/flags')).toMatchObject({ status: 503, body: { code: 'database_unavailable' } });
  } finally {
    await connections(true);
  }
  expect((await api.as(ADA).get('/api/v1/flags')).status).toBe(200);
});
