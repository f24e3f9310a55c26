// Lengths of time as people read and enter them.
import { formatValue } from '../../platform/format.ts';

export const UNITS = [
  { value: 60, label: 'minutes' },
  { value: 3_600, label: 'hours' },
  { value: 86_400, label: 'days' },
] as const;

/** The largest unit that gives a whole number. */
export const unitOf = (seconds: number): number => Math.max(60, ...UNITS.map(({ value }) => value).filter((value) => seconds % value === 0));

export const durationText = (seconds: number | null, none = '–'): string => (seconds === null ? none : formatValue(seconds, 's', seconds < 60 ? 0 : 1));

/** `14 days`, for windows, which are whole numbers of something. */
export function windowText(seconds: number): string {
  const unit = unitOf(seconds);
  const count = seconds / unit;
  const label = UNITS.find(({ value }) => value === unit)?.label ?? 'minutes';
  return `${Number.isInteger(count) ? count : count.toFixed(1)} ${count === 1 ? label.slice(0, -1) : label}`;
}

export const percentText = (ratio: number | null): string => (ratio === null ? '–' : formatValue(ratio, 'percentunit', 1));
