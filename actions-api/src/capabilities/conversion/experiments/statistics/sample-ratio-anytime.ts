// D12, as the alert rule needs it: a test of the ratio that stays valid however often it is looked at. The Bayes factor of
// a Dirichlet-multinomial against the planned shares is a martingale while the plan holds, so by Ville's inequality it
// exceeds 1 / p at any time with a probability of at most p (Lindon and Malek, "Anytime-valid inference for multinomial
// count data", 2022).
import { gammaln } from 'simple-statistics';
import { type Arm, sharesOf } from './sample-ratio.ts';

/** How closely the prior is drawn around the planned shares, in users. Larger finds small deviations sooner, and large ones later. */
export const CONCENTRATION = 100;

export function logBayesFactor(arms: readonly Arm[], concentration = CONCENTRATION): number {
  const shares = sharesOf(arms);
  const total = arms.reduce((sum, { count }) => sum + count, 0);
  return arms.reduce((sum, { count }, index) => {
    const share = shares[index] ?? 0;
    const prior = concentration * share;
    return sum + gammaln(prior + count) - gammaln(prior) - count * Math.log(share);
  }, gammaln(concentration) - gammaln(concentration + total));
}

/** What one look leaves of the running p-value: it never rises. */
export const anytimeP = (arms: readonly Arm[], before = 1): number => Math.min(before, Math.exp(-logBayesFactor(arms)));

/** Over looks in the order of time, counts cumulative. */
export const runningP = (looks: readonly (readonly Arm[])[]): number => looks.reduce((p, arms) => anytimeP(arms, p), 1);
