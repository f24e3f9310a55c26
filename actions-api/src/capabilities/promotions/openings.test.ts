// Openings of campaigns on the clocks of a zone, over changes of the clocks; and who is in a hold-out.
import { describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { armOf } from './holdout.ts';
import { isOpen, isZone, type Opening } from './openings.ts';

const happyHour: Opening[] = [{ days: ['fri'], from: '17:00', to: '19:00' }];
const at = (text: string): Date => new Date(text);

describe('openings', () => {
  test('are hours of the zone: from inclusive, to exclusive', () => {
    expect(isOpen(happyHour, 'Europe/Berlin', at('2026-07-17T14:59:59Z'))).toBe(false);
    expect(isOpen(happyHour, 'Europe/Berlin', at('2026-07-17T15:00:00Z'))).toBe(true);
    expect(isOpen(happyHour, 'Europe/Berlin', at('2026-07-17T16:59:59Z'))).toBe(true);
    expect(isOpen(happyHour, 'Europe/Berlin', at('2026-07-17T17:00:00Z'))).toBe(false);
    expect(isOpen(happyHour, 'Europe/Berlin', at('2026-07-18T15:00:00Z'))).toBe(false);
  });

  test('stay at the same hours of the clock in winter, an hour later in UTC', () => {
    expect(isOpen(happyHour, 'Europe/Berlin', at('2026-12-18T15:30:00Z'))).toBe(false);
    expect(isOpen(happyHour, 'Europe/Berlin', at('2026-12-18T17:30:00Z'))).toBe(true);
  });

  test('are on the weekday of the zone, not of UTC', () => {
    const sundays: Opening[] = [{ days: ['sun'], from: '00:00', to: '24:00' }];
    expect(isOpen(sundays, 'Pacific/Auckland', at('2026-07-18T12:30:00Z'))).toBe(true);
    expect(isOpen(sundays, 'UTC', at('2026-07-18T12:30:00Z'))).toBe(false);
    expect(isOpen(sundays, 'UTC', at('2026-07-19T23:59:59Z'))).toBe(true);
  });

  test('that there are none of mean always; a zone that is none is known', () => {
    expect(isOpen([], 'UTC', at('2026-07-18T12:30:00Z'))).toBe(true);
    expect([isZone('Europe/Berlin'), isZone('Europe/Atlantis'), isZone('')]).toEqual([true, false, false]);
  });
});

describe('the hold-out', () => {
  const users = Array.from({ length: 20_000 }, () => randomUUID());

  test('is the share it was asked to be, and the same at every look', () => {
    const held = users.filter((user) => armOf('spring', 0.2, user) === 'holdout');
    // Five standard deviations.
    expect(Math.abs(held.length / users.length - 0.2)).toBeLessThan(5 * Math.sqrt((0.2 * 0.8) / users.length));
    expect(held.every((user) => armOf('spring', 0.2, user.toUpperCase()) === 'holdout')).toBe(true);
  });

  test('of one campaign says nothing about another, and nobody is in one of nobody', () => {
    const both = users.filter((user) => armOf('spring', 0.5, user) === 'holdout' && armOf('summer', 0.5, user) === 'holdout').length / users.length;
    expect(Math.abs(both - 0.25)).toBeLessThan(0.02);
    expect(users.some((user) => armOf('spring', 0, user) === 'holdout')).toBe(false);
  });
});
