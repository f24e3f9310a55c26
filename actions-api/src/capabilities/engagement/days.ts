// UTC days, weeks from Monday and months, as text `YYYY-MM-DD`: what the rollups count by.
import type { INTERVALS } from '@admin-center/contracts/engagement-answers';
import { AppError } from '../../platform/errors.ts';

export type Interval = (typeof INTERVALS)[number];

const DAY_MS = 86_400_000;
/** A page shows at most so many; two years and a bit. */
const MOST_DAYS = 800;

export const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10);
export const addDays = (day: string, days: number): string => dayOf(new Date(Date.parse(day) + days * DAY_MS));
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

/** The first day of the interval that a day lies in. */
export function startOf(interval: Interval, day: string): string {
  if (interval === 'week') {
    return addDays(day, -((new Date(day).getUTCDay() + 6) % 7));
  }
  return interval === 'month' ? `${day.slice(0, 7)}-01` : day;
}

/** The first day of the n-th interval after the one that starts on a day. */
export function shift(interval: Interval, startsOn: string, n: number): string {
  if (interval === 'month') {
    const month = new Date(startsOn);
    return dayOf(new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + n, 1)));
  }
  return addDays(startsOn, n * (interval === 'week' ? 7 : 1));
}

/** @throws AppError 400 for a range that ends before it starts or is longer than can be shown */
export function requireRange({ from, to }: { readonly from: string; readonly to: string }): void {
  const refuse = (path: string, message: string) => new AppError('query_invalid', 400, message, { errors: [{ path, message }] });
  if (from > to) {
    throw refuse('query.to', 'The range ends before it starts.');
  }
  if (daysBetween(from, to) > MOST_DAYS) {
    throw refuse('query.from', `The range is longer than ${MOST_DAYS} days.`);
  }
}
