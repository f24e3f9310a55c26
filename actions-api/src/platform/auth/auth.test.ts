// Who gets in: every way a token can be wrong has its own answer, and rotation or loss of Grafana's keys locks nobody out.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignJWT, generateKeyPair } from 'jose';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import { createClient, TOKEN } from '../../../test/client.ts';
import { startIssuer } from '../../../test/issuer.ts';

let api: TestApi;
let admin: { readonly email: string };

beforeAll(async () => {
  api = await startTestApi();
  admin = await api.db.make.admin({ email: 'Ada.Okafor@acme.example', role: 'super_admin' });
});
afterAll(() => api.close());

const withToken = (token: string | null, authorization = `Bearer ${TOKEN}`) =>
  createClient(api.baseUrl, api.issuer, null).send('GET', '/api/v1/me', {
    headers: { authorization, ...(token === null ? {} : { 'x-grafana-id': token }) },
  });

describe('the shared secret', () => {
  test.each([['Bearer wrong'], ['Bearer '], [''], [TOKEN]])('%j is refused before the token is looked at', async (authorization) => {
    const answer = await withToken(await api.issuer.token(admin), authorization);
    expect(answer).toMatchObject({ status: 403, body: { code: 'gateway_secret_invalid', type: 'urn:admin-center:problem:gateway_secret_invalid' } });
  });
});

