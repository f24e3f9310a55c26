// A ramp's moves: up as far as a person approved and only while every guardrail is kept, down when two evaluations agree.
import { describe, expect, test } from '@jest/globals';
import { evaluate, type Finding, type Move, type Ramp } from './ramp.ts';

const START = new Date('2026-03-01T12:00:00Z');
const INTERVAL_MS = 15_000;
const at = (evaluation: number): Date => new Date(START.getTime() + evaluation * INTERVAL_MS);

const fresh: Ramp = {
  state: 'running', variant: 'on', steps: [{ percentage: 5, holdMinutes: 1 }, { percentage: 20, holdMinutes: 2 }, { percentage: 100, holdMinutes: 1 }],
  step: 0, approvedStep: 2, stepStartedAt: START, heldMs: 0, percentageBefore: 0, suspected: [], evaluatedAt: START, message: null, breachedBy: null,
};
const finding = (state: Finding['state'], guardrail = 'errors'): Finding => ({ guardrail, state, why: `${guardrail} is ${state}.`, value: state === 'hold' ? null : 0.4, sample: 100, query: 'errors' });

/** Evaluates every 15 seconds. @param said per evaluation: what each guardrail says */
function run(ramp: Ramp, said: readonly (readonly Finding[])[]): { moves: Move[]; last: Ramp } {
  const moves: Move[] = [];
  let last = ramp;
  for (const [index, findings] of said.entries()) {
    const move = evaluate(last, findings, at(index + 1));
    moves.push(move);
    last = move.ramp;
  }
  return { moves, last };
}
const kept = (times: number): Finding[][] => Array.from({ length: times }, () => [finding('ok')]);
const path = (moves: readonly Move[]): (number | string)[] => moves.filter(({ kind }) => kind !== 'stay').map((move) => (move.kind === 'stay' ? '' : move.percentage));

describe('up', () => {
  test('takes each step after its minutes and is done after the last one\'s', () => {
    const { moves, last } = run(fresh, kept(4 + 8 + 4));
    expect(moves.flatMap(({ kind }, index) => (kind === 'advance' ? [index + 1] : []))).toEqual([4, 12]);
    expect(path(moves)).toEqual([20, 100]);
    expect(last).toMatchObject({ state: 'done', step: 2 });
  });

  test('never goes past what a person approved, however long it is kept', () => {
    const { moves, last } = run({ ...fresh, approvedStep: 0 }, kept(400));
    expect(path(moves)).toEqual([]);
    expect(last).toMatchObject({ state: 'waiting', step: 0, message: expect.stringContaining('to 20%, needs a person') });
  });

  test('goes on at the next evaluation once a person approves, as far as that', () => {
    const { last: waiting } = run({ ...fresh, approvedStep: 0 }, kept(10));
    const { moves, last } = run({ ...waiting, approvedStep: 1, evaluatedAt: START }, kept(100));
    expect(moves[0]).toMatchObject({ kind: 'advance', percentage: 20 });
    expect(last).toMatchObject({ state: 'waiting', step: 1 });
  });

  test('without guardrails goes by time alone', () => {
    expect(path(run(fresh, Array.from({ length: 12 }, () => [])).moves)).toEqual([20, 100]);
  });
});

describe('holds', () => {
  test('on missing data for as long as it is missing, and does not count that time', () => {
    const missing = Array.from({ length: 500 }, () => [finding('ok'), finding('hold', 'latency')]);
    const { moves, last } = run(fresh, [...kept(2), ...missing]);
    expect(path(moves)).toEqual([]);
    expect(last).toMatchObject({ state: 'held', heldMs: 2 * INTERVAL_MS, message: 'latency: latency is hold.' });
    // The interval that ends the silence is not known to have been good.
    expect(path(run({ ...last, evaluatedAt: START }, kept(2)).moves)).toEqual([]);
    expect(path(run({ ...last, evaluatedAt: START }, kept(3)).moves)).toEqual([20]);
  });

  test('does not count the time in which nobody evaluated', () => {
    const hourLater = new Date(START.getTime() + 3_600_000);
    expect(evaluate(fresh, [finding('ok')], hourLater)).toMatchObject({ kind: 'stay', ramp: { state: 'running', heldMs: 0 } });
  });

  test('does not count a clock that went back', () => {
    expect(evaluate({ ...fresh, heldMs: 5 }, [finding('ok')], new Date(START.getTime() - 30_000)).ramp.heldMs).toBe(5);
  });

  test('stays paused however well it goes, and is still guarded', () => {
    const paused: Ramp = { ...fresh, state: 'paused' };
    expect(run(paused, kept(100))).toMatchObject({ last: { state: 'paused', heldMs: 0 } });
    expect(path(run(paused, [[finding('violation')], [finding('violation')]]).moves)).toEqual([0]);
  });
});

