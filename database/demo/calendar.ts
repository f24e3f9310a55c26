// Time as the demo company counts it: milliseconds since 1970 and whole UTC days.

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Whole UTC days since 1970. */
export const dayOf = (at: number): number => Math.floor(at / DAY);
export const startOf = (day: number): number => day * DAY;

/** Whole seconds since 1970: how a moment that came back from the database names draws. */
export const secondOf = (at: number): number => Math.floor(at / SECOND);

/** The first of January 1970 was a Thursday. */
export const isWeekend = (day: number): boolean => day % 7 === 2 || day % 7 === 3;

/** The same day `months` later, or the last of that month, at the same time: how Stripe moves a billing period. */
export function addMonths(at: number, months: number): number {
  const date = new Date(at);
  const target = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)).getUTCDate();
  return target + (Math.min(date.getUTCDate(), last) - 1) * DAY + (at - startOf(dayOf(at)));
}

const TWO = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));
const dates = new Map<number, string>();

function dateOf(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) {
    return known;
  }
  const date = new Date(startOf(day)).toISOString().slice(0, 11);
  dates.set(day, date);
  return date;
}

/** What `Date.prototype.toISOString` gives, several times faster: loading writes millions of instants. */
export function iso(at: number): string {
  const day = dayOf(at);
  const inDay = at - startOf(day);
  const seconds = Math.floor(inDay / SECOND);
  const minutes = Math.floor(seconds / 60);
  return `${dateOf(day)}${TWO[Math.floor(minutes / 60)]!}:${TWO[minutes % 60]!}:${TWO[seconds % 60]!}.${String(inDay % SECOND).padStart(3, '0')}Z`;
}

export const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));
