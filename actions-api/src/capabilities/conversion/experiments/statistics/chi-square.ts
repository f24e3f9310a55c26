// Pearson's chi-square test. The tail for whole degrees of freedom follows from the recurrence of the incomplete gamma
// function, Q(a + 1, x) = Q(a, x) + x^a e^-x / Γ(a + 1) (Abramowitz and Stegun 6.5.21).
import { gammaln } from 'simple-statistics';
import { twoSidedP } from './normal.ts';

/** Probability of a chi-square of at least this size. */
export function chiSquareTail(chiSquare: number, degrees: number): number {
  const half = chiSquare / 2;
  if (half <= 0) {
    return 1;
  }
  let a = degrees % 2 === 0 ? 1 : 0.5;
  let tail = degrees % 2 === 0 ? Math.exp(-half) : twoSidedP(Math.sqrt(chiSquare));
  for (; a < degrees / 2; a += 1) {
    tail += Math.exp(a * Math.log(half) - half - gammaln(a + 1));
  }
  return Math.min(1, tail);
}

export const chiSquareOf = (counts: readonly number[], expected: readonly number[]): number =>
  counts.reduce((sum, count, index) => sum + (count - (expected[index] ?? 0)) ** 2 / (expected[index] ?? 0), 0);
