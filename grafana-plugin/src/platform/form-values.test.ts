// Texts of fields as a request carries them.
import { changesOf, instantOrNull, localOf, numberOrNull } from './form-values.ts';

test('numbers', () => {
  expect(numberOrNull('')).toBeNull();
  expect(numberOrNull(' 12 ')).toBe(12);
  expect(numberOrNull('many')).toBeNaN();
});

test('instants go there and back', () => {
  expect(instantOrNull('')).toBeNull();
  expect(instantOrNull('2026-11-22T12:30')).toBe('2026-11-22T12:30:00.000Z');
  expect(instantOrNull('soon')).toBe('soon');
  expect(localOf('2026-11-22T12:30:00.000Z')).toBe('2026-11-22T12:30');
  expect(localOf(null)).toBe('');
});

test('only what differs', () => {
  expect(changesOf({ a: 1, b: [1, 2], c: null }, { a: 1, b: [1, 3], c: null })).toEqual({ b: [1, 3] });
});
