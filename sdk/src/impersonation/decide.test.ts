// Which requests an impersonated session may make, whatever their spelling.
import { describe, expect, test } from '@jest/globals';
import { decideImpersonated } from './decide.ts';
import type { ImpersonationPolicy } from './types.ts';

const now = new Date('2026-03-01T12:00:00Z');
const session = { userId: 'user', adminId: 'admin', endsAt: '2026-03-01T12:00:01Z' } as const;
const policy: ImpersonationPolicy = {
  refused: [
    { actionClass: 'password', methods: ['*'], path: '/**/*password*/**' },
    { actionClass: 'account_delete', methods: ['DELETE'], path: '/**/users/:id' },
    { actionClass: 'export', methods: ['GET'], path: '/data.csv' },
  ],
  writes: [{ methods: ['PUT'], path: '/**/preferences' }],
  sessions: [
    { ...session, id: 'reader', scope: 'read' },
    { ...session, id: 'writer', scope: 'write' },
    { ...session, id: 'late', scope: 'read', endsAt: now.toISOString() },
  ],
};
const decide = (id: string, method: string, path: string | readonly string[]) => {
  const decision = decideImpersonated(policy, id, method, typeof path === 'string' ? [path] : path, now);
  return decision.allowed ? 'allowed' : decision.because === 'restricted' ? decision.actionClass : decision.because;
};

describe('a session', () => {
  test('is over when nobody knows it, and from its very end on', () => {
    expect(decide('unknown', 'GET', '/profile')).toBe('session_over');
    expect(decide('late', 'GET', '/profile')).toBe('session_over');
    expect(decide('reader', 'GET', '/profile')).toBe('allowed');
  });
});

describe('a request', () => {
  test.each([
    ['reader', 'get', '/profile', 'allowed'],
    ['reader', 'HEAD', '/', 'allowed'],
    ['reader', 'PUT', '/api/preferences', 'change'],
    ['writer', 'PUT', '/api/preferences', 'allowed'],
    ['writer', 'put', '/API/Preferences/', 'allowed'],
    ['writer', 'POST', '/api/preferences', 'change'],
    ['writer', 'PUT', '/api/preferences/x', 'change'],
    ['writer', 'OPTIONS', '/profile', 'change'],
    ['writer', 'DELETE', '/v1/users/7', 'account_delete'],
    ['writer', 'DELETE', '/v1/users', 'change'],
    ['writer', 'DELETE', '/v1/users/7/tags', 'change'],
    ['reader', 'GET', '/data.csv', 'export'],
    ['reader', 'GET', '/dataxcsv', 'allowed'],
  ])('%s %s %s: %s', (id, method, path, outcome) => {
    expect(decide(id, method, path)).toBe(outcome);
  });

  test.each([
    '/password', '/password/', '/PASSWORD', '//password', '/api/v2/user/change-password/confirm', '/api/./password', '/x/../password', '/%70assword', '/%2570assword', '/api;v=1/password;x=1', String.raw`\password`,
  ])('does not get past a rule by its spelling: %s', (path) => {
    expect(decide('writer', 'GET', path)).toBe('password');
  });

  test.each([
    'http://shop.example/data.csv', 'HTTP://shop.example//data.csv/', '/data.csv#top', '/data.csv%23/x', '/data.csv%3Fx/y', '/%64ata.csv', '/%zz/../%64ata.csv', '/data%2Ecsv',
  ])('reaches what it names, however it is written: %s', (path) => {
    expect(decide('writer', 'GET', path)).toBe('export');
    expect(decide('writer', 'HEAD', path)).toBe('export');
  });

  test.each(['/password/..', '/password/%2e%2e', '/password/./..', '/%70assword/%zz', '/%70assword/%ff'])('is refused where a router takes dots and broken escapes for names: %s', (path) => {
    expect(decide('writer', 'GET', path)).toBe('password');
  });

  test('is judged by where it was sent and by where it is routed', () => {
    expect(decide('writer', 'GET', ['/short', '/api/password'])).toBe('password');
    expect(decide('writer', 'GET', ['/api/password', '/short'])).toBe('password');
    expect(decide('writer', 'PUT', ['/preferences', '/billing'])).toBe('change');
    expect(decide('writer', 'PUT', ['/preferences', '/v1/preferences'])).toBe('allowed');
  });

  test('is no listed change when it can be read in another way', () => {
    expect(decide('writer', 'PUT', '/x/%2e%2e/preferences')).toBe('allowed');
    expect(decide('writer', 'PUT', '/preferences%2f..%2fbilling')).toBe('change');
  });

  test('with a path longer than any route is refused', () => {
    expect(decide('reader', 'GET', `/${'a/'.repeat(600)}`)).toBe('change');
  });

  test('with an escape that is none is judged as it stands', () => {
    expect(decide('reader', 'GET', '/%zz')).toBe('allowed');
    expect(decide('reader', 'GET', '/password/%zz')).toBe('password');
  });
});
