// Steps and rate intervals of a query, computed as Grafana's Prometheus data source does (pkg/promlib/models/query.go).
// All durations are milliseconds.

/** More points per series Prometheus refuses (its own limit). */
const SAFE_RESOLUTION = 11_000;
const DEFAULT_RESOLUTION = 1_500;
const DEFAULT_MIN_STEP = '15s';

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};

/** Upper bound of a computed interval (exclusive) → the interval shown for it. */
const ROUNDING: ReadonlyArray<readonly [number, number]> = [
  [10, 1],
  [15, 10],
  [35, 20],
  [75, 50],
  [150, 100],
  [350, 200],
  [750, 500],
  [1_500, 1_000],
  [3_500, 2_000],
  [7_500, 5_000],
  [12_500, 10_000],
  [17_500, 15_000],
  [25_000, 20_000],
  [45_000, 30_000],
  [90_000, 60_000],
  [210_000, 120_000],
  [450_000, 300_000],
  [750_000, 600_000],
  [1_050_000, 900_000],
  [1_500_000, 1_200_000],
  [2_700_000, 1_800_000],
  [5_400_000, 3_600_000],
  [9_000_000, 7_200_000],
  [16_200_000, 10_800_000],
  [32_400_000, 21_600_000],
  [86_400_000, 43_200_000],
  [604_800_000, 86_400_000],
  [1_814_400_000, 604_800_000],
  [3_628_800_000, 2_592_000_000],
];
const LONGEST = 31_536_000_000;

const roundInterval = (ms: number): number => ROUNDING.find(([bound]) => ms < bound)?.[1] ?? LONGEST;

/** @throws RangeError for anything but a number with a unit; a bare number is seconds, `>15s` (an old form) is 15s */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|[smhdwMy])?$/.exec(text.replace(/[<>=\s]/g, ''));
  const unit = UNITS[match?.[2] ?? 's'];
  if (match === null || unit === undefined) {
    throw new RangeError(`"${text}" is not a duration such as 15s or 5m`);
  }
  return Number(match[1]) * unit;
}

/** The largest whole unit, e.g. 90 000 → `1m`; Grafana's $__interval rounds down the same way. */
export function formatInterval(ms: number): string {
  const unit = (['y', 'w', 'd', 'h', 'm', 's'] as const).find((name) => ms >= (UNITS[name] ?? 1));
  return unit === undefined ? `${Math.max(1, Math.floor(ms))}ms` : `${Math.floor(ms / (UNITS[unit] ?? 1))}${unit}`;
}

/** A duration Prometheus reads exactly, e.g. 90 000 → `1m30s`. */
export function formatExact(ms: number): string {
  let rest = Math.round(ms);
  const parts = (['h', 'm', 's', 'ms'] as const).map((unit) => {
    const count = Math.floor(rest / (UNITS[unit] ?? 1));
    rest -= count * (UNITS[unit] ?? 1);
    return count > 0 ? `${count}${unit}` : '';
  });
  return parts.join('') || '0s';
}

export const RATE_INTERVAL = /^\$(?:__rate_interval|\{__rate_interval\})$/;
const OWN_INTERVAL = /^\$(?:__interval|\{__interval\})$/;
const ANY_INTERVAL_VARIABLE = /^\$\{?__(?:rate_)?interval(?:_ms)?\}?$/;

export interface IntervalRequest {
  readonly fromMs: number;
  readonly toMs: number;
  readonly maxDataPoints: number | undefined;
  /** What the panel asks for: range / points, not below the data source's minimum. */
  readonly intervalMs: number | undefined;
  /** "Min step" of the query: a duration, an interval variable or nothing. */
  readonly minStep: string | undefined;
  readonly intervalFactor: number | undefined;
  /** The data source's scrape interval. */
  readonly scrapeInterval: string;
}

export function rateInterval(queryIntervalMs: number, minStep: string): number {
  const scrape = parseDuration(minStep === '' ? DEFAULT_MIN_STEP : minStep);
  return Math.max(queryIntervalMs + scrape, 4 * scrape);
}

/** The step of a query: range over points, rounded, at least the minimum step, and never more points than Prometheus serves. */
export function calculateStep(request: IntervalRequest): number {
  const { fromMs, toMs, minStep = '' } = request;
  const range = toMs - fromMs;
  const asked = ANY_INTERVAL_VARIABLE.test(minStep) || minStep === '0s' ? '' : minStep;
  const minimum =
    asked === '' && request.intervalMs
      ? request.intervalMs
      : parseDuration(asked || request.scrapeInterval || DEFAULT_MIN_STEP);
  const exact = range / (request.maxDataPoints || DEFAULT_RESOLUTION);
  const wanted = exact < minimum ? minimum : roundInterval(exact);
  const step = Math.max(wanted, roundInterval(range / SAFE_RESOLUTION));
  if (RATE_INTERVAL.test(minStep)) {
    return rateInterval(step, request.scrapeInterval);
  }
  return step * (request.intervalFactor || 1);
}

/** The value of $__rate_interval for a query whose step is known. */
export function calculateRateInterval(request: IntervalRequest, stepMs: number): number {
  const { minStep = '' } = request;
  if (RATE_INTERVAL.test(minStep)) {
    return stepMs;
  }
  const base = OWN_INTERVAL.test(minStep) ? formatStep(stepMs) : minStep || request.scrapeInterval;
  return rateInterval(request.intervalMs || 1, base);
}

const formatStep = (ms: number): string => `${ms}ms`;