describe('the ID token', () => {
  test('of an admin tells name, roles and permissions, whatever the case of the address', async () => {
    const answer = await withToken(await api.issuer.token({ email: 'ada.okafor@ACME.example', name: 'Ada Okafor' }));
    expect(answer).toMatchObject({ status: 200, body: { user: { name: 'Ada Okafor' }, roles: ['super_admin'] } });
    expect((answer.body as { permissions: string[] }).permissions).toContain('users:write');
  });

  test('of somebody without a role is an identity without permissions', async () => {
    const answer = await withToken(await api.issuer.token({ email: 'vic.chen@acme.example' }));
    expect(answer).toMatchObject({ status: 200, body: { user: { id: null, email: 'vic.chen@acme.example' }, roles: [], permissions: [] } });
  });

  const forged = async (alg: string, key: Parameters<SignJWT['sign']>[0]): Promise<string> => {
    const now = Math.floor(Date.now() / 1_000);
    return new SignJWT({ iss: api.issuer.rootUrl, aud: ['org:1'], sub: 'user:1', type: 'user', email: admin.email, email_verified: true, iat: now, exp: now + 600 })
      .setProtectedHeader({ alg, typ: 'jwt', kid: 'id-2026-11-es256' })
      .sign(key);
  };
  const unsigned = (): string => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1_000);
    return `${part({ alg: 'none', typ: 'jwt' })}.${part({ iss: api.issuer.rootUrl, aud: ['org:1'], sub: 'user:1', type: 'user', email: admin.email, email_verified: true, iat: now, exp: now + 600 })}.`;
  };

  test.each<[string, string, () => Promise<string | null>]>([
    ['missing', 'identity_missing', async () => null],
    ['empty', 'identity_missing', async () => ''],
    ['not a token', 'identity_malformed', async () => 'abc'],
    ['expired', 'identity_expired', () => api.issuer.token(admin, { expiresIn: -120 })],
    ['forged with another key', 'identity_signature', async () => forged('ES256', (await generateKeyPair('ES256')).privateKey)],
    ['of an unknown key', 'identity_signature', () => api.issuer.token(admin, { header: { kid: 'nobody' } })],
    ['signed with HS256', 'identity_algorithm', () => forged('HS256', new TextEncoder().encode('x'.repeat(32)))],
    ['not signed', 'identity_algorithm', async () => unsigned()],
    ['of another organisation', 'identity_audience', () => api.issuer.token(admin, { claims: { aud: ['org:2'] } })],
    ['of another Grafana', 'identity_issuer', () => api.issuer.token(admin, { claims: { iss: 'http://evil.example/' } })],
    ['without the slash in its issuer', 'identity_issuer', () => api.issuer.token(admin, { claims: { iss: api.issuer.rootUrl.replace(/\/$/, '') } })],
    ['of another type', 'identity_malformed', () => api.issuer.token(admin, { header: { typ: 'at+jwt' } })],
    ['of a service account', 'identity_not_a_person', () => api.issuer.token(admin, { claims: { type: 'service-account', sub: 'service-account:4' } })],
    ['with an unverified address', 'identity_email_unverified', () => api.issuer.token(admin, { claims: { email_verified: false } })],
    ['without an address', 'identity_without_email', () => api.issuer.token(admin, { claims: { email: '' } })],
  ])('%s: 403 %s', async (_what, code, token) => {
    expect(await withToken(await token())).toMatchObject({ status: 403, body: { code, requestId: expect.any(String) } });
  });

  test('with an unverified address is taken where the installation says so', async () => {
    const trusting = await startTestApi({ env: { TRUST_UNVERIFIED_EMAIL: 'true' } });
    const bo = await trusting.db.make.admin({ email: 'bo@acme.example' });
    const token = await trusting.issuer.token(bo, { claims: { email_verified: false } });
    const answer = await createClient(trusting.baseUrl, trusting.issuer, null).send('GET', '/api/v1/me', { headers: { 'x-grafana-id': token } });
    expect(answer).toMatchObject({ status: 200, body: { roles: ['super_admin'] } });
    await trusting.close();
  });

  test('that is genuine but may not act is recorded as a denied access; one that is not genuine is nobody', async () => {
    const count = async (): Promise<number> => Number((await api.db.pool.query("SELECT count(*) FROM admin_center.audit_log WHERE action = 'access.denied'")).rows[0].count);
    const before = await count();
    await withToken(await api.issuer.token(admin, { expiresIn: -120 }));
    expect(await count()).toBe(before);
    await withToken(await api.issuer.token(admin, { claims: { type: 'service-account', sub: 'service-account:4', identifier: 'sa-4' } }));
    expect(await count()).toBe(before + 1);
    const { rows } = await api.db.pool.query(
      "SELECT l.actor_subject, l.actor_role, l.outcome, l.target_id, host(d.ip) AS ip, d.after FROM admin_center.audit_log l JOIN admin_center.audit_detail d USING (sequence) ORDER BY l.sequence DESC LIMIT 1",
    );
    expect(rows[0]).toMatchObject({ actor_subject: 'service-account:4 sa-4', actor_role: 'none', outcome: 'denied', target_id: 'GET /api/v1/me', ip: '203.0.113.7', after: { error: 'identity_not_a_person' } });
  });
});

describe('the admin behind the identity', () => {
  test('loses everything with the next request after the role is revoked, or the account suspended', async () => {
    const sam = await api.db.make.admin({ email: 'sam.rivera@acme.example', role: 'support_admin' });
    const me = () => api.as(sam).get('/api/v1/me');
    expect((await me()).body).toMatchObject({ roles: ['support_admin'] });
    await api.db.pool.query('UPDATE public.admin_roles SET revoked_at = now() WHERE user_id = $1', [sam.id]);
    expect((await me()).body).toMatchObject({ roles: [], permissions: [] });
    await api.db.pool.query('UPDATE public.admin_roles SET revoked_at = NULL WHERE user_id = $1', [sam.id]);
    await api.db.pool.query('UPDATE public.users SET is_suspended = true WHERE id = $1', [sam.id]);
    expect((await me()).body).toMatchObject({ roles: [] });
  });

  test('is nobody when two admin accounts share the address but for its case', async () => {
    await api.db.make.admin({ email: 'twin@acme.example' });
    await api.db.make.admin({ email: 'Twin@acme.example' });
    expect(await api.as({ email: 'twin@acme.example' }).get('/api/v1/me')).toMatchObject({ status: 403, body: { code: 'identity_ambiguous' } });
  });
});

