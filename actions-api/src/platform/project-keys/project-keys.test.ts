// Who gets in with a project key, and who does not.
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import { makeTestKey } from '../../../test/keys.ts';
import { eventually } from '../../../test/process.ts';
import { idOf, makeKey } from '@admin-center/platform/project-key';

const SUPER = { email: 'super@acme.example' };
const SUPPORT = { email: 'support@acme.example' };
const reason = 'For a test of the project keys.';
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  await api.db.make.admin(SUPER);
  await api.db.make.admin({ ...SUPPORT, role: 'support_admin' });
});
afterAll(() => api.close());

const ask = async (headers: Readonly<Record<string, string>>, base = api.baseUrl) => {
  const response = await fetch(`${base}/sdk/v1/policy`, { headers });
  const text = await response.text();
  return { status: response.status, code: response.status === 200 ? null : (JSON.parse(text) as { code: string }).code, headers: response.headers };
};
const bearer = (secret: string) => ask({ authorization: `Bearer ${secret}` });
const becomes = (secret: string, status: number) => eventually(() => bearer(secret), (answer) => answer.status === status, 2_000);

describe('the form of a key', () => {
  test('tells a whole key from a mistyped one', () => {
    const { id, secret } = makeKey('live');
    expect(secret).toMatch(/^acp_live_[a-z0-9]{12}_[A-Za-z0-9]{32}[0-9a-f]{8}$/);
    expect(idOf(secret)).toBe(id);
    for (const position of [0, 5, 12, 30, secret.length - 1]) {
      const other = secret[position] === 'b' ? 'c' : 'b';
      expect(idOf(secret.slice(0, position) + other + secret.slice(position + 1))).toBeNull();
    }
    expect(idOf(secret.slice(1))).toBeNull();
    expect(idOf(`${secret} `)).toBeNull();
  });

  test('is another each time', () => {
    const keys = Array.from({ length: 200 }, () => makeKey('live').secret);
    expect(new Set(keys).size).toBe(200);
  });
});

describe('a good key', () => {
  test('is taken from each of its three places', async () => {
    const { secret } = await makeTestKey(api);
    expect(await bearer(secret)).toMatchObject({ status: 200 });
    expect(await ask({ 'x-api-key': secret })).toMatchObject({ status: 200 });
    expect(await ask({ authorization: `Basic ${Buffer.from(`${secret}:`).toString('base64')}` })).toMatchObject({ status: 200 });
  });

  test('has its use noted', async () => {
    const { id, secret } = await makeTestKey(api);
    await bearer(secret);
    const used = await eventually(async () => (await api.db.pool.query('SELECT last_used_at FROM admin_center.project_key WHERE id = $1', [id])).rows[0].last_used_at as Date | null, (at) => at !== null);
    await bearer(secret);
    await bearer(secret);
    expect((await api.db.pool.query('SELECT last_used_at FROM admin_center.project_key WHERE id = $1', [id])).rows[0].last_used_at).toEqual(used);
  });

  test('of the wrong kind is told so', async () => {
    const { secret } = await makeTestKey(api, 'client');
    expect(await bearer(secret)).toMatchObject({ status: 403, code: 'project_key_kind' });
  });
});

describe('every bad key gets the same answer', () => {
  test.each([
    ['none', () => ({})],
    ['an empty one', () => ({ authorization: 'Bearer ' })],
    ['the secret between Grafana and us', () => ({ authorization: 'Bearer a-shared-secret-for-tests' })],
    ['one that is well formed and unknown', () => ({ authorization: `Bearer ${makeKey('live').secret}` })],
    ['a very long one', () => ({ authorization: `Bearer ${'x'.repeat(5_000)}` })],
    ['SQL', () => ({ 'x-api-key': "acp_live_' OR 1=1 --" })],
  ])('%s', async (_what, headers) => {
    const answer = await ask(headers() as Record<string, string>);
    expect(answer).toMatchObject({ status: 401, code: 'project_key_invalid' });
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  });

  test('the id of one with the secret of another', async () => {
    const [one, other] = [await makeTestKey(api), await makeTestKey(api)];
    const body = `acp_test_${one.id}_${other.secret.slice(22, 54)}`;
    const forged = body + crc32(body).toString(16).padStart(8, '0');
    expect(idOf(forged)).toBe(one.id);
    expect(await bearer(forged)).toMatchObject({ status: 401, code: 'project_key_invalid' });
    expect(await bearer(one.secret)).toMatchObject({ status: 200 });
  });

  test('one that expires, from that instant on', async () => {
    const { secret } = await makeTestKey(api, 'server', new Date(Date.now() + 700));
    expect(await bearer(secret)).toMatchObject({ status: 200 });
    expect(await becomes(secret, 401)).toMatchObject({ code: 'project_key_invalid' });
  });
});

