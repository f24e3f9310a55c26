// What a person may do with a ramp, and when their newer decision ends it.
import { describe, expect, test } from '@jest/globals';
import { flagDefinition } from '@admin-center/contracts/flags-definition';
import type { AppError } from '../../../platform/errors.ts';
import type { Ramp } from './ramp.ts';
import { changeRamp, overriddenBy, type Ramped, withPercentage } from './ramp-change.ts';

const now = new Date('2026-03-01T12:00:00Z');
const steps = [{ percentage: 5, holdMinutes: 10 }, { percentage: 20, holdMinutes: 10 }, { percentage: 100, holdMinutes: 10 }];
const definition = flagDefinition.parse({
  name: 'New tunnel engine', type: 'boolean', variants: [{ key: 'on', value: true }, { key: 'off', value: false }], offVariant: 'off', defaultVariant: 'off', ramp: { variant: 'on', steps },
});
const serving = (percentage: number, more: Partial<Ramped> = {}): Ramped => ({ state: 'on', definition: withPercentage(definition, 'on', percentage), ...more });
const idle: Ramped = { state: 'on', definition };
const under: Ramp = changeRamp(idle, null, { kind: 'start', approvedStep: 1 }, now).ramp;

const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as AppError).code;
  }
  throw new Error('It was not refused.');
};

describe('start', () => {
  test('serves the first step and remembers what was before', () => {
    expect(changeRamp(idle, null, { kind: 'start', approvedStep: 1 }, now)).toEqual({
      percentage: 5,
      ramp: { state: 'running', variant: 'on', steps, step: 0, approvedStep: 1, stepStartedAt: now, heldMs: 0, percentageBefore: 0, suspected: [], evaluatedAt: now, message: null, breachedBy: null },
    });
    expect(changeRamp(serving(2), null, { kind: 'start', approvedStep: 0 }, now).ramp.percentageBefore).toBe(2);
  });

  test.each<[string, Ramped, Ramp | null, number, string]>([
    ['without a plan', { state: 'on', definition: { ...definition, ramp: null } }, null, 0, 'ramp_not_planned'],
    ['while the flag is off', { ...idle, state: 'off' }, null, 0, 'flag_not_on'],
    ['while the flag is killed', { ...idle, state: 'killed' }, null, 0, 'flag_not_on'],
    ['twice', serving(5), under, 0, 'ramp_running'],
    ['from above its first step', serving(30), null, 0, 'ramp_would_fall'],
    ['of a variant that the rollout does not serve', { state: 'on', definition: { ...definition, rollout: { percentage: 0, split: [{ variant: 'off', weight: 1 }] } } }, null, 0, 'ramp_variant_not_served'],
    ['approved past its end', idle, null, 3, 'body_invalid'],
  ])('is refused %s', (_, flag, ramp, approvedStep, code) => {
    expect(refusal(() => changeRamp(flag, ramp, { kind: 'start', approvedStep }, now))).toBe(code);
  });

  test.each(['rolled_back', 'aborted', 'done'] as const)('begins anew after one that was %s', (state) => {
    expect(changeRamp(idle, { ...under, state, breachedBy: state === 'rolled_back' ? 'errors' : null }, { kind: 'start', approvedStep: 0 }, now).ramp).toMatchObject({ state: 'running', step: 0, breachedBy: null });
  });
});

describe('promote', () => {
  test('approves further steps; the present one is held to its end', () => {
    expect(changeRamp(serving(5), under, { kind: 'promote', approvedStep: 2, now: false }, now)).toEqual({ percentage: null, ramp: { ...under, approvedStep: 2 } });
  });

  test('takes the next step when it was only waiting for a person', () => {
    const waiting: Ramp = { ...under, state: 'waiting', approvedStep: 0, heldMs: 600_000 };
    expect(changeRamp(serving(5), waiting, { kind: 'promote', approvedStep: 1, now: false }, now)).toMatchObject({ percentage: 20, ramp: { state: 'running', step: 1, approvedStep: 1, heldMs: 0 } });
  });

  test('takes it at once when the person says so', () => {
    expect(changeRamp(serving(5), under, { kind: 'promote', approvedStep: 1, now: true }, now)).toMatchObject({ percentage: 20, ramp: { step: 1 } });
  });

  test.each<[string, Ramp, number, boolean, string]>([
    ['at once without its approval', under, 0, true, 'ramp_step_not_approved'],
    ['back before the step that is held', { ...under, step: 1 }, 0, false, 'body_invalid'],
    ['past the end', under, 3, false, 'body_invalid'],
    ['after its end', { ...under, state: 'rolled_back' }, 1, false, 'ramp_not_running'],
  ])('is refused %s', (_, ramp, approvedStep, atOnce, code) => {
    expect(refusal(() => changeRamp(serving(ramp.steps[ramp.step]?.percentage ?? 0), ramp, { kind: 'promote', approvedStep, now: atOnce }, now))).toBe(code);
  });
});

test('pause keeps everything where it is, and resume counts no time in between', () => {
  const paused = changeRamp(serving(5), { ...under, heldMs: 30_000 }, { kind: 'pause' }, now);
  expect(paused).toMatchObject({ percentage: null, ramp: { state: 'paused', heldMs: 30_000 } });
  expect(changeRamp(serving(5), paused.ramp, { kind: 'resume' }, now)).toMatchObject({ percentage: null, ramp: { state: 'held', heldMs: 30_000 } });
  expect(refusal(() => changeRamp(serving(5), under, { kind: 'resume' }, now))).toBe('ramp_not_paused');
});

describe('abort', () => {
  test('goes back to what was before', () => {
    expect(changeRamp(serving(20), { ...under, step: 1, percentageBefore: 2 }, { kind: 'abort' }, now)).toMatchObject({ percentage: 2, ramp: { state: 'aborted' } });
  });
  test('of one that was rolled back ends its alert and changes nothing else', () => {
    expect(changeRamp(serving(0), { ...under, state: 'rolled_back', breachedBy: 'errors' }, { kind: 'abort' }, now)).toMatchObject({ percentage: null, ramp: { state: 'aborted', breachedBy: null } });
  });
  test('of one that a person overrode leaves what that person decided', () => {
    expect(changeRamp(serving(50), under, { kind: 'abort' }, now)).toMatchObject({ percentage: null, ramp: { state: 'aborted' } });
  });
  test('is refused without a ramp', () => {
    expect(refusal(() => changeRamp(idle, null, { kind: 'abort' }, now))).toBe('ramp_not_running');
  });
});

test.each<[string, Ramped, RegExp | null]>([
  ['as it should', serving(5), null],
  ['with another text', serving(5, { definition: { ...serving(5).definition, description: 'Edited meanwhile.' } }), null],
  ['another percentage', serving(50), /by hand to 50%/],
  ['no rollout', idle, /by hand to 0%/],
  ['another variant', { state: 'on', definition: { ...definition, rollout: { percentage: 5, split: [{ variant: 'off', weight: 1 }] } } }, /by hand/],
  ['nobody, being killed', serving(5, { state: 'killed' }), /turned off by hand/],
])('a flag that serves %s', (_, flag, sentence) => {
  expect(overriddenBy(flag, under)).toEqual(sentence === null ? null : expect.stringMatching(sentence));
});
