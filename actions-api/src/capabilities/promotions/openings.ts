// Whether a campaign's codes work at an instant: its openings are hours of weekdays on the clocks of its zone.
import { WEEKDAYS, type Campaign } from '@admin-center/contracts/promotions';

export type Opening = Campaign['openings'][number];

const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError for a zone there is none of */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone) ?? new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  formats.set(zone, known);
  return known;
}

export function isZone(zone: string): boolean {
  try {
    return formatOf(zone) !== undefined;
  } catch {
    return false;
  }
}

/** From inclusive, to exclusive; no openings mean always. In the hour that clocks repeat it is open twice. */
export function isOpen(openings: readonly Opening[], zone: string, at: Date): boolean {
  if (openings.length === 0) {
    return true;
  }
  const parts = Object.fromEntries(formatOf(zone).formatToParts(at).map(({ type, value }) => [type, value]));
  const day = WEEKDAYS.find((name) => name === parts['weekday']?.toLowerCase());
  const time = `${parts['hour']}:${parts['minute']}`;
  return openings.some(({ days, from, to }) => day !== undefined && days.includes(day) && from <= time && time < to);
}
