// When a guardrail is kept, when it is broken, and when nothing may be built on what it says.
import { describe, expect, test } from '@jest/globals';
import { type Guardrail, judge } from './judge.ts';
import type { Sampling } from './sampler.ts';

const now = new Date('2026-03-01T12:00:00Z');
const errors: Guardrail = { name: 'errors', promql: 'errors', comparison: '>', threshold: 0.05, minimumSample: 0 };
const numbers = (...values: number[]): Sampling => ({ kind: 'numbers', values, at: now });
const none: Sampling = { kind: 'none', why: 'The query has no data.' };

test.each([
  ['>', 0.05, 'ok'], ['>', 0.0501, 'violation'], ['>=', 0.05, 'violation'], ['<', 0.05, 'ok'], ['<', 0.0499, 'violation'], ['<=', 0.05, 'violation'],
  ['>', Number.POSITIVE_INFINITY, 'violation'], ['<', Number.NEGATIVE_INFINITY, 'violation'], ['<', Number.POSITIVE_INFINITY, 'ok'],
] as const)('breached when it is %s the threshold: %d is %s', (comparison, value, state) => {
  expect(judge({ ...errors, comparison }, numbers(value), null, now)).toMatchObject({ state, value });
});

describe('holds', () => {
  test.each([
    ['without data', none],
    ['while Prometheus is away', { kind: 'none', why: 'Prometheus cannot be reached at 127.0.0.1:9. Is it running?' }],
    ['when the query is refused', { kind: 'refused', why: 'bad_data: parse error' }],
    ['on a division by zero', numbers(Number.NaN)],
    ['when one series of several has no number', numbers(0, Number.NaN)],
    ['on an answer from long ago', { kind: 'numbers', values: [1], at: new Date(now.getTime() - 60_001) }],
    ['on an answer from the future', { kind: 'numbers', values: [1], at: new Date(now.getTime() + 60_001) }],
  ] as const)('%s, and says why', (_, sampling) => {
    const { state, why } = judge(errors, sampling as Sampling, null, now);
    expect(state).toBe('hold');
    expect(why).toMatch(/^.{10,}[.?]?$/);
  });

  test.each([
    ['too few evaluations', numbers(99), 99],
    ['no evaluations known', none, null],
    ['a count that is no number', numbers(Number.NaN), null],
  ] as const)('on %s, however bad the value', (_, sample, count) => {
    expect(judge({ ...errors, minimumSample: 100 }, numbers(1), sample as Sampling, now)).toMatchObject({ state: 'hold', value: 1, sample: count });
  });
});

test('judges with just enough evaluations', () => {
  expect(judge({ ...errors, minimumSample: 100 }, numbers(1), numbers(100), now)).toEqual({ state: 'violation', why: '1 is > 0.05.', value: 1, sample: 100 });
});

test('of several series the worst one counts, even beside one without a number', () => {
  expect(judge(errors, numbers(0.01, 0.2, Number.NaN), null, now)).toMatchObject({ state: 'violation', value: 0.2 });
  expect(judge({ ...errors, comparison: '<' }, numbers(0.9, 0.01), null, now)).toMatchObject({ state: 'violation', value: 0.01 });
});
