// Statistics of experiments against published values, hand-computed ones and simulations from a seed.
import { expect, test } from '@jest/globals';
import { binary, createDraw, simulate } from '../../../../../test/experiments-simulation.ts';
import { chiSquareTail } from './chi-square.ts';
import { rhoSquared, sequentialHalfWidth } from './confidence-sequence.ts';
import { cuped } from './cuped.ts';
import { daysToDecision } from './decision-time.ts';
import { effectOf } from './effect.ts';
import { add, estimateOf, NOTHING, type Sums } from './moments.ts';
import { normalQuantile, twoSidedP } from './normal.ts';
import { sampleRatio } from './sample-ratio.ts';
import { anytimeP, logBayesFactor, runningP } from './sample-ratio-anytime.ts';

const FIXED = { mode: 'fixed', alpha: 0.05, nStar: 5_000 } as const;
const SEQUENTIAL = { mode: 'sequential', alpha: 0.05, nStar: 5_000 } as const;
const even = (...counts: readonly number[]) => counts.map((count) => ({ count, weight: 1 }));

test('normal distribution and chi-square agree with the printed tables', () => {
  expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 5);
  expect(normalQuantile(0.9875)).toBeCloseTo(2.241403, 5);
  expect(twoSidedP(2.575829)).toBeCloseTo(0.01, 5);
  for (const [degrees, at5, at01] of [[1, 3.841, 10.828], [2, 5.991, 13.816], [3, 7.815, 16.266], [4, 9.488, 18.467], [9, 16.919, 27.877]] as const) {
    expect(chiSquareTail(at5, degrees)).toBeCloseTo(0.05, 4);
    expect(chiSquareTail(at01, degrees)).toBeCloseTo(0.001, 5);
  }
  expect(chiSquareTail(0, 1)).toBe(1);
});

test('the ratio of variants falls into Statsig\'s bands, from 100 users on', () => {
  expect(sampleRatio(even(30, 60))).toMatchObject({ state: 'too_few', p: null });
  expect(sampleRatio(even(5_000, 5_050))).toMatchObject({ state: 'ok' });
  // chi-square = 8: p = 0.0047
  expect(sampleRatio(even(9_800, 10_200))).toMatchObject({ state: 'warning', p: expect.closeTo(0.00468, 4) });
  expect(sampleRatio(even(9_500, 10_500))).toMatchObject({ state: 'alert', deviation: expect.closeTo(0.025, 6) });
  // p < 0.001, but off by less than 0.1% of the users.
  expect(sampleRatio(even(4_997_000 - 2_900, 5_003_000 + 2_900)).deviation).toBeLessThan(0.001);
  expect(sampleRatio(even(4_997_000 - 2_900, 5_003_000 + 2_900))).toMatchObject({ state: 'warning' });
  expect(sampleRatio([{ count: 1_000, weight: 1 }, { count: 3_000, weight: 3 }])).toMatchObject({ state: 'ok', p: 1, deviation: 0 });
});

test('the anytime-valid test is a Bayes factor and its p-value never rises', () => {
  // With a prior of one user a variant: B(1 + 1, 0 + 1) / B(1, 1) against 1/2, that is 1/2 over 1/2.
  expect(logBayesFactor(even(1, 0), 2)).toBeCloseTo(0, 10);
  // B(3, 1) / B(1, 1) = 1/3, over 1/4.
  expect(logBayesFactor(even(2, 0), 2)).toBeCloseTo(Math.log(4 / 3), 10);
  const broken = runningP([even(500, 700)]);
  expect(broken).toBeLessThan(0.001);
  expect(anytimeP(even(5_000, 5_000), broken)).toBe(broken);
  expect(runningP([even(500, 700), even(5_000, 5_000)])).toBe(broken);
  expect(runningP([])).toBe(1);
});

