// The configuration: what is refused, and that nothing listens beyond loopback by accident.
import { describe, expect, test } from '@jest/globals';
import { maskConfig } from '@admin-center/platform/config';
import { configSchema, readStandaloneConfig } from './config.ts';

const MINIMAL = { ACTIONS_API_TOKEN: 'shared-secret' };

describe('listening', () => {
  test('is on loopback unless told otherwise', () => {
    expect(readStandaloneConfig(MINIMAL)).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 3000,
      PUBLIC_URL: 'http://127.0.0.1:3000',
    });
  });

  test.each(['0.0.0.0', '::', '10.0.0.5', 'admin.example'])(
    'on %s is refused, with the reason and the way out',
    (host) => {
      expect(() => readStandaloneConfig({ ...MINIMAL, HOST: host })).toThrow(
        /no password[\s\S]*STANDALONE_ALLOW_REMOTE=true/,
      );
    },
  );

  test('elsewhere is possible on purpose', () => {
    expect(readStandaloneConfig({ ...MINIMAL, HOST: '0.0.0.0', STANDALONE_ALLOW_REMOTE: 'true' }).HOST).toBe('0.0.0.0');
  });

  test.each(['::1', 'localhost', '127.0.0.1'])('on %s needs no permission', (host) => {
    expect(readStandaloneConfig({ ...MINIMAL, HOST: host }).HOST).toBe(host);
  });
});

test('PUBLIC_URL loses its trailing slash and follows PORT', () => {
  expect(readStandaloneConfig({ ...MINIMAL, PUBLIC_URL: 'https://admin.example/' }).PUBLIC_URL).toBe(
    'https://admin.example',
  );
  expect(readStandaloneConfig({ ...MINIMAL, PORT: '3100' }).PUBLIC_URL).toBe('http://127.0.0.1:3100');
});

test.each([
  [{}, /ACTIONS_API_TOKEN/],
  [{ ...MINIMAL, PROMETHEUS_URL: 'file:///etc/passwd' }, /PROMETHEUS_URL: must be an http or https URL/],
  [{ ...MINIMAL, PROMETHEUS_SCRAPE_INTERVAL: 'often' }, /PROMETHEUS_SCRAPE_INTERVAL/],
  [{ ...MINIMAL, PORT: '70000' }, /PORT/],
  [{ ...MINIMAL, PUBLIC_URL: 'https://admin.example/shell' }, /PUBLIC_URL: must not have a path/],
])('%j is refused by name', (environment, message) => {
  expect(() => readStandaloneConfig(environment)).toThrow(message);
});

test('the shared secret never shows in the log line', () => {
  const config = readStandaloneConfig(MINIMAL);
  expect(JSON.stringify(maskConfig(configSchema, config))).not.toContain('shared-secret');
});