describe('an admin', () => {
  test('makes a key that works, is shown once and stored as a digest only', async () => {
    const answer = await api.as(SUPER).post('/api/v1/core/keys', { reason, name: 'Shop', kind: 'server' });
    const { secret, key } = answer.body as { secret: string; key: { id: string; prefix: string; last4: string } };
    expect(key).toMatchObject({ prefix: secret.slice(0, 21), last4: secret.slice(-4), state: 'active', lastUsedAt: null });
    expect(await becomes(secret, 200)).toMatchObject({ status: 200 });
    expect(JSON.stringify((await api.as(SUPER).get('/api/v1/core/keys')).body)).not.toContain(secret.slice(22));
    const dump = await api.db.pool.query("SELECT to_jsonb(k)::text AS text FROM admin_center.project_key k UNION ALL SELECT to_jsonb(d)::text FROM admin_center.audit_detail d UNION ALL SELECT to_jsonb(i)::text FROM admin_center.idempotency_key i");
    expect(dump.rows.filter(({ text }: { text: string }) => text.includes(secret.slice(22)))).toEqual([]);
  });

  test('rotates: both keys are good until the overlap is over', async () => {
    const old = await makeTestKey(api);
    const { body } = await api.as(SUPER).post(`/api/v1/core/keys/${old.id}/rotate`, { reason, overlapHours: 1 });
    const { secret, previous } = body as { secret: string; previous: { state: string; replacedBy: string } };
    expect(await becomes(secret, 200)).toMatchObject({ status: 200 });
    expect(await bearer(old.secret)).toMatchObject({ status: 200 });
    expect(previous).toMatchObject({ state: 'expiring', replacedBy: secret.slice(9, 21) });
    expect(await api.as(SUPER).post(`/api/v1/core/keys/${old.id}/rotate`, { reason })).toMatchObject({ status: 409, body: { code: 'key_rotated_already' } });
    await api.db.pool.query("UPDATE admin_center.project_key SET expires_at = now() WHERE id = $1", [old.id]);
    expect(await becomes(old.secret, 401)).toMatchObject({ status: 401 });
    expect(await bearer(secret)).toMatchObject({ status: 200 });
  });

  test('rotates a leaked key without overlap', async () => {
    const old = await makeTestKey(api);
    const { body } = await api.as(SUPER).post(`/api/v1/core/keys/${old.id}/rotate`, { reason, overlapHours: 0 });
    expect(await becomes(old.secret, 401)).toMatchObject({ status: 401 });
    expect(await becomes((body as { secret: string }).secret, 200)).toMatchObject({ status: 200 });
  });

  test('revokes a key for good', async () => {
    const key = await makeTestKey(api);
    expect(await api.as(SUPER).post(`/api/v1/core/keys/${key.id}/revoke`, { reason })).toMatchObject({ status: 200, body: { key: { state: 'revoked' } } });
    expect(await becomes(key.secret, 401)).toMatchObject({ status: 401 });
    for (const path of ['revoke', 'rotate']) {
      expect(await api.as(SUPER).post(`/api/v1/core/keys/${key.id}/${path}`, { reason })).toMatchObject({ status: 409, body: { code: 'key_over' } });
    }
  });

  test('gets one new key when two rotate at once', async () => {
    const old = await makeTestKey(api);
    const answers = await Promise.all([1, 2, 3].map(() => api.as(SUPER).post(`/api/v1/core/keys/${old.id}/rotate`, { reason })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
  });

  test('who is no super admin only looks', async () => {
    const key = await makeTestKey(api);
    expect(await api.as(SUPPORT).get('/api/v1/core/keys')).toMatchObject({ status: 200 });
    expect(await api.as(SUPPORT).post(`/api/v1/core/keys/${key.id}/revoke`, { reason })).toMatchObject({ status: 403 });
    expect(await api.as(SUPER).post('/api/v1/core/keys/aaaaaaaaaaaa/revoke', { reason })).toMatchObject({ status: 404 });
  });
});

describe('limits', () => {
  let strict: TestApi;
  beforeAll(async () => {
    strict = await startTestApi({ env: { RATE_LIMIT_INGEST_PER_MINUTE: '5', RATE_LIMIT_BAD_KEYS_PER_MINUTE: '3' } });
  });
  afterAll(() => strict.close());

  test('each key has its own, and guessing is limited by address', async () => {
    const [busy, calm] = [await makeTestKey(strict), await makeTestKey(strict)];
    const statuses: number[] = [];
    for (let request = 0; request < 6; request++) {
      statuses.push((await ask({ 'x-api-key': busy.secret }, strict.baseUrl)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    expect(await ask({ 'x-api-key': calm.secret }, strict.baseUrl)).toMatchObject({ status: 200 });
    const guesses: number[] = [];
    for (let request = 0; request < 5; request++) {
      guesses.push((await ask({ 'x-api-key': makeKey('live').secret }, strict.baseUrl)).status);
    }
    expect(guesses).toEqual([401, 401, 401, 429, 429]);
    expect(await ask({ 'x-api-key': calm.secret }, strict.baseUrl)).toMatchObject({ status: 200 });
  });
});

test('a process without the role ingest has none of these endpoints', async () => {
  const adminOnly = await startTestApi({ env: { API_ROLES: 'admin' } });
  try {
    const key = await makeTestKey(adminOnly);
    expect(await ask({ 'x-api-key': key.secret }, adminOnly.baseUrl)).toMatchObject({ status: 404 });
  } finally {
    await adminOnly.close();
  }
});