test('the half-width of the confidence sequence is D13\'s', () => {
  expect(rhoSquared(0.05, 5_000)).toBeCloseTo((5.991464547 + Math.log(6.991464547)) / 5_000, 9);
  const [n, rho2] = [10_000, rhoSquared(0.05, 5_000)];
  const expected = 0.3 * Math.sqrt(((2 * (n * rho2 + 1)) / (n ** 2 * rho2)) * Math.log(Math.sqrt(n * rho2 + 1) / 0.05));
  expect(sequentialHalfWidth({ standardError: 0.3 / Math.sqrt(n), n, alpha: 0.05, nStar: 5_000 })).toBeCloseTo(expected, 12);
  // Its price: wider than the fixed interval at every size.
  for (const size of [100, 5_000, 1_000_000]) {
    expect(sequentialHalfWidth({ standardError: 1, n: size, alpha: 0.05, nStar: 5_000 })).toBeGreaterThan(1.96);
  }
});

test('effect, fixed: the two-proportion z-test by hand', () => {
  const effect = effectOf(estimateOf(binary(1_000, 100)), estimateOf(binary(1_000, 130)), FIXED);
  const error = Math.sqrt((0.1 * 0.9 + 0.13 * 0.87) / 999);
  expect(effect?.difference.point).toBeCloseTo(0.03, 10);
  expect(effect?.standardError).toBeCloseTo(error, 8);
  expect(effect?.difference.lower).toBeCloseTo(0.03 - 1.959964 * error, 6);
  expect(effect?.p).toBeCloseTo(twoSidedP(0.03 / error), 8);
  expect(effect?.relative?.point).toBeCloseTo(0.3, 10);
  // The spread of simulated ratios, within a few per cent.
  const draw = createDraw(9);
  const mean = (rate: number) => Array.from({ length: 1_000 }, () => Number(draw() < rate)).reduce((sum, each) => sum + each, 0) / 1_000;
  const ratios = Array.from({ length: 600 }, () => mean(0.13) / mean(0.1) - 1);
  const average = ratios.reduce((sum, each) => sum + each, 0) / 600;
  const spread = Math.sqrt(ratios.reduce((sum, each) => sum + (each - average) ** 2, 0) / 599);
  const half = ((effect?.relative?.upper ?? 0) - (effect?.relative?.lower ?? 0)) / 2 / 1.959964;
  expect(half / spread).toBeGreaterThan(0.88);
  expect(half / spread).toBeLessThan(1.12);
});

test('the relative interval leaves out 0 exactly when the absolute one does', () => {
  const draw = createDraw(17);
  const pick = (most: number) => Math.floor(draw() * most);
  let clear = 0;
  for (let round = 0; round < 3_000; round += 1) {
    const [a, b] = [100 + pick(3_000), 100 + pick(3_000)];
    const effect = effectOf(estimateOf(binary(a, 1 + pick(a / 2))), estimateOf(binary(b, 1 + pick(b / 2))), round % 2 === 0 ? FIXED : SEQUENTIAL);
    const says = (interval: { lower: number; upper: number } | null | undefined) => (interval === null || interval === undefined ? null : interval.lower > 0 ? 'higher' : interval.upper < 0 ? 'lower' : 'neither');
    if (effect?.relative) {
      expect(says(effect.relative)).toBe(says(effect.difference));
      expect(effect.relative.lower).toBeLessThanOrEqual(effect.relative.point);
      expect(effect.relative.upper).toBeGreaterThanOrEqual(effect.relative.point);
      clear += Number(says(effect.relative) !== 'neither');
    }
  }
  expect(clear).toBeGreaterThan(500);
});

test('effect: the sequential mode tells no p-value, and what cannot be said is not said', () => {
  expect(effectOf(estimateOf(binary(1_000, 100)), estimateOf(binary(1_000, 130)), SEQUENTIAL)).toMatchObject({ p: null });
  expect(effectOf(estimateOf(binary(1, 1)), estimateOf(binary(1_000, 130)), FIXED)).toBeNull();
  expect(effectOf(estimateOf(binary(1_000, 0)), estimateOf(binary(1_000, 0)), FIXED)).toBeNull();
  expect(effectOf(estimateOf(binary(1_000, 2)), estimateOf(binary(1_000, 10)), FIXED)?.relative).toBeNull();
});

