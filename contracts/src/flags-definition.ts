// What an admin decides about a flag: variants, who gets which, guard rails, the plan of its ramp and of its experiment.
// It is versioned as a whole, previewed as a whole, and compiled into the policy that hosts evaluate.
import { z } from 'zod';
import { instant, tier } from './fields.ts';

export const FLAG_TYPES = ['boolean', 'string', 'number', 'object'] as const;
/** `off` and `killed` both serve `offVariant`; `killed` says that it was an emergency. `archived` is served no more. */
export const FLAG_STATES = ['on', 'off', 'killed', 'archived'] as const;
export const FLAG_OPERATORS = [
  'in', 'not_in', 'contains', 'starts_with', 'ends_with',
  'less_than', 'at_most', 'greater_than', 'at_least',
  'version_below', 'version_at_least', 'before', 'after', 'exists', 'not_exists',
] as const;
/** OpenFeature's names for why a value was served. */
export const FLAG_REASONS = ['STATIC', 'TARGETING_MATCH', 'SPLIT', 'DEFAULT', 'DISABLED', 'ERROR', 'STALE'] as const;
export const EXPERIMENT_STATES = ['draft', 'running', 'stopped'] as const;
/** `sequential`: may be watched and ended at any time (D13). `fixed`: read once, at the planned size. */
export const EXPERIMENT_ANALYSES = ['sequential', 'fixed'] as const;
/** Attributes that the user directory knows: a preview can tell who matches conditions on these. */
export const DIRECTORY_ATTRIBUTES = ['targetingKey', 'tier', 'state', 'email', 'locale', 'country', 'createdAt'] as const;

/** `query` is where the questions to all flags have their addresses. */
export const flagKey = z.string().regex(/^(?!query$)[a-z0-9][a-z0-9-]{1,62}$/, 'Lower-case letters, digits and hyphens, 2 to 63 of them, and not the word query.').describe('Name of the flag in code; it never changes.');
const name = z.string().trim().min(1).max(100);
const variantKey = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'Lower-case letters, digits, hyphens and underscores, at most 32.');
const ruleId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'Lower-case letters, digits and hyphens, at most 32.').describe('Stays the same while the rule is edited, so that evaluations can name it.');
/** Thousandths are what the 100,000 buckets can tell apart. */
export const flagPercentage = z.number().min(0).max(100).refine((value) => Math.abs(value * 1_000 - Math.round(value * 1_000)) < 1e-6, 'At most three decimals.');

export const flagVariant = z.object({
  key: variantKey,
  value: z.union([z.boolean(), z.string().max(10_000), z.number(), z.record(z.string(), z.unknown())]).describe('Of the flag\'s type.'),
  description: z.string().max(200).default(''),
});

export const flagSplit = z.array(z.object({ variant: variantKey, weight: z.number().int().min(0).max(100_000) })).min(1).max(20)
  .describe('Relative weights. Which variant a user gets depends on these and the salt alone, never on the percentage.');

export const flagServe = z.object({
  percentage: flagPercentage.describe('Share of the matching users who are served by this rule; the others go on to the next. Raising it never moves anybody out.'),
  split: flagSplit,
}).meta({ id: 'FlagServe' });

export const flagCondition = z.object({
  attribute: z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, 'A letter, then letters, digits, dots, hyphens or underscores.').describe('Attribute of the evaluation context, such as `country` or `appVersion`.'),
  operator: z.enum(FLAG_OPERATORS),
  values: z.array(z.union([z.string().max(200), z.number(), z.boolean()])).max(200).default([]).describe('One of them must fit (for `not_in`: none). Comparisons take the first; `exists` and `not_exists` take none.'),
});

export const flagUserList = z.object({ id: ruleId, variant: variantKey, users: z.array(z.string().min(1).max(200)).min(1).max(500).describe('Targeting keys.') });
export const flagSegment = z.object({ id: ruleId, description: z.string().max(200).default(''), conditions: z.array(flagCondition).min(1).max(20).describe('All of them must hold.'), serve: flagServe }).meta({ id: 'FlagSegment' });
export const flagTierRule = z.object({ id: ruleId, tier, serve: flagServe });

