// Keyed randomness and the calendar: what all demo rows follow from.
import { describe, expect, test } from '@jest/globals';
import { addMonths, DAY, iso } from './calendar.ts';
import { countAt } from './draws.ts';
import { derive, fate, keyOf, keyOfSeed, purpose, settled, stream, uuidOf } from './random.ts';

const key = keyOfSeed(7);
const THING = purpose('thing');

describe('keys', () => {
  test('an id read back leads to the same key', () => {
    const made = settled(derive(key, THING, 3));
    expect(keyOf(uuidOf(made))).toEqual(made);
    expect(uuidOf(made)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('no two things share an id', () => {
    const ids = new Set(Array.from({ length: 20_000 }, (_, index) => uuidOf(derive(key, THING, index))));
    expect(ids.size).toBe(20_000);
  });

  test('purposes and seeds do not share their draws', () => {
    expect(fate(key, THING)).not.toBe(fate(key, purpose('another thing')));
    expect(fate(key, THING)).not.toBe(fate(keyOfSeed(8), THING));
    expect(keyOfSeed(2 ** 40)).not.toEqual(keyOfSeed(0));
  });
});

describe('draws', () => {
  test('a stream is even and the same each time', () => {
    const draw = stream(key);
    const values = Array.from({ length: 10_000 }, draw);
    const again = stream(key);
    expect(values.slice(0, 100)).toEqual(Array.from({ length: 100 }, again));
    const tenths = Array.from({ length: 10 }, (_, tenth) => values.filter((value) => Math.floor(value * 10) === tenth).length);
    expect(Math.min(...tenths)).toBeGreaterThan(850);
    expect(Math.max(...tenths)).toBeLessThan(1150);
  });

  test('counts have the mean that is asked for', () => {
    const counts = Array.from({ length: 20_000 }, (_, index) => countAt(fate(key, THING, index), 0.7));
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    expect(mean).toBeGreaterThan(0.67);
    expect(mean).toBeLessThan(0.73);
    expect(countAt(0, 0.7)).toBe(0);
    expect(countAt(0.999999, 0)).toBe(0);
  });
});

describe('calendar', () => {
  test('instants are written as the language writes them', () => {
    for (const at of [0, 1, 999, DAY - 1, DAY, Date.UTC(2028, 1, 29, 23, 59, 59, 7), Date.UTC(1999, 11, 31)]) {
      expect(iso(at)).toBe(new Date(at).toISOString());
    }
  });

  test('a billing day that a month does not have becomes its last', () => {
    const anchor = Date.UTC(2026, 0, 31, 10, 30, 0, 5);
    expect(iso(addMonths(anchor, 1))).toBe('2026-02-28T10:30:00.005Z');
    expect(iso(addMonths(anchor, 2))).toBe('2026-03-31T10:30:00.005Z');
    expect(iso(addMonths(Date.UTC(2028, 1, 29), 12))).toBe('2029-02-28T00:00:00.000Z');
  });
});
