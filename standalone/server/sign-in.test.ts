// Signing in and out, how long a session lives, and where one is sent afterwards.
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { IDLE_MS, LIFETIME_MS } from './session.ts';
import { localPath } from './sign-in.ts';
import { PEOPLE, PLUGIN_ID } from './testing/fixture.ts';
import { startShell, type Shell } from './testing/shell.ts';

const MINUTE = 60_000;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let shell: Shell;
beforeEach(async () => {
  shell = await startShell();
});
afterEach(() => shell.close());

const ping = (cookie: string) => shell.request('/api/login/ping', { headers: { cookie } });

describe('the sign-in page', () => {
  test('lists everybody of ADMINS_FILE, with markup in names escaped', async () => {
    const { text, headers } = await shell.request('/login');
    expect(PEOPLE.every(({ login }) => text.includes(`value="${login}"`))).toBe(true);
    expect(text).toContain('Sam &lt;b&gt;Rivera&lt;/b&gt;');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['cache-control']).toBe('no-store');
  });

  test('is where a page without a session leads, and remembers the page', async () => {
    const answer = await shell.request(`/a/${PLUGIN_ID}/users?from=now-7d`);
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toBe(
      `/login?redirectTo=${encodeURIComponent(`/a/${PLUGIN_ID}/users?from=now-7d`)}`,
    );
  });

  test('an API call without a session is 401, never a redirect', async () => {
    for (const path of [
      '/api/ds/query',
      `/api/plugin-proxy/${PLUGIN_ID}/users`,
      `/api/plugins/${PLUGIN_ID}/settings`,
      '/api/anything',
    ]) {
      expect((await shell.request(path)).status).toBe(401);
    }
  });
});

describe('signing in', () => {
  test('gives an opaque cookie that scripts and other sites do not get', async () => {
    const answer = await shell.request('/login', {
      method: 'POST',
      headers: FORM,
      body: `login=ada&redirectTo=${encodeURIComponent('/a/x?b=1#c')}`,
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/a/x?b=1#c');
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^admin_center_session=[\w-]{43}; /);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(cookie).not.toMatch(/Secure/);
  });

  test('over https the cookie stays on https', async () => {
    const secure = await startShell({ publicUrl: 'https://admin.example' });
    const answer = await secure.request('/login', { method: 'POST', headers: FORM, body: 'login=ada' });
    expect(answer.headers['set-cookie']?.[0]).toMatch(/; Secure/);
    await secure.close();
  });

  test.each(['login=mallory', 'login=', '', 'login=ada&login=sam', 'login[]=ada'])(
    'as nobody known (%p) gives no session',
    async (body) => {
      const answer = await shell.request('/login', { method: 'POST', headers: FORM, body });
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(answer.headers.location).toBe('/login');
    },
  );

  test('again as someone else ends the first session', async () => {
    const first = await shell.signIn('ada');
    await shell.request('/login', { method: 'POST', headers: { ...FORM, cookie: first }, body: 'login=vic' });
    expect((await ping(first)).status).toBe(401);
  });

  test.each([
    '//evil.example/x',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'evil',
    '/.//evil.example',
  ])('never leads to another origin (%s)', (target) => {
    expect(localPath(target)).toBe('/');
  });

  test('keeps a local path with its query', () => {
    expect(localPath('/a/x?y=//z')).toBe('/a/x?y=//z');
  });
});

describe('a session', () => {
  test('ends with signing out', async () => {
    const cookie = await shell.signIn('ada');
    expect((await ping(cookie)).status).toBe(200);
    const answer = await shell.request('/logout', { method: 'POST', headers: { cookie } });
    expect(answer.headers['set-cookie']?.[0]).toMatch(/admin_center_session=;.*1970/);
    expect((await ping(cookie)).status).toBe(401);
  });

  test('ends after half an hour without a request, not while it is used', async () => {
    const cookie = await shell.signIn('ada');
    shell.advance(IDLE_MS - MINUTE);
    expect((await ping(cookie)).status).toBe(200);
    shell.advance(IDLE_MS - MINUTE);
    expect((await ping(cookie)).status).toBe(200);
    shell.advance(IDLE_MS);
    expect((await ping(cookie)).status).toBe(401);
  });

  test('ends after its lifetime however busy it is', async () => {
    const cookie = await shell.signIn('ada');
    for (let passed = 0; passed < LIFETIME_MS; passed += IDLE_MS / 2) {
      expect((await ping(cookie)).status).toBe(200);
      shell.advance(IDLE_MS / 2);
    }
    expect((await ping(cookie)).status).toBe(401);
  });

  test('ends when its person is taken out of the list', async () => {
    const cookie = await shell.signIn('sam');
    const people = JSON.parse(await readFile(shell.fixture.adminsFile, 'utf8')) as Array<{ login: string }>;
    await writeFile(shell.fixture.adminsFile, JSON.stringify(people.filter(({ login }) => login !== 'sam')));
    expect((await ping(cookie)).status).toBe(401);
  });

  test('cannot be guessed or forged', async () => {
    const cookie = await shell.signIn('ada');
    expect((await ping(`${cookie}x`)).status).toBe(401);
    expect((await ping('admin_center_session=ada')).status).toBe(401);
    expect((await ping('admin_center_session=')).status).toBe(401);
  });

  test('the oldest gives way when there are very many', async () => {
    const first = await shell.signIn('vic');
    for (let count = 0; count < 1_000; count += 1) {
      await shell.signIn('vic');
    }
    const last = await shell.signIn('vic');
    expect((await ping(first)).status).toBe(401);
    expect((await ping(last)).status).toBe(200);
  });
});

describe('the theme', () => {
  test('is kept in a cookie and comes back on the page', async () => {
    const answer = await shell.request('/theme', {
      method: 'POST',
      headers: FORM,
      body: 'theme=light&returnTo=%2Flogin',
    });
    const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect((await shell.request('/login', { headers: { cookie } })).text).toContain('class="light"');
    expect((await shell.request('/login')).text).toContain('class="dark"');
  });

  test('is one of two', async () => {
    expect((await shell.request('/theme', { method: 'POST', headers: FORM, body: 'theme=pink' })).status).toBe(400);
  });
});

test.each([
  ['not json', /is not JSON/],
  ['[]', /not valid/],
  ['[{"login":"a b","name":"A","email":"a@acme.example","orgRole":"Admin"}]', /letters, digits/],
  ['[{"login":"a","name":"A","email":"a@acme.example","orgRole":"Owner"}]', /orgRole/],
  [
    '[{"login":"a","name":"A","email":"a@acme.example","orgRole":"Admin"},{"login":"a","name":"B","email":"b@acme.example","orgRole":"Admin"}]',
    /twice/,
  ],
])('an ADMINS_FILE that holds %s is named as the reason by /readyz', async (content, reason) => {
  await writeFile(shell.fixture.adminsFile, content);
  const { parts } = (await shell.request('/readyz')).json<{ parts: Record<string, string> }>();
  expect(parts['people']).toMatch(reason);
});
