// Route matching by Grafana's rules, and paths that must never be forwarded.
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ProxyRoute } from '../plugin-files.ts';
import { matchRoute, safeSegments } from './match.ts';

const route = (path: string, method?: string): ProxyRoute => ({
  path,
  url: 'http://api',
  ...(method === undefined ? {} : { method }),
});

describe('a path', () => {
  test.each([
    ['users/42', ['users', '42']],
    ['users/a%40b', ['users', 'a@b']],
    ['users/%C3%A9', ['users', 'é']],
    ['users/a%20b', ['users', 'a b']],
    ['users/...', ['users', '...']],
    ['users/a.b', ['users', 'a.b']],
  ])('%s is decoded', (raw, segments) => {
    expect(safeSegments(raw)).toEqual(segments);
  });

  test.each([
    '..',
    '../x',
    'a/../b',
    'a/..',
    'a/%2e%2e/b',
    'a/%2E%2e/b',
    'a/.%2e/b',
    'a/./b',
    'a/%2e/b',
    'a//b',
    '/a',
    'a/',
    '',
    'a/%2Fb',
    'a%2fb',
    'a/%5Cb',
    'a\\b',
    'a/%252e%252e/b',
    'a/%252fb',
    'a/%255cb',
    'a/%00',
    'a/%2500',
    'a/%0d%0ab',
    'a/%7f',
    'a/%zz',
    'a/%',
    'a/%c0%ae%c0%ae/b',
  ])('%s is refused', (raw) => {
    expect(safeSegments(raw)).toBeNull();
  });

  test('whatever it holds, no accepted segment can lead upwards or be split', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('.', '/', '\\', '%', '2', '5', 'e', 'f', 'c', 'F', 'a', ' ', '\u0000') }),
        (raw) => {
          for (const segment of safeSegments(raw) ?? []) {
            expect(segment).not.toMatch(/^\.{0,2}$|[\\/\u0000]/);
            expect(encodeURIComponent(segment)).not.toMatch(/%2f|%5c/i);
          }
        },
      ),
    );
  });
});

describe('a route', () => {
  test('without * forwards to exactly its address', () => {
    expect(matchRoute([route('users')], 'GET', ['users'])).toEqual({ route: route('users'), tail: null });
    expect(matchRoute([route('users')], 'GET', ['users', '42'])).toBeNull();
  });

  test('with * appends what * stands for, which is at least one segment', () => {
    expect(matchRoute([route('v1/users/*')], 'GET', ['v1', 'users', '42', 'sessions'])?.tail).toEqual([
      '42',
      'sessions',
    ]);
    expect(matchRoute([route('v1/users/*')], 'GET', ['v1', 'users'])).toBeNull();
  });

  test('with :name takes any one segment', () => {
    expect(matchRoute([route('users/:id/notes')], 'GET', ['users', '42', 'notes'])?.tail).toBeNull();
    expect(matchRoute([route('users/:id/notes')], 'GET', ['users', '42', 'other'])).toBeNull();
  });

  test('first in declaration order wins over longer', () => {
    const routes = [route('a/*'), route('a/b/*')];
    expect(matchRoute(routes, 'GET', ['a', 'b', 'c'])?.route).toBe(routes[0]);
  });

  test('with another method is passed over; none and * take every method; a list is no method', () => {
    const routes = [route('a', 'GET,POST'), route('a', 'POST'), route('a', '*')];
    expect(matchRoute(routes, 'POST', ['a'])?.route).toBe(routes[1]);
    expect(matchRoute(routes, 'GET', ['a'])?.route).toBe(routes[2]);
    expect(matchRoute([route('a', 'post')], 'POST', ['a'])).toBeNull();
    expect(matchRoute([route('a')], 'DELETE', ['a'])?.route).toEqual(route('a'));
  });

  test('of the plugin itself: a question goes the way of reading, the write beside it does not', async () => {
    const { routes } = JSON.parse(await readFile(new URL('../../../grafana-plugin/src/plugin.json', import.meta.url), 'utf8')) as { routes: ProxyRoute[] };
    const actionOf = (path: string) => matchRoute(routes, 'POST', path.split('/'))?.route.reqAction?.split(':').at(-1);
    expect(actionOf('v1/flags/query/dark-mode/explain')).toBe('read');
    expect(actionOf('v1/flags/dark-mode/state')).toBe('write');
    expect(actionOf('v1/flags/query')).toBe('write');
  });

  test('compares segments, not prefixes', () => {
    expect(matchRoute([route('user/*')], 'GET', ['users', '1'])).toBeNull();
  });
});
