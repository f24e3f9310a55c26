// DNS rebinding: names that are not ours are not answered.
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hostName } from './host-guard.ts';
import { startShell, type Shell } from './testing/shell.ts';

let shell: Shell;
beforeAll(async () => {
  shell = await startShell({ publicUrl: 'https://admin.example' });
});
afterAll(() => shell.close());

describe('answered', () => {
  test.each(['127.0.0.1', 'localhost', '[::1]', 'admin.example', 'ADMIN.example'])(
    '%s, whatever the port',
    async (name) => {
      expect((await shell.request('/healthz', { headers: { host: name } })).status).toBe(200);
      expect((await shell.request('/healthz', { headers: { host: `${name}:8443` } })).status).toBe(200);
    },
  );
});

describe('not answered', () => {
  test.each([
    'evil.example',
    'admin.example.evil.example',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    '127.0.0.1:80:80',
    '0.0.0.0',
    '2130706433',
  ])('%s', async (host) => {
    const answer = await shell.request('/healthz', { headers: { host } });
    expect([400, 421]).toContain(answer.status);
    expect(answer.text).not.toContain('"ok"');
  });

  test('a request without any Host header', async () => {
    const text = await new Promise<string>((resolve) => {
      let received = '';
      const socket = net.connect(shell.port, '127.0.0.1', () => socket.write('GET /healthz HTTP/1.0\r\n\r\n'));
      socket.on('data', (chunk) => (received += chunk.toString()));
      socket.on('close', () => resolve(received));
    });
    expect(text).toMatch(/^HTTP\/1\.1 421/);
  });

  test('the sign-in page and the signing keys stay behind the guard too', async () => {
    expect((await shell.request('/login', { headers: { host: 'evil.example' } })).status).toBe(421);
    expect((await shell.request('/api/signing-keys/keys', { headers: { host: 'evil.example' } })).status).toBe(421);
  });
});

test.each([
  ['localhost:3000', 'localhost'],
  ['[::1]:3000', '[::1]'],
  ['a b', null],
  ['user@host', null],
  [undefined, null],
])('the name in %p is %p', (header, name) => {
  expect(hostName(header)).toBe(name);
});
