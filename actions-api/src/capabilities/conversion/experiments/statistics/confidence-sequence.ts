// D13: an interval that holds at every look at once, so that an experiment may be watched and ended whenever it is clear.
// Asymptotic confidence sequence, Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and
// asymptotic confidence sequences" (2021), theorem 2.2; `N*` is where it is narrowest.

/** Documented default where a plan names no size (GrowthBook's). */
export const DEFAULT_N_STAR = 5_000;

export const rhoSquared = (alpha: number, nStar: number): number => (-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / nStar;

/**
 * Half the width of the interval.
 * @param standardError of the estimate, from `n` users of both variants together
 */
export function sequentialHalfWidth({ standardError, n, alpha, nStar }: { readonly standardError: number; readonly n: number; readonly alpha: number; readonly nStar: number }): number {
  const rho2 = rhoSquared(alpha, nStar);
  const deviation = standardError * Math.sqrt(n);
  return deviation * Math.sqrt(((2 * (n * rho2 + 1)) / (n * n * rho2)) * Math.log(Math.sqrt(n * rho2 + 1) / alpha));
}
