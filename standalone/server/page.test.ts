// The page: its policy, what it tells the browser about the person, and that data in it stays data.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PANEL_ID, PLUGIN_ID } from './testing/fixture.ts';
import { startShell, type Shell } from './testing/shell.ts';

let shell: Shell;
beforeAll(async () => {
  shell = await startShell();
});
afterAll(() => shell.close());

interface BootData {
  user: {
    login: string;
    orgRole: string;
    permissions: Record<string, boolean>;
    theme: string;
    isGrafanaAdmin: boolean;
  };
  navTree: Array<{ text: string; url: string; children: Array<{ text: string; url: string }> }>;
  settings: {
    appSubUrl: string;
    panels: Record<string, { module: string }>;
    datasources: Record<string, { uid: string; jsonData: object }>;
    featureToggles: object;
  };
}

async function bootData(login: string): Promise<BootData> {
  const { text } = await shell.request('/', { as: login });
  return JSON.parse(/grafanaBootData=(.*?);window\.standaloneShell/.exec(text)?.[1] ?? '') as BootData;
}

describe('the policy', () => {
  test('lets own scripts and one inline script run, and no eval', async () => {
    const { headers, text } = await shell.request('/', { as: 'ada' });
    const policy = String(headers['content-security-policy']);
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(policy).toContain(`script-src 'self' 'nonce-${nonce}';`);
    expect(policy).not.toContain('unsafe-eval');
    expect(text.match(/<script/g)).toHaveLength(2);
    expect(text).toContain(`<script nonce="${nonce}">`);
    expect(headers).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  test('has a nonce of its own each time', async () => {
    const nonces = await Promise.all(
      [1, 2, 3].map(async () => (await shell.request('/', { as: 'ada' })).headers['content-security-policy']),
    );
    expect(new Set(nonces).size).toBe(3);
  });
});

describe('the boot data', () => {
  test.each([
    [
      'ada',
      ['Overview', 'Users', 'Configuration'],
      { [`${PLUGIN_ID}.users:read`]: true, [`${PLUGIN_ID}.users:write`]: true },
    ],
    ['sam', ['Overview', 'Users'], { [`${PLUGIN_ID}.users:read`]: true, [`${PLUGIN_ID}.users:write`]: true }],
    ['vic', ['Overview'], { [`${PLUGIN_ID}.users:read`]: true }],
  ])('of %s has the pages and actions of the role', async (login, pages, actions) => {
    const { navTree, user } = await bootData(login);
    expect(navTree[0]?.children.map(({ text }) => text)).toEqual(pages);
    expect(user.permissions).toEqual({ 'plugins.app:access': true, 'datasources:query': true, ...actions });
    expect(user).toMatchObject({ login, isGrafanaAdmin: false });
  });

  test('names core and nested panels, the one data source and no secret', async () => {
    const { settings } = await bootData('ada');
    expect(Object.keys(settings.panels)).toEqual(['timeseries', 'stat', 'table', 'bargauge', 'text', PANEL_ID]);
    expect(settings.panels[PANEL_ID]?.module).toBe(`/public/plugins/${PANEL_ID}/module.js`);
    expect(settings.datasources['Prometheus']).toMatchObject({ uid: 'prometheus', jsonData: { timeInterval: '15s' } });
    expect((await shell.request('/', { as: 'ada' })).text).not.toContain('shared-secret');
  });

  test('cannot end the script it stands in', async () => {
    const file = path.join(shell.fixture.pluginDist, 'plugin.json');
    const original = await readFile(file, 'utf8');
    await writeFile(
      file,
      JSON.stringify({ ...(JSON.parse(original) as object), name: '</script><script>alert(1)</script>\u2028' }),
    );
    const { text } = await shell.request('/', { as: 'ada' });
    await writeFile(file, original);
    expect(text.match(/<script/g)).toHaveLength(2);
    expect(text).toContain('&lt;/script&gt;');
  });
});

describe('the plugin settings', () => {
  test('are what Grafana gives a plugin: public settings, secrets by name only', async () => {
    const answer = await shell.request(`/api/plugins/${PLUGIN_ID}/settings`, { as: 'vic' });
    expect(answer.json()).toMatchObject({
      id: PLUGIN_ID,
      enabled: true,
      jsonData: { apiUrl: 'http://127.0.0.1:9' },
      secureJsonFields: { actionsToken: true },
      module: `/public/plugins/${PLUGIN_ID}/module.js`,
    });
    expect(answer.text).not.toContain('shared-secret');
  });

  test('cannot be changed here, which says where they come from', async () => {
    const answer = await shell.request(`/api/plugins/${PLUGIN_ID}/settings`, {
      method: 'POST',
      as: 'ada',
      headers: { 'content-type': 'application/json' },
      body: '{"enabled":true}',
    });
    expect(answer.status).toBe(403);
    expect(answer.json<{ message: string }>().message).toContain('ACTIONS_API_URL');
  });

  test('of another plugin are not there', async () => {
    expect((await shell.request('/api/plugins/other-app/settings', { as: 'ada' })).status).toBe(404);
  });
});

test('an unknown API address is 404 in JSON, any other address is the page', async () => {
  const missing = await shell.request('/api/search', { as: 'ada' });
  expect([missing.status, missing.json()]).toEqual([404, { message: 'Not found' }]);
  expect((await shell.request('/d/some-dashboard', { as: 'ada' })).headers['content-type']).toMatch(/html/);
});

test('health needs no session', async () => {
  expect((await shell.request('/healthz')).json()).toEqual({ status: 'ok' });
  expect((await shell.request('/api/health')).json()).toMatchObject({ database: 'ok' });
  const ready = await shell.request('/readyz');
  expect(ready.status).toBe(503);
  expect(ready.json<{ parts: object }>().parts).toMatchObject({
    bundle: 'ok',
    plugin: 'ok',
    people: 'ok',
    signingKey: 'ok',
  });
});
