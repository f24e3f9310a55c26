// When people use a product: hours of their local day and days of the week.
import { isWeekend } from './calendar.ts';
import { chooser } from './draws.ts';
import type { Random } from './random.ts';

/** Relative use by local hour: a working day with a dent at lunch and a smaller evening. */
const HOURS = [9, 5, 3, 2, 2, 4, 10, 24, 52, 78, 86, 82, 62, 70, 84, 82, 72, 58, 46, 44, 46, 42, 32, 18] as const;

const hour = chooser(HOURS.map((weight, index) => [index, weight]));

/**
 * A moment within a UTC day at an hour people in that place are awake.
 * @param utcOffset hours the place is ahead of UTC
 * @returns milliseconds since the start of the UTC day
 */
export function timeOfDay(random: Random, utcOffset: number): number {
  const local = hour(random) + random();
  return Math.floor((((local - utcOffset + 48) % 24) / 24) * 86_400_000);
}

/**
 * Weekends carry less use. Scaled so that a week's mean is 1.
 * @param weekend share of a workday's use that is left on a Saturday or Sunday
 */
export function dayFactor(day: number, weekend: number): number {
  return (isWeekend(day) ? weekend : 1) * (7 / (5 + 2 * weekend));
}
