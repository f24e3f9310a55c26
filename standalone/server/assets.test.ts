// Static files: the plugin byte for byte, the bundle from its pre-compressed twins, and nothing from anywhere else.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MODULE, PANEL_ID, PLUGIN_ID } from './testing/fixture.ts';
import { startShell, type Shell } from './testing/shell.ts';

let shell: Shell;
beforeAll(async () => {
  shell = await startShell();
});
afterAll(() => shell.close());

const sha256 = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');

describe('the plugin', () => {
  test('is served byte for byte as it was built', async () => {
    const { body, headers } = await shell.request(`/public/plugins/${PLUGIN_ID}/module.js`);
    expect(sha256(body)).toBe(sha256(await readFile(path.join(shell.fixture.pluginDist, 'module.js'))));
    expect(headers['content-type']).toMatch(/^text\/javascript/);
    expect(headers['cache-control']).toBe('no-cache');
  });

  test('stays the same under compression on the way', async () => {
    const large = MODULE.repeat(200);
    await writeFile(path.join(shell.fixture.pluginDist, 'large.js'), large);
    const { body, headers } = await shell.request(`/public/plugins/${PLUGIN_ID}/large.js`, {
      headers: { 'accept-encoding': 'br' },
    });
    expect(headers['content-encoding']).toBe('br');
    expect(sha256(zlib.brotliDecompressSync(body))).toBe(sha256(large));
  });

  test('may be kept for ever under an address that names its content', async () => {
    expect((await shell.request(`/public/plugins/${PLUGIN_ID}/7.js?_cache=abc`)).headers['cache-control']).toBe(
      'public, max-age=31536000, immutable',
    );
  });

  test('has its nested panels under ids of their own', async () => {
    expect((await shell.request(`/public/plugins/${PANEL_ID}/module.js`)).text).toContain('define(');
    expect((await shell.request(`/public/plugins/${PANEL_ID}/../../7.js`)).status).not.toBe(200);
  });

  test('gets a new address when it is rebuilt, without a restart', async () => {
    const address = async () =>
      /"moduleHash":"(\w+)"/.exec((await shell.request(`/api/plugins/${PLUGIN_ID}/settings`, { as: 'ada' })).text)?.[1];
    const before = await address();
    await writeFile(path.join(shell.fixture.pluginDist, 'module.js'), `${MODULE}// rebuilt\n`);
    expect(await address()).not.toBe(before);
  });
});

describe('the bundle', () => {
  test.each([
    ['br, gzip', 'br', 'BROTLI'],
    ['gzip', 'gzip', 'GZIP'],
    ['br;q=0, gzip;q=0.5', 'gzip', 'GZIP'],
    ['identity', undefined, 'console.log("main");'],
  ])('for a browser that takes %s comes as %s', async (accepted, encoding, content) => {
    const { text, headers } = await shell.request('/public/build/host/main-A.js', {
      headers: { 'accept-encoding': accepted },
    });
    expect(text).toBe(content);
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
      'content-type': expect.stringMatching(/^text\/javascript/),
    });
  });

  test('that is not there is a 404 nobody keeps', async () => {
    const answer = await shell.request('/public/build/host/gone-X.js', { headers: { 'accept-encoding': 'br' } });
    expect(answer.status).toBe(404);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.json()).toEqual({ message: 'Not found' });
  });

  test('shares its folder with icons that are kept for a day', async () => {
    expect((await shell.request('/public/build/img/icons/unicons/home.svg')).headers).toMatchObject({
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=86400',
    });
  });
});

test.each([
  `/public/plugins/${PLUGIN_ID}/../outside.txt`,
  `/public/plugins/${PLUGIN_ID}/%2e%2e/outside.txt`,
  `/public/plugins/${PLUGIN_ID}/..%2foutside.txt`,
  `/public/plugins/${PLUGIN_ID}/%2e%2e%2foutside.txt`,
  `/public/plugins/${PLUGIN_ID}/img/..%5c..%5coutside.txt`,
  `/public/plugins/${PLUGIN_ID}/.secret`,
  `/public/plugins/${PLUGIN_ID}/%00`,
  `/public/plugins/${PLUGIN_ID}/`,
  `/public/plugins/..%2f..%2f/outside.txt`,
  '/public/plugins/unknown-app/module.js',
  '/public/build/host/../../../../admins.json',
  '/public/build/host/..%2f..%2f..%2f..%2fadmins.json',
  '/public/../manifest.json',
  '/public/%2e%2e/manifest.json',
  '/public/..%2fmanifest.json',
  '/public/',
])('%s leads nowhere', async (address) => {
  const answer = await shell.request(address);
  expect(answer.status).toBeGreaterThanOrEqual(300);
  expect(answer.text).not.toMatch(/not for the web|okafor|main-A/i);
});
