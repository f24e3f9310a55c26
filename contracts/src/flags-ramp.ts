// A ramp raises a flag's rollout step by step, as far as a person approved, while guardrails in PromQL are kept (M2).
import { z } from 'zod';
import { instant } from './fields.ts';

/**
 * `running`: a step is held, its guardrails are kept. `held`: a guardrail cannot be judged, the time of the step stands
 * still. `waiting`: the next step needs a person. `paused`: a person stopped it where it is. `rolled_back`: a guardrail or an
 * alert took it back. `aborted`: a person ended it, or changed the rollout by hand. `done`: the last step was held to its end.
 */
export const RAMP_STATES = ['idle', 'running', 'held', 'waiting', 'paused', 'rolled_back', 'aborted', 'done'] as const;
export const GUARDRAIL_STATES = ['ok', 'hold', 'violation'] as const;
/** How many flags and guardrails have series of their own; the rest are `other`. */
export const GUARDRAIL_LABEL_CAP = { flag: 40, guardrail: 20 } as const;

export const guardrailResult = z.object({
  guardrail: z.string(),
  state: z.enum(GUARDRAIL_STATES).describe('`hold`: it could not be judged, so the ramp does not move.'),
  query: z.string().describe('As it was asked, with flag and variant put in.'),
  value: z.number().nullable().describe('The worst of the series; null without a finite number.'),
  sample: z.number().nullable().describe('Evaluations of the variant in the 5 minutes before; null when the guardrail needs none.'),
  message: z.string(),
  at: instant,
}).meta({ id: 'GuardrailResult' });
export type GuardrailResult = z.output<typeof guardrailResult>;

export const rampStatus = z.object({
  state: z.enum(RAMP_STATES),
  step: z.number().int().nullable().describe('Index of the step that is held now, or was last; null before the first.'),
  approvedStep: z.number().int().nullable().describe('Index of the last step a person approved; it never moves past this by itself.'),
  stepStartedAt: instant.nullable(),
  heldSeconds: z.number().int().describe('How long the step was held so far with every guardrail kept.'),
  percentageBefore: z.number().nullable().describe('What an abort or a rollback goes back to.'),
  message: z.string().nullable().describe('Why it is held, waits, or was rolled back.'),
  guardrails: z.array(guardrailResult).describe('The last evaluation of each guardrail.'),
}).meta({ id: 'RampStatus' });
export type RampStatus = z.output<typeof rampStatus>;

/** What a person does with a ramp. Steps count from 0, as in the plan. */
export const rampChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('start'), approvedStep: z.number().int().min(0).describe('The last step that may be taken without asking again.') }),
  z.strictObject({ kind: z.literal('promote'), approvedStep: z.number().int().min(0).describe('As for the start.'), now: z.boolean().default(false).describe('Take the next step at once, however long the present one was held.') }),
  z.strictObject({ kind: z.literal('pause') }),
  z.strictObject({ kind: z.literal('resume') }),
  z.strictObject({ kind: z.literal('abort') }),
]).meta({ id: 'RampChange' });
export type RampChange = z.output<typeof rampChange>;

export const guardrailCheck = z.object({ query: z.string(), value: z.number().nullable(), series: z.number().int().describe('More than one are judged by the worst.'), message: z.string().describe('What the guardrail would say now.') });
