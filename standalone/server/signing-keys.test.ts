// The signing key and the ID token: kept over a restart, readable by the owner only, rotated with overlap, with Grafana's claims and no others.
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { createIdTokens, ID_TOKEN_CLAIMS } from './id-token.ts';
import { createSigningKeys } from './signing-keys.ts';
import { createFixture, type Fixture } from './testing/fixture.ts';
import { startShell } from './testing/shell.ts';

const PERSON = {
  id: 7,
  uid: 'u7',
  login: 'ada',
  name: 'Ada Okafor',
  email: 'ada@acme.example',
  orgRole: 'Admin',
} as const;

let fixture: Fixture;
let now: Date;
const clock = () => now;
const file = () => path.join(fixture.dataDir, 'signing-keys.json');
beforeEach(async () => {
  fixture = await createFixture();
  now = new Date('2026-11-22T10:00:00Z');
});
afterEach(() => fixture.remove());

describe('the key', () => {
  test('survives a restart', async () => {
    const before = await createSigningKeys(fixture.dataDir, clock).published();
    expect(await createSigningKeys(fixture.dataDir, clock).published()).toEqual(before);
    expect(before.keys).toMatchObject([{ kid: 'id-2026-11-es256', kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' }]);
  });

  test('is published without its private half', async () => {
    const { keys } = await createSigningKeys(fixture.dataDir, clock).published();
    expect(keys.every((key) => !('d' in key))).toBe(true);
  });

  test('lies in a file that only its owner may read, also after somebody loosened it', async () => {
    await createSigningKeys(fixture.dataDir, clock).current();
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    await chmod(file(), 0o644);
    await createSigningKeys(fixture.dataDir, clock).current();
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  test('is a new one each month; the last one stays published for a month more', async () => {
    const keys = createSigningKeys(fixture.dataDir, clock);
    const november = await keys.current();
    now = new Date('2026-12-01T00:00:00Z');
    const december = await keys.current();
    expect([november.kid, december.kid]).toEqual(['id-2026-11-es256', 'id-2026-12-es256']);
    expect((await keys.published()).keys.map(({ kid }) => kid)).toEqual(['id-2026-11-es256', 'id-2026-12-es256']);
    now = new Date('2027-01-02T00:00:00Z');
    expect((await keys.published()).keys.map(({ kid }) => kid)).toEqual(['id-2026-12-es256', 'id-2027-01-es256']);
    expect(await readFile(file(), 'utf8')).not.toContain('2026-11');
  });

  test('is made once when many ask at the same moment', async () => {
    const keys = createSigningKeys(fixture.dataDir, clock);
    const published = await Promise.all(Array.from({ length: 20 }, () => keys.published()));
    expect(new Set(published.map((set) => JSON.stringify(set))).size).toBe(1);
    expect(await createSigningKeys(fixture.dataDir, clock).published()).toEqual(published[0]);
  });

  test('in a file that is damaged is an error with a way out, not a silent new key', async () => {
    await createSigningKeys(fixture.dataDir, clock).current();
    await writeFile(file(), '[{"month":"2026-11"}]');
    await expect(createSigningKeys(fixture.dataDir, clock).current()).rejects.toThrow(/Move it away/);
  });
});

describe('the ID token', () => {
  const minted = async () => {
    const keys = createSigningKeys(fixture.dataDir, clock);
    return { keys, mint: createIdTokens('http://127.0.0.1:3000', keys, clock) };
  };

  test("carries Grafana's claims and no others", async () => {
    const { keys, mint } = await minted();
    const token = await mint(PERSON);
    const { payload } = await jwtVerify(token, createLocalJWKSet(await keys.published()), { currentDate: now });
    expect(Object.keys(payload).toSorted()).toEqual([...ID_TOKEN_CLAIMS].toSorted());
    const issued = now.getTime() / 1000;
    expect(payload).toEqual({
      iss: 'http://127.0.0.1:3000/',
      aud: ['org:1'],
      sub: 'user:7',
      iat: issued,
      exp: issued + 600,
      identifier: 'u7',
      type: 'user',
      namespace: 'default',
      email: 'ada@acme.example',
      email_verified: true,
      authenticatedBy: 'standalone',
      username: 'ada',
      name: 'Ada Okafor',
      role: 'Admin',
    });
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', kid: 'id-2026-11-es256', typ: 'jwt' });
  });

  test('is reused until shortly before its end, and per role', async () => {
    const { mint } = await minted();
    const first = await mint(PERSON);
    now = new Date(now.getTime() + 569_000);
    expect(await mint(PERSON)).toBe(first);
    expect(await mint({ ...PERSON, orgRole: 'Viewer' })).not.toBe(first);
    now = new Date(now.getTime() + 2_000);
    expect(await mint(PERSON)).not.toBe(first);
  });

  test('is signed with the new key as soon as there is one', async () => {
    now = new Date('2026-11-30T23:59:59Z');
    const { mint } = await minted();
    const before = await mint(PERSON);
    now = new Date('2026-12-01T00:00:00Z');
    expect(decodeProtectedHeader(await mint(PERSON)).kid).toBe('id-2026-12-es256');
    expect(decodeProtectedHeader(before).kid).toBe('id-2026-11-es256');
  });
});

test('the keys are public and cacheable for an hour, without signing in', async () => {
  const shell = await startShell({ fixture });
  const answer = await shell.request('/api/signing-keys/keys');
  expect(answer.status).toBe(200);
  expect(answer.headers['cache-control']).toBe('public, max-age=3600');
  expect(answer.json<{ keys: object[] }>().keys).toHaveLength(1);
  await shell.close();
});
