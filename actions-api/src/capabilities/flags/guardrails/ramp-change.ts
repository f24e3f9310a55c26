// What a person does with a ramp, pure: the ramp before and the wish give the ramp after and the percentage to serve.
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';
import type { RampChange } from '@admin-center/contracts/flags-ramp';
import { AppError, conflict } from '../../../platform/errors.ts';
import { advance, isGuarded, type Ramp, type Step } from './ramp.ts';

export interface Ramped {
  readonly state: string;
  readonly definition: FlagDefinition;
}

export interface RampOutcome {
  readonly ramp: Ramp;
  /** What the rollout serves from now on; null when it stays as it is. */
  readonly percentage: number | null;
}

export const percentageOf = ({ rollout }: FlagDefinition): number => rollout?.percentage ?? 0;

/** The definition with another percentage. What a person wrote beside it stays. */
export const withPercentage = (definition: FlagDefinition, variant: string, percentage: number): FlagDefinition => ({
  ...definition,
  rollout: { split: definition.rollout?.split ?? [{ variant, weight: 1 }], percentage },
});

/**
 * A person's newer decision ends the ramp: it takes nothing back from them.
 * @returns what the person decided, as a sentence; null when the flag serves what the ramp says
 */
export function overriddenBy({ state, definition }: Ramped, ramp: Ramp): string | null {
  if (state !== 'on') {
    return 'The flag was turned off by hand, which ended the ramp.';
  }
  const percentage = percentageOf(definition);
  const isServed = definition.rollout?.split.some(({ variant, weight }) => variant === ramp.variant && weight > 0) === true;
  return percentage === (ramp.steps[ramp.step] as Step).percentage && isServed ? null : `The rollout was changed by hand to ${percentage}%, which ended the ramp. Its guardrails guard no more.`;
}

/** @throws AppError 409 or 422 for what the ramp's state does not allow */
export function changeRamp(flag: Ramped, ramp: Ramp | null, change: RampChange, now: Date): RampOutcome {
  if (change.kind === 'start') {
    return start(flag, ramp, change.approvedStep, now);
  }
  if (ramp === null || !(isGuarded(ramp) || (change.kind === 'abort' && ramp.state === 'rolled_back'))) {
    throw conflict('ramp_not_running', `There is no ramp under way to ${change.kind}.`);
  }
  const overriding = isGuarded(ramp) ? overriddenBy(flag, ramp) : null;
  if (overriding !== null && change.kind !== 'abort') {
    throw conflict('ramp_overridden', overriding);
  }
  switch (change.kind) {
    case 'promote':
      return promote(ramp, change, now);
    case 'pause':
      return { percentage: null, ramp: { ...ramp, state: 'paused', message: 'Paused by a person. Its guardrails still guard.' } };
    case 'resume':
      if (ramp.state !== 'paused') {
        throw conflict('ramp_not_paused', 'This ramp is not paused.');
      }
      return { percentage: null, ramp: { ...ramp, state: 'held', message: 'Resumed by a person; it goes on with the next evaluation.' } };
    case 'abort': {
      const goesBack = isGuarded(ramp) && overriding === null;
      return { percentage: goesBack ? ramp.percentageBefore : null, ramp: { ...ramp, state: 'aborted', suspected: [], breachedBy: null, message: 'Ended by a person.' } };
    }
  }
}

function start({ state, definition }: Ramped, ramp: Ramp | null, approvedStep: number, now: Date): RampOutcome {
  const { ramp: plan, rollout } = definition;
  if (plan === null) {
    throw conflict('ramp_not_planned', 'This flag has no ramp. Plan its steps first.');
  }
  if (state !== 'on') {
    throw conflict('flag_not_on', 'A ramp has no effect while the flag is not on. Turn it on first.');
  }
  if (ramp !== null && isGuarded(ramp)) {
    throw conflict('ramp_running', 'The ramp of this flag is under way already.');
  }
  if (rollout !== null && !rollout.split.some(({ variant, weight }) => variant === plan.variant && weight > 0)) {
    throw conflict('ramp_variant_not_served', `The rollout does not serve ${plan.variant}, the variant of the ramp.`);
  }
  const [first] = plan.steps as unknown as readonly [Step];
  if (first.percentage < percentageOf(definition)) {
    throw conflict('ramp_would_fall', `The rollout is at ${percentageOf(definition)}% already; a ramp starts from below its first step, ${first.percentage}%.`);
  }
  requireStep(plan.steps, approvedStep, 0);
  return {
    percentage: first.percentage,
    ramp: {
      state: 'running', variant: plan.variant, steps: plan.steps, step: 0, approvedStep, stepStartedAt: now, heldMs: 0, percentageBefore: percentageOf(definition),
      suspected: [], evaluatedAt: now, message: null, breachedBy: null,
    },
  };
}

function promote(ramp: Ramp, { approvedStep, now: atOnce }: Extract<RampChange, { kind: 'promote' }>, now: Date): RampOutcome {
  requireStep(ramp.steps, approvedStep, ramp.step);
  const approved: Ramp = { ...ramp, approvedStep };
  // What waits was held to its end, with every guardrail kept.
  if (approvedStep > ramp.step && (atOnce || ramp.state === 'waiting')) {
    return advance(approved, now);
  }
  if (atOnce) {
    throw conflict('ramp_step_not_approved', 'Taking the next step at once takes its approval too.');
  }
  return { percentage: null, ramp: approved };
}

function requireStep(steps: readonly Step[], approvedStep: number, least: number): void {
  if (approvedStep < least || approvedStep >= steps.length) {
    const message = `The plan has the steps 0 to ${steps.length - 1}${least > 0 ? `, and step ${least} is taken already` : ''}.`;
    throw new AppError('body_invalid', 422, message, { errors: [{ path: 'body.approvedStep', message }] });
  }
}
