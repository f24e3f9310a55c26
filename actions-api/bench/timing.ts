// How benchmarks of SQL take time.

const REPEATS = 5;

/** @returns milliseconds */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Of some runs: what else the machine does is not ours to measure. */
export async function quickest(work: () => Promise<number>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    best = Math.min(best, await work());
  }
  return best;
}
