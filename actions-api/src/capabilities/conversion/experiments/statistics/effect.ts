// The difference between a variant and the control, absolute and relative, with its interval. The relative one by Fieller's
// theorem ("Some problems in interval estimation", 1954): all ratios r that the interval of mt - r mc leaves possible. It
// leaves out 0 exactly when the absolute one does; the delta method's would at times contradict it.
import { sequentialHalfWidth } from './confidence-sequence.ts';
import type { Estimate } from './moments.ts';
import { normalQuantile, twoSidedP } from './normal.ts';

export const MODES = ['sequential', 'fixed'] as const;

export interface EffectSettings {
  readonly mode: (typeof MODES)[number];
  /** Already divided by the number of comparisons. */
  readonly alpha: number;
  readonly nStar: number;
}

export interface Interval {
  readonly lower: number;
  readonly point: number;
  readonly upper: number;
}

export interface Effect {
  readonly difference: Interval;
  /** Over the control's mean; null where that cannot be told from 0, since the ratio then has no bounds. */
  readonly relative: Interval | null;
  /** Of the fixed test; null in the sequential mode, whose interval says it. */
  readonly p: number | null;
  readonly standardError: number;
}

/** @returns null while a variant has fewer than two users or nothing varies */
export function effectOf(control: Estimate, treatment: Estimate, settings: EffectSettings): Effect | null {
  if (control.users < 2 || treatment.users < 2) {
    return null;
  }
  const ofControl = control.variance / control.users;
  const ofTreatment = treatment.variance / treatment.users;
  const standardError = Math.sqrt(ofControl + ofTreatment);
  if (standardError === 0) {
    return null;
  }
  const n = control.users + treatment.users;
  const half = halfWidth(standardError, n, settings);
  const difference = treatment.mean - control.mean;
  return {
    difference: { lower: difference - half, point: difference, upper: difference + half },
    relative: relativeOf({ mean: control.mean, variance: ofControl }, { mean: treatment.mean, variance: ofTreatment }, half / standardError),
    p: settings.mode === 'fixed' ? twoSidedP(difference / standardError) : null,
    standardError,
  };
}

interface Mean {
  readonly mean: number;
  /** Of the mean. */
  readonly variance: number;
}

/** The solutions r of (mt - r mc)² = z² (vt + r² vc), less 1. */
function relativeOf(control: Mean, treatment: Mean, z: number): Interval | null {
  const a = control.mean ** 2 - z ** 2 * control.variance;
  if (control.mean <= 0 || a <= 0) {
    return null;
  }
  const b = control.mean * treatment.mean;
  const root = Math.sqrt(Math.max(0, b ** 2 - a * (treatment.mean ** 2 - z ** 2 * treatment.variance)));
  return { lower: (b - root) / a - 1, point: treatment.mean / control.mean - 1, upper: (b + root) / a - 1 };
}

export const halfWidth = (standardError: number, n: number, { mode, alpha, nStar }: EffectSettings): number =>
  mode === 'sequential' ? sequentialHalfWidth({ standardError, n, alpha, nStar }) : normalQuantile(1 - alpha / 2) * standardError;
