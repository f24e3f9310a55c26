// The standard normal distribution, as the tests here need it. simple-statistics' error function is within 1.2e-7; its
// table of the normal distribution is rounded to four digits, too coarse for p-values around 0.001.
import { errorFunction, probit } from 'simple-statistics';

/** Both tails beyond ±z. */
export const twoSidedP = (z: number): number => Math.max(0, 1 - errorFunction(Math.abs(z) / Math.SQRT2));

/** z with a probability of `p` below it. simple-statistics' probit, made exact by two steps of Newton's method. */
export function normalQuantile(p: number): number {
  let z = probit(p);
  for (let step = 0; step < 2; step += 1) {
    const below = (1 + errorFunction(z / Math.SQRT2)) / 2;
    z -= ((below - p) * Math.sqrt(2 * Math.PI)) / Math.exp((-z * z) / 2);
  }
  return z;
}
