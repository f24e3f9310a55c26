// Filters in the URL and back.
import { filtersFromUrl, filtersToUrl, isFiltered, NO_FILTERS } from './filters.ts';

test('what goes into the URL comes out of it', () => {
  const filters = { q: 'maya & co', tier: 'premium', state: 'suspended', created: '7d', seen: 'idle90d', sort: 'email', order: 'asc' } as const;
  const search = new URLSearchParams(Object.entries(filtersToUrl(filters)).flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
  expect(filtersFromUrl(`?${search}`)).toEqual(filters);
});

test('defaults stay out of the URL', () => {
  expect(Object.values(filtersToUrl(NO_FILTERS)).every((value) => value === null)).toBe(true);
  expect(filtersFromUrl('')).toEqual(NO_FILTERS);
});

test('values nobody knows are dropped', () => {
  expect(filtersFromUrl('?tier=gold&state=asleep&sort=shoe&order=up&created=9y&seen=x')).toEqual(NO_FILTERS);
});

test('a sort is not a filter', () => {
  expect(isFiltered({ ...NO_FILTERS, sort: 'email' })).toBe(false);
  expect(isFiltered({ ...NO_FILTERS, seen: '7d' })).toBe(true);
});