export const flagGuardrail = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'Lower-case letters, digits and hyphens, at most 32.'),
  promql: z.string().trim().min(1).max(2_000).describe('A query that gives one number; `{{flag}}` and `{{variant}}` are replaced by the key and by the ramped variant.'),
  comparison: z.enum(['>', '>=', '<', '<=']).describe('Breached when the number compares so with the threshold.'),
  threshold: z.number(),
  minimumSample: z.number().int().min(0).default(0).describe('Evaluations of the ramped variant in the last 5 minutes below which the guardrail holds instead of judging.'),
}).meta({ id: 'FlagGuardrail' });

export const flagRampStep = z.object({ percentage: flagPercentage, holdMinutes: z.number().int().min(1).max(43_200) });

export const flagExperimentPlan = z.object({
  hypothesis: z.string().trim().min(10, 'Say in at least 10 characters what is expected to change, and why.').max(1_000),
  metric: z.string().trim().min(1).max(200).describe('What decides. Computed here: `event:<name>`, `count:<name>`, `feature:<key>`, `converted_to_paid`, `revenue:<currency>`; any other text only says it.'),
  analysis: z.enum(EXPERIMENT_ANALYSES).default('sequential').describe('How it is read; frozen with the start.'),
  unit: z.enum(['user']).default('user').describe('What is assigned to a variant.'),
  weights: flagSplit,
  holdOut: z.number().min(0).max(50).default(0).describe('Per cent of the users who never take part and get the default variant.'),
  plannedN: z.number().int().min(100).max(100_000_000).describe('Users per variant after which it is read; frozen with the start (D13).'),
  exclusionGroup: z.object({ name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/), from: flagPercentage, to: flagPercentage }).nullable().default(null)
    .describe('Experiments of one group with separate ranges never share a user.'),
  guardrails: z.array(z.string()).max(20).default([]).describe('Names of the flag\'s guardrails that must hold.'),
}).meta({ id: 'FlagExperimentPlan' });

export const flagDefinition = z.object({
  name,
  description: z.string().max(2_000).default(''),
  type: z.enum(FLAG_TYPES).describe('It never changes.'),
  public: z.boolean().default(false).describe('Client keys, which anybody can read in a browser, see only public flags.'),
  permanent: z.boolean().default(false).describe('Meant to stay, so it never counts as stale.'),
  variants: z.array(flagVariant).min(2).max(20),
  offVariant: variantKey.describe('Served while the flag is off, killed, outside of its schedule, or a prerequisite does not hold.'),
  defaultVariant: variantKey.describe('Served to whom no rule fits.'),
  prerequisites: z.array(z.object({ flag: flagKey, variants: z.array(variantKey).min(1).max(20) })).max(10).default([]).describe('Each of these flags must serve the user one of these variants.'),
  schedule: z.object({ from: instant.nullable(), until: instant.nullable() }).default({ from: null, until: null }).describe('Outside of it the off variant is served.'),
  users: z.array(flagUserList).max(20).default([]),
  segments: z.array(flagSegment).max(20).default([]),
  tiers: z.array(flagTierRule).max(3).default([]),
  rollout: flagServe.nullable().default(null),
  guardrails: z.array(flagGuardrail).max(10).default([]),
  ramp: z.object({ variant: variantKey, steps: z.array(flagRampStep).min(1).max(20) }).nullable().default(null).describe('Steps by which the percentage of the rollout rises; each is held so long before the next.'),
  experiment: flagExperimentPlan.nullable().default(null),
}).describe('Rules are tried in this order: state, schedule, prerequisites, user lists, segments, tiers, experiment, rollout, default.').meta({ id: 'FlagDefinition' });
export type FlagDefinition = z.output<typeof flagDefinition>;
export type FlagDefinitionInput = z.input<typeof flagDefinition>;