describe('the signing keys', () => {
  test('are fetched again when Grafana rotates them, under a new id and under the same one', async () => {
    let clock = Date.now();
    const moving = await startTestApi({ now: () => new Date(clock) });
    const bo = await moving.db.make.admin({ email: 'bo@acme.example' });
    const status = async (): Promise<number> => (await moving.as(bo).get('/api/v1/me')).status;
    expect(await status()).toBe(200);
    await moving.issuer.rotate('id-2026-12-es256');
    expect(await status()).toBe(403);
    clock += 6_000;
    expect(await status()).toBe(200);
    await moving.issuer.rotate('id-2026-12-es256');
    clock += 6_000;
    expect(await status()).toBe(200);
    await moving.close();
  });

  test.each(['<html>Sign in to the hotel</html>', '{}', '[]', 'null', '{"keys":[]}', '{"keys":[{}]}', '{"keys":[{"kty":"oct","kid":"a","k":"AAAA"}]}'])('are not what something else says with 200: %s', async (body) => {
    let clock = Date.now();
    const own = await startTestApi({ now: () => new Date(clock) });
    const ada = await own.db.make.admin({ email: 'ada@acme.example' });
    own.issuer.says(body);
    expect(await own.as(ada).get('/api/v1/me')).toMatchObject({ status: 503, body: { code: 'signing_keys_unavailable' } });
    own.issuer.says(null);
    clock += 6_000;
    expect((await own.as(ada).get('/api/v1/me')).status).toBe(200);
    own.issuer.says(body);
    clock += 2 * 60 * 60 * 1_000;
    const token = await own.issuer.token(ada, { claims: { iat: Math.floor(clock / 1_000) - 10, exp: Math.floor(clock / 1_000) + 600 } });
    expect((await createClient(own.baseUrl, own.issuer, null).send('GET', '/api/v1/me', { headers: { 'x-grafana-id': token } })).status).toBe(200);
    await own.close();
  });

  test('stay in use while Grafana is away, and are never guessed when there are none', async () => {
    let clock = Date.now();
    const own = await startTestApi({ now: () => new Date(clock) });
    const ada = await own.db.make.admin({ email: 'ada@acme.example' });
    await own.issuer.goAway();
    expect(await own.as(ada).get('/api/v1/me')).toMatchObject({ status: 503, body: { code: 'signing_keys_unavailable' } });
    await own.issuer.comeBack();
    clock += 6_000;
    expect((await own.as(ada).get('/api/v1/me')).status).toBe(200);
    await own.issuer.goAway();
    clock += 2 * 60 * 60 * 1_000;
    const fresh = { iat: Math.floor(clock / 1_000) - 10, exp: Math.floor(clock / 1_000) + 600 };
    const token = await own.issuer.token(ada, { claims: fresh });
    const call = (text: string) => createClient(own.baseUrl, own.issuer, null).send('GET', '/api/v1/me', { headers: { 'x-grafana-id': text } });
    expect((await call(token)).status).toBe(200);
    const stranger = await startIssuer();
    expect(await call(await stranger.token(ada, { claims: fresh }))).toMatchObject({ status: 403, body: { code: 'identity_signature' } });
    await stranger.close();
    clock += 25 * 60 * 60 * 1_000;
    const later = { iat: Math.floor(clock / 1_000) - 10, exp: Math.floor(clock / 1_000) + 600 };
    expect((await call(await own.issuer.token(ada, { claims: later }))).status).toBe(503);
    await own.close();
  });

  test('are not asked for on every forged token', async () => {
    const own = await startTestApi();
    const before = own.issuer.fetches();
    for (let attempt = 0; attempt < 5; attempt++) {
      const token = await own.issuer.token({ email: 'x@acme.example' }, { header: { kid: `forged-${attempt}` } });
      await createClient(own.baseUrl, own.issuer, null).send('GET', '/api/v1/me', { headers: { 'x-grafana-id': token } });
    }
    expect(own.issuer.fetches() - before).toBe(1);
    await own.close();
  });
});
