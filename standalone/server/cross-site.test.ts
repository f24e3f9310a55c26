// Cross-site requests: what changes something must come from a page of this origin.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startShell, type Shell } from './testing/shell.ts';
import { startUpstream, type Upstream } from './testing/upstream.ts';

let upstream: Upstream;
let shell: Shell;
beforeAll(async () => {
  upstream = await startUpstream();
  shell = await startShell({ apiUrl: upstream.url });
});
afterAll(async () => {
  await shell.close();
  await upstream.close();
});

const act = (headers: Record<string, string>) =>
  shell.request('/api/plugin-proxy/acme-ops-app/users/7', {
    method: 'POST',
    as: 'ada',
    body: '{}',
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('a write is refused', () => {
  test.each([
    ['from another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['from another site without fetch metadata', { origin: 'https://evil.example' }],
    [
      'from another program on this machine (same site, other port)',
      { origin: 'http://127.0.0.1:8080', 'sec-fetch-site': 'same-site' },
    ],
    ['from another port without fetch metadata', { origin: 'http://127.0.0.1:8080' }],
    ['from a sandboxed page', { origin: 'null' }],
    ['with an Origin that is not one', { origin: 'nonsense' }],
    ['when only the fetch metadata tells', { 'sec-fetch-site': 'cross-site' }],
    ['typed into the address bar', { 'sec-fetch-site': 'none' }],
  ])('%s', async (_case, headers) => {
    const before = upstream.received.length;
    const answer = await act(headers);
    expect(answer.status).toBe(403);
    expect(answer.json()).toEqual({ message: 'origin not allowed' });
    expect(upstream.received.length).toBe(before);
  });
});

test('a write from our own page passes', async () => {
  expect((await act({ origin: shell.url, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
});

test('a write without Origin passes, as in Grafana: it is not a browser', async () => {
  expect((await act({})).status).toBe(200);
});

test.each(['/login', '/logout', '/theme', '/api/ds/query'])('POST %s from another site is refused', async (path) => {
  const answer = await shell.request(path, { method: 'POST', headers: { origin: 'https://evil.example' } });
  expect(answer.status).toBe(403);
  expect(answer.headers['set-cookie']).toBeUndefined();
});

test('another site cannot read an API answer as a script or an image either', async () => {
  const answer = await shell.request('/api/plugin-proxy/acme-ops-app/users', {
    as: 'ada',
    headers: { 'sec-fetch-site': 'cross-site' },
  });
  expect(answer.status).toBe(403);
});

test('a link from elsewhere to a page works', async () => {
  expect((await shell.request('/login', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200);
});
