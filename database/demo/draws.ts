// Distributions over a `Random`: choices, counts and durations.
import type { Random } from './random.ts';

export const between = (random: Random, low: number, high: number): number => low + (high - low) * random();
export const integer = (random: Random, low: number, high: number): number => low + Math.floor((high - low + 1) * random());
export const chance = (random: Random, probability: number): boolean => random() < probability;
export const exponential = (random: Random, mean: number): number => -mean * Math.log(1 - random());

export function pick<T>(random: Random, list: readonly T[]): T {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) {
    throw new RangeError('pick() needs a list with at least one item');
  }
  return item;
}

/** Draws values in proportion to their weights. */
export function chooser<T>(weighted: readonly (readonly [T, number])[]): (random: Random) => T {
  const values = weighted.map(([value]) => value);
  const bounds: number[] = [];
  let total = 0;
  for (const [, weight] of weighted) {
    total += weight;
    bounds.push(total);
  }
  return (random) => {
    const at = random() * total;
    const index = bounds.findIndex((bound) => at < bound);
    return values[index === -1 ? values.length - 1 : index]!;
  };
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** @param spread standard deviation of the logarithm */
export const lognormal = (random: Random, median: number, spread: number): number => median * Math.exp(spread * normal(random));

/** The count with the given mean that belongs to a number in [0, 1): the inverse of the Poisson distribution. */
export function countAt(share: number, mean: number): number {
  let probability = Math.exp(-mean);
  let below = probability;
  let count = 0;
  while (share >= below && probability > 0) {
    count += 1;
    probability *= mean / count;
    below += probability;
  }
  return count;
}

/** A count with the given mean. Exact for small means; the normal approximation above 50. */
export const poisson = (random: Random, mean: number): number => (mean > 50 ? Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random))) : countAt(random(), mean));
