// D12, as a page shows it: whether the variants got users in the planned ratio. Bands as at Statsig: a p-value from 0.001
// to 0.01 is a warning, one below is an alert where a variant is off by at least 0.1% of all users. Looking at it again
// and again raises false alarms, so the alert rule uses the anytime-valid test (sample-ratio-anytime.ts).
import { chiSquareOf, chiSquareTail } from './chi-square.ts';

export const FLOOR = 100;
export const WARNING_P = 0.01;
export const ALERT_P = 0.001;
const LEAST_DEVIATION = 0.001;

export interface Arm {
  readonly count: number;
  /** Relative; above 0. */
  readonly weight: number;
}

export interface SampleRatio {
  readonly state: 'too_few' | 'ok' | 'warning' | 'alert';
  /** Null below the floor. */
  readonly p: number | null;
  /** Largest distance of a variant's share from its planned share. */
  readonly deviation: number;
}

export function sampleRatio(arms: readonly Arm[]): SampleRatio {
  const total = arms.reduce((sum, { count }) => sum + count, 0);
  const shares = sharesOf(arms);
  const deviation = total === 0 ? 0 : Math.max(...arms.map(({ count }, index) => Math.abs(count / total - (shares[index] ?? 0))));
  if (total < FLOOR || arms.length < 2) {
    return { state: 'too_few', p: null, deviation };
  }
  const p = chiSquareTail(chiSquareOf(arms.map(({ count }) => count), shares.map((share) => share * total)), arms.length - 1);
  const state = p >= WARNING_P ? 'ok' : p < ALERT_P && deviation >= LEAST_DEVIATION ? 'alert' : 'warning';
  return { state, p, deviation };
}

export function sharesOf(arms: readonly Arm[]): number[] {
  const weights = arms.reduce((sum, { weight }) => sum + weight, 0);
  return arms.map(({ weight }) => weight / weights);
}
