// Seeded series with noise, trends, memory, outliers and gaps, each with one step and decoys around it: the true cause
// comes first. And the other side: series without a step show none.
import { largestStep, rankChanges, type Instant } from './rank-changes.ts';
import type { Point } from './step-fit.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-22T00:00:00.000Z');
const SAMPLES = 240;

/** mulberry32: the same numbers for the same seed, on every machine. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
const normal = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

interface Case {
  readonly points: Point[];
  readonly changes: Array<Instant & { readonly cause: boolean }>;
  readonly size: number;
}

/** @param height of the step in standard deviations of the noise; 0 for none */
function series(seed: number, height: number): Case {
  const random = randomOf(seed);
  const noise = 0.5 + random() * 20;
  const trend = (random() - 0.5) * 4 * noise;
  const remembers = random() * 0.5;
  const at = 50 + Math.floor(random() * 140);
  const late = Math.floor(random() * 3);
  const size = height * noise * (random() < 0.5 ? 1 : -1);
  let drift = 0;
  const points: Point[] = [];
  for (let index = 0; index < SAMPLES; index++) {
    drift = remembers * drift + normal(random) * Math.sqrt(1 - remembers ** 2);
    const outlier = random() < 0.01 ? 15 * noise * (random() < 0.5 ? 1 : -1) : 0;
    const value = 1000 + (trend * index) / SAMPLES + drift * noise + outlier + (index >= at ? size : 0);
    // One scrape in fifty fails.
    if (random() >= 0.02) {
      points.push({ time: START + index * MINUTE, value });
    }
  }
  const instant = (index: number, cause: boolean) => ({ at: new Date(START + index * MINUTE - Math.floor(random() * MINUTE)).toISOString(), cause });
  const decoys = Array.from({ length: 10 }, (_, index) => {
    // Half anywhere, half in the neighbourhood, none within ten minutes: no statistics could tell those apart.
    const near = at + (10 + Math.floor(random() * 15)) * (random() < 0.5 ? -1 : 1);
    const far = Math.floor(random() * SAMPLES);
    return index < 5 ? near : Math.abs(far - at) < 10 ? far + 20 : far;
  });
  return { points, size, changes: [...decoys.map((index) => instant(index, false)), instant(at - late, true)].sort((a, b) => a.at.localeCompare(b.at)) };
}

test('of 20 steps with ten decoys each the true cause is ranked first in at least 18', () => {
  const hits = Array.from({ length: 20 }, (_, seed) => series(seed + 1, 3)).filter(({ points, changes }) => rankChanges(points, changes).ranked[0]?.change.cause);
  expect(hits.length).toBeGreaterThanOrEqual(18);
});

test('not by the luck of twenty seeds: it holds for sixty others, and most are called likely', () => {
  const rankings = Array.from({ length: 60 }, (_, seed) => series(seed + 1000, 3)).map(({ points, changes }) => rankChanges(points, changes));
  const first = rankings.map(({ ranked }) => ranked[0]).filter((best) => best?.change.cause);
  expect(first.length).toBeGreaterThanOrEqual(57);
  expect(first.filter((best) => best?.verdict === 'likely').length).toBeGreaterThanOrEqual(45);
});

test('the interval of the effect covers the true step about as often as it says', () => {
  const covered = Array.from({ length: 60 }, (_, seed) => series(seed + 5000, 4)).filter(({ points, changes, size }) => {
    const { step } = rankChanges(points, changes);
    return step !== null && step.low <= size && size <= step.high;
  });
  expect(covered.length).toBeGreaterThanOrEqual(51);
});

test('noise, memory, trends and outliers alone make a step in at most one series of twenty', () => {
  const falseAlarms = Array.from({ length: 100 }, (_, seed) => series(seed + 9000, 0)).filter(({ points, changes }) => rankChanges(points, changes).step !== null);
  expect(falseAlarms.length).toBeLessThanOrEqual(5);
});

describe('plain cases', () => {
  const flat = (values: readonly number[]): Point[] => values.map((value, index) => ({ time: START + index * MINUTE, value }));
  const at = (index: number): Instant => ({ at: new Date(START + index * MINUTE).toISOString() });

  test('the levels before and after, and how far the change is from the step', () => {
    const { step, ranked } = rankChanges(flat([...Array(20).fill(10), ...Array(20).fill(14)]), [at(19), at(30)]);
    expect(step).toMatchObject({ time: START + 20 * MINUTE });
    expect(step?.before).toBeCloseTo(10);
    expect(step?.after).toBeCloseTo(14);
    expect(ranked[0]).toMatchObject({ change: at(19), lag: MINUTE, distance: MINUTE, verdict: 'likely' });
    expect(ranked[1]).toMatchObject({ change: at(30), distance: -10 * MINUTE });
  });

  test('an outage that ends within the range is two steps, and the change that began it comes first', () => {
    const random = randomOf(7);
    const outage = flat(Array.from({ length: 200 }, (_, index) => 100 + normal(random) * 2 - (index >= 90 && index < 105 ? 40 : 0)));
    const { step, ranked } = rankChanges(outage, [at(30), at(89), at(140)]);
    expect([90, 105].map((index) => START + index * MINUTE)).toContain(step?.time);
    expect(ranked[0]?.change).toEqual(at(89));
  });

  test('a steady climb is no step', () => {
    expect(largestStep(flat(Array.from({ length: 60 }, (_, index) => index * 3)))).toBeNull();
  });

  test('a constant, a single spike, too few points and no points are no step, and every change stays listed', () => {
    const spike = flat(Array.from({ length: 60 }, (_, index) => (index === 30 ? 900 : 10 + (index % 3))));
    for (const points of [flat(Array(60).fill(7)), spike, flat([1, 9, 1]), []]) {
      const { step, ranked } = rankChanges(points, [at(30), at(2)]);
      expect(step).toBeNull();
      expect(ranked).toHaveLength(2);
      expect(ranked.every(({ verdict }) => verdict !== 'likely')).toBe(true);
    }
  });

  test('what is no number is left out', () => {
    const values = [...Array(20).fill(10), NaN, Infinity, ...Array(20).fill(20)];
    expect(rankChanges(flat(values), [at(20)]).step?.effect).toBeCloseTo(10);
  });
});
