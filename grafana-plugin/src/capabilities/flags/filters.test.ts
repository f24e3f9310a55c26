// Filters in the URL and back.
import { filtersFromUrl, filtersToUrl, flagsQuery, isFiltered, NO_FILTERS } from './filters.ts';

test('what goes into the URL comes out of it', () => {
  const filters = { q: 'upload & more', lifecycle: 'stale', keys: 'a-flag,other' } as const;
  const search = new URLSearchParams(Object.entries(filtersToUrl(filters)).flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
  expect(filtersFromUrl(`?${search}`)).toEqual(filters);
});

test('defaults stay out of the URL and out of the question', () => {
  expect(Object.values(filtersToUrl(NO_FILTERS)).every((value) => value === null)).toBe(true);
  expect(filtersFromUrl('')).toEqual(NO_FILTERS);
  expect(flagsQuery(NO_FILTERS, 20)).toEqual({ q: undefined, lifecycle: undefined, keys: undefined, limit: 20 });
  expect(isFiltered(NO_FILTERS)).toBe(false);
});

test('values nobody knows are dropped', () => {
  expect(filtersFromUrl('?lifecycle=undead')).toEqual(NO_FILTERS);
});
