// Which change explains the step in a series (M1). A change is judged by the step that the series makes at its instant or
// shortly after: how much better the points fit with it, less a price for each sample it comes late.
import { fitStep, type Point, type StepFit } from './step-fit.ts';

/** The part of a change that the ranking looks at. */
export interface Instant {
  readonly at: string;
}

export interface Step extends StepFit {
  /** Milliseconds; the first sample after the step. */
  readonly time: number;
}

export interface Ranked<C extends Instant> {
  readonly change: C;
  /** The step the series makes after it; null where there are too few samples around it. */
  readonly step: Step | null;
  /** From the change to that step, in milliseconds. */
  readonly lag: number;
  /** From the change to the largest step of the series; negative when the change came later. Null without a step. */
  readonly distance: number | null;
  readonly score: number;
  /** `likely`: the series certainly moved right after it, and it lies at the step. `possible`: one of both. */
  readonly verdict: 'likely' | 'possible' | 'unlikely';
}

export interface Ranking<C extends Instant> {
  /** The largest step of the series; null when it makes none that stands out of its noise. */
  readonly step: Step | null;
  readonly ranked: ReadonlyArray<Ranked<C>>;
}

/** How many samples a change may take to show, as rates over a window do. */
const LATE_SAMPLES = 6;
/** What each of them costs, in units of log-likelihood. */
const PRICE_PER_SAMPLE = 0.5;
/** A step stands out where the best of all splits gains this much; noise and trends alone stay below (see the test). */
const STANDS_OUT = 11;
/** Values further from the fit than so many typical distances are pulled in: one bad scrape is not a step. */
const OUTLIER = 4;

export function rankChanges<C extends Instant>(series: readonly Point[], changes: readonly C[]): Ranking<C> {
  const points = calm(series.filter(({ value }) => Number.isFinite(value)));
  const step = largestStep(points);
  const interval = typicalInterval(points);
  const ranked = changes.map((change): Ranked<C> => judge(change, points, step, interval));
  return { step, ranked: [...ranked].sort((a, b) => b.score - a.score || Date.parse(b.change.at) - Date.parse(a.change.at)) };
}

function judge<C extends Instant>(change: C, points: readonly Point[], largest: Step | null, interval: number): Ranked<C> {
  const at = Date.parse(change.at);
  const first = points.findIndex(({ time }) => time >= at);
  let best: { step: Step; score: number } | null = null;
  for (let late = 0; first >= 0 && late <= LATE_SAMPLES; late++) {
    const step = stepAt(points, first + late);
    const score = (step?.gain ?? 0) - PRICE_PER_SAMPLE * late;
    if (step !== null && (best === null || score > best.score)) {
      best = { step, score };
    }
  }
  const distance = largest === null ? null : largest.time - at;
  const near = distance !== null && distance >= 0 && distance <= (LATE_SAMPLES + 1) * interval;
  const moved = best !== null && (best.step.low > 0 || best.step.high < 0);
  return {
    change,
    step: best?.step ?? null,
    lag: best === null ? 0 : best.step.time - at,
    distance,
    score: best?.score ?? Number.NEGATIVE_INFINITY,
    verdict: near && moved ? 'likely' : near || moved ? 'possible' : 'unlikely',
  };
}

const stepAt = (points: readonly Point[], index: number): Step | null => {
  const [fit, point] = [fitStep(points, index), points[index]];
  return fit === null || point === undefined ? null : { ...fit, time: point.time };
};

export function largestStep(points: readonly Point[]): Step | null {
  const step = bestSplit(points);
  return step !== null && step.gain >= STANDS_OUT ? step : null;
}

/** The split that explains the series best, whether it stands out or not. */
export function bestSplit(points: readonly Point[]): Step | null {
  let best: Step | null = null;
  for (let index = 0; index < points.length; index++) {
    const step = stepAt(points, index);
    if (step !== null && (best === null || step.gain > best.gain)) {
      best = step;
    }
  }
  return best;
}

/** Pulls in values that lie far from both neighbours' level, measured by the median, which outliers do not move. */
function calm(points: readonly Point[]): Point[] {
  const reach = 3;
  const local = points.map((_, index) => median(points.slice(Math.max(0, index - reach), index + reach + 1).map(({ value }) => value)));
  const typical = median(points.map(({ value }, index) => Math.abs(value - (local[index] ?? value)))) * 1.4826;
  return points.map((point, index) => {
    const level = local[index] ?? point.value;
    const most = OUTLIER * typical;
    return typical === 0 || Math.abs(point.value - level) <= most ? point : { time: point.time, value: level + Math.sign(point.value - level) * most };
  });
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

const typicalInterval = (points: readonly Point[]): number => median(points.slice(1).map(({ time }, index) => time - (points[index]?.time ?? time))) || 0;
