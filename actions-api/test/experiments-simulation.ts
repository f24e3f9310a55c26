// Experiments in which nothing differs (A/A), drawn from a seed, and how often looking at them again and again raises a
// false alarm. Oracle of the statistics of experiments, in their tests and, larger, in the bench.
import { effectOf } from '../src/capabilities/conversion/experiments/statistics/effect.ts';
import { estimateOf, NOTHING, type Sums } from '../src/capabilities/conversion/experiments/statistics/moments.ts';
import { ALERT_P, sampleRatio } from '../src/capabilities/conversion/experiments/statistics/sample-ratio.ts';
import { anytimeP } from '../src/capabilities/conversion/experiments/statistics/sample-ratio-anytime.ts';

/** Mulberry32: the same numbers on every machine. */
export function createDraw(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface SimulationSettings {
  readonly runs: number;
  readonly users: number;
  readonly looks: number;
  readonly seed: number;
  /** Share of users who convert in the control, and in the treatment. */
  readonly rates?: readonly [number, number];
  /** Share of users who get the treatment. */
  readonly share?: number;
}

/** Shares of the runs in which each said, at one look at least or at the last look, that something is there. */
export interface Alarms {
  readonly fixedPeeked: number;
  readonly fixedAtEnd: number;
  readonly sequentialPeeked: number;
  readonly ratioChiSquarePeeked: number;
  readonly ratioAnytimePeeked: number;
}

const ALPHA = 0.05;
const N_STAR = 5_000;
const FIRST_LOOK = 200;

export function simulate({ runs, users, looks, seed, rates: [control, treatment] = [0.1, 0.1], share = 0.5 }: SimulationSettings): Alarms {
  const draw = createDraw(seed);
  const found = { fixedPeeked: 0, fixedAtEnd: 0, sequentialPeeked: 0, ratioChiSquarePeeked: 0, ratioAnytimePeeked: 0 };
  const step = Math.floor(users / looks);
  for (let run = 0; run < runs; run += 1) {
    const count: [number, number] = [0, 0];
    const converted: [number, number] = [0, 0];
    const seen = { fixed: false, atEnd: false, sequential: false, chiSquare: false, anytime: false };
    let p = 1;
    for (let user = 1; user <= users; user += 1) {
      const arm = draw() < share ? 1 : 0;
      count[arm] += 1;
      converted[arm] += draw() < (arm === 1 ? treatment : control) ? 1 : 0;
      if (user % step !== 0 || user < FIRST_LOOK) {
        continue;
      }
      const [a, b] = [estimateOf(binary(count[0], converted[0])), estimateOf(binary(count[1], converted[1]))];
      seen.atEnd = (effectOf(a, b, { mode: 'fixed', alpha: ALPHA, nStar: N_STAR })?.p ?? 1) < ALPHA;
      seen.fixed ||= seen.atEnd;
      const interval = effectOf(a, b, { mode: 'sequential', alpha: ALPHA, nStar: N_STAR })?.difference;
      seen.sequential ||= interval !== undefined && (interval.lower > 0 || interval.upper < 0);
      const arms = count.map((each) => ({ count: each, weight: 1 }));
      seen.chiSquare ||= (sampleRatio(arms).p ?? 1) < ALERT_P;
      p = anytimeP(arms, p);
      seen.anytime ||= p < ALERT_P;
    }
    found.fixedPeeked += Number(seen.fixed);
    found.fixedAtEnd += Number(seen.atEnd);
    found.sequentialPeeked += Number(seen.sequential);
    found.ratioChiSquarePeeked += Number(seen.chiSquare);
    found.ratioAnytimePeeked += Number(seen.anytime);
  }
  return {
    fixedPeeked: found.fixedPeeked / runs, fixedAtEnd: found.fixedAtEnd / runs, sequentialPeeked: found.sequentialPeeked / runs,
    ratioChiSquarePeeked: found.ratioChiSquarePeeked / runs, ratioAnytimePeeked: found.ratioAnytimePeeked / runs,
  };
}

export const binary = (users: number, y: number): Sums => ({ ...NOTHING, users, y, yy: y });