describe('down', () => {
  test.each([0, 1, 3, 9, 14])('within two evaluations of a violation that starts after %d good ones', (good) => {
    const { moves } = run(fresh, [...kept(good), [finding('violation')], [finding('violation')]]);
    expect(moves.findIndex(({ kind }) => kind === 'roll_back')).toBe(good + 1);
  });

  test('to what was before the ramp, naming the guardrail with its value and sample', () => {
    const { moves, last } = run({ ...fresh, step: 1, percentageBefore: 2 }, [[finding('ok'), finding('violation', 'latency')], [finding('ok'), finding('violation', 'latency')]]);
    expect(moves[1]).toMatchObject({ kind: 'roll_back', percentage: 2, finding: { guardrail: 'latency', value: 0.4, sample: 100, query: 'errors' } });
    expect(last).toMatchObject({ state: 'rolled_back', breachedBy: 'latency', message: 'Rolled back to 2% by latency: latency is violation.' });
  });

  test('not for one bad evaluation between good ones, which also costs no more than its own time', () => {
    const { moves, last } = run(fresh, [...kept(3), [finding('violation')], ...kept(1), [finding('violation')], ...kept(1)]);
    expect(path(moves)).toEqual([]);
    expect(last).toMatchObject({ state: 'running', heldMs: 3 * INTERVAL_MS, suspected: [] });
  });

  test('though data went missing between the two: silence clears nobody', () => {
    expect(path(run(fresh, [[finding('violation')], [finding('hold')], [finding('hold')], [finding('violation')]]).moves)).toEqual([0]);
  });

  test('not when two guardrails are violated once each', () => {
    expect(path(run(fresh, [[finding('violation'), finding('ok', 'latency')], [finding('ok'), finding('violation', 'latency')]]).moves)).toEqual([]);
  });

  test('a suspicion is told, and nothing is promoted meanwhile', () => {
    const ready: Ramp = { ...fresh, heldMs: 3_600_000 };
    expect(evaluate(ready, [finding('violation')], at(1))).toMatchObject({ kind: 'stay', ramp: { state: 'held', suspected: ['errors'], message: expect.stringContaining('the ramp is rolled back') } });
  });
});

test('whatever the guardrails say in whatever order, no move breaks the rules', () => {
  // A linear congruential generator: the same sequences each time.
  let seed = 20_260_301;
  const below = (limit: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  const seen = { advance: 0, roll_back: 0 };
  for (let round = 0; round < 2_000; round++) {
    let ramp: Ramp = { ...fresh, approvedStep: below(3) };
    let keptMs = 0;
    for (let evaluation = 1; evaluation <= 60 && !['rolled_back', 'done'].includes(ramp.state); evaluation++) {
      const states = ['errors', 'latency'].map((guardrail) => finding((['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'hold', 'violation'] as const)[below(9)] as Finding['state'], guardrail));
      const isKept = states.every(({ state }) => state === 'ok');
      const before = ramp;
      const move = evaluate(ramp, states, at(evaluation));
      ramp = move.ramp;
      keptMs = isKept ? keptMs + INTERVAL_MS : keptMs;
      expect(ramp.step).toBeLessThanOrEqual(ramp.approvedStep);
      if (move.kind === 'advance') {
        seen.advance += 1;
        expect(isKept && keptMs >= (before.steps[before.step]?.holdMinutes ?? 0) * 60_000).toBe(true);
        keptMs = 0;
      } else if (move.kind === 'roll_back') {
        seen.roll_back += 1;
        expect(states.some(({ state, guardrail }) => state === 'violation' && before.suspected.includes(guardrail))).toBe(true);
      } else {
        expect(ramp.step).toBe(before.step);
      }
    }
  }
  expect(Math.min(seen.advance, seen.roll_back)).toBeGreaterThan(100);
});
