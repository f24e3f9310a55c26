// The axis that intervals are drawn on: always with 0, with round ends, the same for all variants.

export interface Scale {
  readonly low: number;
  readonly high: number;
  /** Values to name on the axis, ascending. */
  readonly ticks: readonly number[];
  /** Place of a value from 0 to 1, kept within the axis. */
  at(value: number): number;
}

const STEPS = [1, 2, 2.5, 5, 10];
const WISHED_TICKS = 5;

export function scaleOf(values: readonly number[]): Scale {
  const finite = values.filter(Number.isFinite);
  const [least, most] = [Math.min(0, ...finite), Math.max(0, ...finite)];
  const rough = (most - least || 1) / WISHED_TICKS;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = magnitude * (STEPS.find((each) => each * magnitude >= rough) ?? 10);
  const first = Math.floor(least / step);
  const last = Math.max(first + 1, Math.ceil(most / step));
  const [low, high] = [first * step, last * step];
  return {
    low,
    high,
    ticks: Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step),
    at: (value) => Math.min(1, Math.max(0, (value - low) / (high - low))),
  };
}
