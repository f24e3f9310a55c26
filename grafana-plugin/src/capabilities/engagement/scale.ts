// Axes of hand-drawn charts: round steps, and where a value lies.

export interface Axis {
  readonly ticks: readonly number[];
  /** 0 at the lower end, 1 at the upper. */
  readonly place: (value: number) => number;
}

/** About four steps of 1, 2 or 5 times a power of ten, from the lowest to the highest value, with 0 among them. */
export function axisOf(lowest: number, highest: number): Axis {
  const low = Math.min(0, lowest);
  const high = highest > 0 ? highest : low < 0 ? 0 : 1;
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
  const span = (last - first) * step;
  return { ticks, place: (value) => (value - first * step) / span };
}

/** Every so many labels, so that no more than `most` are written. */
export const labelEvery = (count: number, most: number): number => Math.max(1, Math.ceil(count / most));

const DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const MONTH = new Intl.DateTimeFormat('en', { month: 'short', year: 'numeric', timeZone: 'UTC' });

/** `2026-11-02` → "Nov 2", "week of Nov 2", "Nov 2026" */
export function intervalName(interval: 'day' | 'week' | 'month', startsOn: string): string {
  const at = new Date(`${startsOn}T00:00:00Z`);
  return interval === 'month' ? MONTH.format(at) : interval === 'week' ? `week of ${DAY.format(at)}` : DAY.format(at);
}
