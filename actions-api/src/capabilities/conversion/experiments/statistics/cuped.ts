// CUPED: takes out of the outcome what was to be expected from before the exposure (Deng, Xu, Kohavi and Walker, "Improving
// the sensitivity of online controlled experiments by utilizing pre-experiment data", 2013). The mean stays unbiased, as
// what was before cannot depend on the variant.
import { add, covariance, type Estimate, estimateOf, NOTHING, type Sums, varianceBefore, varianceOfOutcome } from './moments.ts';

export interface Cuped {
  readonly theta: number;
  /** Share of the variance that it takes away, over all variants; 0 where nothing is known from before. */
  readonly reduction: number;
  readonly adjusted: readonly Estimate[];
}

/** @returns null where no variant has anything from before that varies: then there is nothing to adjust by */
export function cuped(variants: readonly Sums[]): Cuped | null {
  const inner = variants.filter(({ users }) => users > 1);
  const weighted = (of: (sums: Sums) => number): number => inner.reduce((sum, sums) => sum + (sums.users - 1) * of(sums), 0);
  const before = weighted(varianceBefore);
  if (before <= 0) {
    return null;
  }
  // Within variants: a difference between them must not pull at theta.
  const theta = weighted(covariance) / before;
  const all = variants.reduce(add, NOTHING);
  const meanBefore = all.users === 0 ? 0 : all.p / all.users;
  const adjusted = variants.map((sums): Estimate => {
    const { users, mean } = estimateOf(sums);
    const variance = varianceOfOutcome(sums) + theta ** 2 * varianceBefore(sums) - 2 * theta * covariance(sums);
    return { users, mean: users === 0 ? 0 : mean - theta * (sums.p / users - meanBefore), variance: Math.max(0, variance) };
  });
  const raw = weighted(varianceOfOutcome);
  const left = adjusted.reduce((sum, { users, variance }) => sum + Math.max(0, users - 1) * variance, 0);
  return { theta, reduction: raw <= 0 ? 0 : Math.max(0, 1 - left / raw), adjusted };
}
