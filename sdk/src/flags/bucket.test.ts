import { describe, expect, test } from '@jest/globals';
import { BUCKETS, bucketOf, bucketsOf, murmur3, SEEDS } from './bucket.ts';

describe('murmur3', () => {
  // Vectors that implementations in other languages are held to.
  test.each([
    ['', 0, 0],
    ['', 1, 0x514e28b7],
    ['', 0xffffffff, 0x81f16f39],
    ['a', 0x9747b28c, 0x7fa09ea6],
    ['aa', 0x9747b28c, 0x5d211726],
    ['aaa', 0x9747b28c, 0x283e0130],
    ['aaaa', 0x9747b28c, 0x5a97808a],
    ['abc', 0, 0xb3dd93fa],
    ['Hello, world!', 0x9747b28c, 0x24884cba],
    ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
    ['ππππππππ', 0x9747b28c, 0xd58063c1],
  ])('%j with seed %i', (text, seed, hash) => {
    expect(murmur3(text, seed)).toBe(hash);
  });
});

test('buckets are frozen: other numbers here would move users between variants', () => {
  const keys = ['user-1', 'user-2', '7f3c2b1e-0000-4000-8000-000000000001', 'Ünïcödé'];
  expect(keys.map((key) => bucketOf('golden', key))).toEqual([12_913, 97_123, 92_171, 33_101]);
  expect(keys.map((key) => bucketOf('golden', key, SEEDS.variant))).toEqual([87_416, 75_866, 54_347, 78_143]);
});

test('a percentage is so many buckets, to the thousandth', () => {
  expect([0, 0.001, 12.345, 33.333, 99.999, 100].map(bucketsOf)).toEqual([0, 1, 12_345, 33_333, 99_999, BUCKETS]);
});

describe('a million keys', () => {
  const KEYS = 1_000_000;
  const asked = [1, 5, 10, 25, 50, 75, 90, 99];

  test('hold the asked percentages within four standard deviations, and nobody leaves as a ramp rises', () => {
    const counts = Array.from({ length: BUCKETS }, () => 0);
    for (let index = 0; index < KEYS; index += 1) {
      const bucket = bucketOf('ramp', `user-${index}`);
      counts[bucket] = (counts[bucket] as number) + 1;
    }
    const below = (percentage: number): number => counts.slice(0, bucketsOf(percentage)).reduce((sum, count) => sum + count, 0);
    for (const percentage of asked) {
      const share = percentage / 100;
      expect(Math.abs(below(percentage) - KEYS * share)).toBeLessThan(4 * Math.sqrt(KEYS * share * (1 - share)));
    }
  });

  test('draw variants independently of the percentage and of other salts', () => {
    let both = 0;
    let twoFlags = 0;
    for (let index = 0; index < KEYS / 4; index += 1) {
      const key = `user-${index}`;
      const low = bucketOf('one', key) < BUCKETS / 2;
      both += low && bucketOf('one', key, SEEDS.variant) < BUCKETS / 2 ? 1 : 0;
      twoFlags += low && bucketOf('two', key) < BUCKETS / 2 ? 1 : 0;
    }
    const expected = KEYS / 16;
    expect(Math.abs(both - expected)).toBeLessThan(4 * Math.sqrt(expected));
    expect(Math.abs(twoFlags - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });
});