test('CUPED shrinks the interval by what was known before, and keeps the effect', () => {
  const draw = createDraw(4);
  const variant = (lift: number): Sums =>
    Array.from({ length: 4_000 }, () => {
      const p = Math.floor(draw() * 20);
      return { p, y: p + Math.floor(draw() * 6) + lift };
    }).reduce<Sums>((sums, { p, y }) => add(sums, { users: 1, y, yy: y * y, p, pp: p * p, py: p * y }), NOTHING);
  const arms = [variant(0), variant(0.5)] as const;
  const found = cuped(arms);
  // Outcome = before + noise: correlation² = var(p) / (var(p) + var(noise)) = 33.25 / 36.17.
  expect(found?.reduction).toBeCloseTo(0.919, 2);
  expect(found?.theta).toBeCloseTo(1, 1);
  const [control, treatment] = found?.adjusted ?? [];
  const raw = effectOf(estimateOf(arms[0]), estimateOf(arms[1]), FIXED);
  const adjusted = effectOf(control as never, treatment as never, FIXED);
  expect(Math.abs((adjusted?.difference.point ?? 0) - 0.5)).toBeLessThan(0.1);
  expect((adjusted?.standardError ?? 1) / (raw?.standardError ?? 1)).toBeLessThan(0.35);
  expect(cuped([binary(100, 10), binary(100, 12)])).toBeNull();
});

test('days to a decision: the planned size, or sooner where the interval leaves 0', () => {
  const pace = { users: 4_000, smallest: 2_000, plannedN: 5_000, perDay: 400, smallestPerDay: 200 };
  const at = (settings: typeof FIXED | typeof SEQUENTIAL, y: number) => daysToDecision(effectOf(estimateOf(binary(2_000, 200)), estimateOf(binary(2_000, y)), settings), pace, settings);
  expect(at(FIXED, 260)).toBe(15);
  expect(at(SEQUENTIAL, 202)).toBe(15);
  expect(at(SEQUENTIAL, 300)).toBe(0);
  const between = at(SEQUENTIAL, 245);
  expect(between).toBeGreaterThan(0);
  expect(between).toBeLessThan(15);
  expect(daysToDecision(null, { ...pace, perDay: 0, smallestPerDay: 0 }, SEQUENTIAL)).toBeNull();
  expect(daysToDecision(null, { ...pace, smallest: 5_000 }, FIXED)).toBe(0);
});

test('looking again and again: the sequential interval keeps its 5%, the fixed test does not', () => {
  const found = simulate({ runs: 400, users: 10_000, looks: 100, seed: 12_345 });
  expect(found.sequentialPeeked).toBeLessThanOrEqual(0.05);
  expect(found.fixedPeeked).toBeGreaterThan(0.2);
  expect(found.fixedAtEnd).toBeLessThan(0.09);
});

test('2,000 ratios that are as planned raise next to no alert, one that is not does', () => {
  const draw = createDraw(31);
  const alarms = Array.from({ length: 2_000 }, () => {
    const counts: [number, number] = [0, 0];
    let p = 1;
    for (let look = 0; look < 40; look += 1) {
      for (let user = 0; user < 100; user += 1) {
        counts[draw() < 0.5 ? 0 : 1] += 1;
      }
      p = anytimeP(even(...counts), p);
    }
    return Number(p < 0.001);
  }).reduce((sum, each) => sum + each, 0);
  expect(alarms).toBeLessThanOrEqual(4);
  expect(simulate({ runs: 20, users: 20_000, looks: 100, seed: 5, share: 0.55 }).ratioAnytimePeeked).toBe(1);
});
