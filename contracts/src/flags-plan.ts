// Changes of a flag that a worker makes at a planned time.
import { z } from 'zod';
import { instant, uuid } from './fields.ts';
import { flagPercentage } from './flags-definition.ts';

export const FLAG_ACTOR_KINDS = ['admin', 'system'] as const;
export const flagActor = z.object({ name: z.string().describe('E-mail of the admin, or `system:` and the name of what acted by itself.'), kind: z.enum(FLAG_ACTOR_KINDS) }).meta({ id: 'FlagActor' });

const effectWith = <P extends z.ZodNumber>(share: P) =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('state'), state: z.enum(['on', 'off']) }),
    z.strictObject({ kind: z.literal('percentage'), percentage: share.describe('Of the rollout.') }),
  ]);

/** What a change may be made with at a planned time. */
export const plannedEffect = effectWith(flagPercentage);
export const plan = { at: instant, effect: plannedEffect } as const;

export const plannedChange = z.object({
  id: uuid, at: instant, effect: effectWith(z.number()), reason: z.string(), by: flagActor, createdAt: instant,
  state: z.enum(['planned', 'applied', 'failed', 'canceled']), note: z.string().nullable().describe('Why it failed.'),
}).meta({ id: 'FlagPlannedChange' });
