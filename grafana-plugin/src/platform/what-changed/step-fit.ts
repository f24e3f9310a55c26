// How well a step at one instant explains a series: a line with one jump, fitted to the points around it by least squares,
// against the same line without the jump. The line takes up a trend, the interval takes up noise that remembers itself.

export interface Point {
  /** Milliseconds. */
  readonly time: number;
  readonly value: number;
}

export interface StepFit {
  /** Level just before and just after the jump, as the fitted line has it. */
  readonly before: number;
  readonly after: number;
  /** The jump with its 95% interval. */
  readonly effect: number;
  readonly low: number;
  readonly high: number;
  /** Logarithm of how much likelier the points are with the jump than without, less the price of the width. */
  readonly gain: number;
}

/**
 * Points on each side that count. Many make a sure mean; few are not misled by a bend further off, such as the end of an
 * outage that began here. The width that tells most is taken; a narrow one pays for being one more chance of a fluke.
 */
const WIDTHS = [
  { side: 60, price: 0 },
  { side: 20, price: 2.5 },
  { side: 8, price: 5 },
] as const;
/** Fewer points on a side say nothing about a mean. */
const LEAST = 4;
const Z = 1.96;

/** @param index of the first point after the jump; null where there are too few points on a side */
export function fitStep(points: readonly Point[], index: number): StepFit | null {
  if (index < LEAST || points.length - index < LEAST) {
    return null;
  }
  return WIDTHS.map(({ side, price }) => fitWithin(points, index, side, price)).reduce((best, fit) => (fit.gain > best.gain ? fit : best));
}

function fitWithin(points: readonly Point[], index: number, side: number, price: number): StepFit {
  const from = Math.max(0, index - side);
  const near = points.slice(from, index + side);
  const split = index - from;
  const origin = near[split]?.time ?? 0;
  const width = Math.max(1, (near.at(-1)?.time ?? 0) - (near[0]?.time ?? 0));
  const x = near.map(({ time }) => (time - origin) / width);
  const y = near.map(({ value }) => value);
  const jump = near.map((_, position) => (position < split ? 0 : 1));

  // The jump's share is what is left of it once level and slope are taken out (Frisch, Waugh, Lovell).
  const jumpRest = residuals(x, jump);
  const valueRest = residuals(x, y);
  const weight = dot(jumpRest, jumpRest);
  const effect = dot(jumpRest, valueRest) / weight;
  const rest = valueRest.map((value, position) => value - effect * (jumpRest[position] ?? 0));
  const without = dot(valueRest, valueRest);
  const count = near.length;
  // Noise that is next to nothing beside the values (a constant series, rounding) must not make a jump out of nothing.
  // Not so little that its square is 0: a series of nothing but zeros would be fitted by 0 / 0.
  const floor = count * (1e-9 * Math.max(...y.map(Math.abs), 1e-140)) ** 2;
  const remaining = Math.max(dot(rest, rest), floor);
  const inflation = memory(rest, split);
  const error = Math.sqrt((remaining / Math.max(1, count - 3) / weight) * inflation);
  const level = intercept(x, y.map((value, position) => value - effect * (jump[position] ?? 0)));
  return {
    before: level,
    after: level + effect,
    effect,
    low: effect - Z * error,
    high: effect + Z * error,
    gain: (count / (2 * inflation)) * Math.log(Math.max(without, floor) / remaining) - price,
  };
}

/** How much wider the mean's interval is because neighbouring points resemble each other: (1 + r) / (1 - r) of an AR(1). */
function memory(rest: readonly number[], split: number): number {
  let lagged = 0;
  let all = 0;
  rest.forEach((value, position) => {
    all += value * value;
    lagged += position === 0 || position === split ? 0 : value * (rest[position - 1] ?? 0);
  });
  const r = Math.min(0.9, Math.max(0, all === 0 ? 0 : lagged / all));
  return (1 + r) / (1 - r);
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, position) => sum + value * (b[position] ?? 0), 0);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function line(x: readonly number[], y: readonly number[]): { readonly slope: number; readonly level: number } {
  const [middle, level] = [mean(x), mean(y)];
  const spread = x.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  const slope = spread === 0 ? 0 : x.reduce((sum, value, position) => sum + (value - middle) * ((y[position] ?? 0) - level), 0) / spread;
  return { slope, level: level - slope * middle };
}

function residuals(x: readonly number[], y: readonly number[]): number[] {
  const { slope, level } = line(x, y);
  return y.map((value, position) => value - level - slope * (x[position] ?? 0));
}

/** The fitted level where x is 0: at the jump. */
const intercept = (x: readonly number[], y: readonly number[]): number => line(x, y).level;
