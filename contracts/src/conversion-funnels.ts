// What a funnel is, as an admin defines it, and what its result says (D9, D10).
import { z } from 'zod';
import { flagActor } from './flags-plan.ts';
import { blastRadius, instant } from './fields.ts';

export const FUNNEL_ORDERS = ['ordered', 'strict', 'any'] as const;
export const FUNNEL_STATES = ['active', 'archived'] as const;
export const FUNNEL_CHANGES = ['create', 'update', 'archive', 'restore'] as const;
/** What a result can be split by: what was known of the person at the entry. */
export const FUNNEL_BREAKDOWNS = ['none', 'tier', 'country', 'platform', 'device', 'source'] as const;
export const STEP_TYPES = ['track', 'page', 'screen'] as const;
export const FUNNEL_OUTCOMES = ['reached', 'dropped', 'pending'] as const;
/** Funnels with series of their own are the first by key that have so many steps together; further ones have none. */
export const FUNNEL_STEPS_CAP = 120;
/** A funnel has at least two steps. */
export const FUNNEL_LABEL_CAP = FUNNEL_STEPS_CAP / 2;
export const MAX_STEPS = 8;
/** Groups smaller than this are not shown by themselves. */
export const SMALLEST_GROUP = 5;
/** What groups are called that are told as one: those beyond the largest, and those that are too small. */
export const OTHER_GROUPS = '(others)';
export const SMALL_GROUPS = `(fewer than ${SMALLEST_GROUP})`;
const DAY_SECONDS = 86_400;
export const DEFAULT_WINDOW_SECONDS = 14 * DAY_SECONDS;
const MAX_WINDOW_SECONDS = 90 * DAY_SECONDS;

export const funnelKey = z.string().regex(/^[a-z0-9][a-z0-9-]{1,62}$/, 'Lower-case letters, digits and hyphens, 2 to 63 of them.').describe('Name of the funnel in metrics and addresses; it never changes.');
const seconds = z.number().int().min(1).max(MAX_WINDOW_SECONDS, 'At most 90 days.');

const matched = {
  type: z.enum(STEP_TYPES).default('track'),
  event: z.string().trim().min(1).max(100).describe('Name of the event or of the page, exactly as it is sent.'),
  feature: z.string().trim().min(1).max(60).nullable().default(null).describe('Only uses of this feature.'),
  property: z.object({ name: z.string().trim().min(1).max(100), value: z.string().max(200) }).nullable().default(null).describe('Only events with this value of this property.'),
};

export const funnelStep = z.object({
  ...matched,
  name: z.string().trim().max(100).default('').describe('What the bar is called; empty for the name of the event.'),
  windowSeconds: seconds.nullable().default(null).describe('At most so long after the step before; null for no limit but that of the funnel.'),
}).meta({ id: 'FunnelStep' });

export const funnelExclusion = z.object({
  ...matched,
  after: z.number().int().min(1).max(MAX_STEPS - 1).describe('Number of the step after which it disqualifies.'),
  before: z.number().int().min(2).max(MAX_STEPS).describe('Number of the step until which it disqualifies.'),
}).meta({ id: 'FunnelExclusion' });

export const funnelDefinition = z.object({
  name: z.string().trim().min(1).max(100),
  description: z.string().trim().max(1_000).default(''),
  steps: z.array(funnelStep).min(2, 'A funnel has at least two steps.').max(MAX_STEPS),
  order: z.enum(FUNNEL_ORDERS).default('ordered').describe('`ordered`: others may come between; `strict`: each step is the very next event; `any`: in any order.'),
  windowSeconds: seconds.min(60, 'At least a minute.').default(DEFAULT_WINDOW_SECONDS).describe('From the entry; who does not convert within it dropped out.'),
  exclusions: z.array(funnelExclusion).max(5).default([]).describe('Events that disqualify who does them between two steps.'),
  breakdown: z.enum(FUNNEL_BREAKDOWNS).default('none').describe('What the result is split by at first.'),
}).superRefine(({ steps, exclusions, order, windowSeconds }, context) => {
  const complain = (path: (string | number)[], message: string): void => context.addIssue({ code: 'custom', path, message });
  steps.forEach((step, index) => {
    if (step.windowSeconds !== null && (index === 0 || step.windowSeconds > windowSeconds)) {
      complain(['steps', index, 'windowSeconds'], index === 0 ? 'The first step has no step before.' : 'It must not be longer than that of the funnel.');
    }
  });
  exclusions.forEach(({ after, before, ...exclusion }, index) => {
    if (after >= before || before > steps.length) {
      complain(['exclusions', index, 'before'], before > steps.length ? `There are ${steps.length} steps.` : 'It must come after the step at which it begins.');
    }
    if (order === 'strict') {
      complain(['exclusions', index, 'event'], 'In a strict funnel any event between two steps disqualifies already.');
    }
    if (steps.some((step) => sameMatch(step, exclusion))) {
      complain(['exclusions', index, 'event'], 'It is a step of this funnel.');
    }
  });
}).meta({ id: 'FunnelDefinition' });
export type FunnelDefinition = z.output<typeof funnelDefinition>;
export type FunnelDefinitionInput = z.input<typeof funnelDefinition>;
export type FunnelStep = z.output<typeof funnelStep>;

type Match = Pick<FunnelStep, 'type' | 'event' | 'feature' | 'property'>;
const sameMatch = (a: Match, b: Match): boolean =>
  a.type === b.type && a.event === b.event && a.feature === b.feature && a.property?.name === b.property?.name && a.property?.value === b.property?.value;

export const stepName = ({ name, event }: Pick<FunnelStep, 'name' | 'event'>): string => name || event;

/** How far the past is worked out; results are there when it is 1. */
const build = z.object({ progress: z.number().min(0).max(1), builtAt: instant.nullable() });

export const funnelSummary = z.object({
  key: funnelKey, state: z.enum(FUNNEL_STATES), version: z.number().int(), definition: funnelDefinition, build,
  createdAt: instant, updatedAt: instant,
}).meta({ id: 'Funnel' });
export type Funnel = z.output<typeof funnelSummary>;

export const funnelVersion = z.object({
  version: z.number().int(), at: instant, by: flagActor, change: z.enum(FUNNEL_CHANGES), reason: z.string(), state: z.enum(FUNNEL_STATES), definition: funnelDefinition,
}).meta({ id: 'FunnelVersion' });

const users = z.number().int();
const secondsOrNone = z.number().nullable();
const stepResult = z.object({
  users: users.describe('Persons who reached the step.'),
  pending: users.describe('Of those who reached it and not the next, whose window has not elapsed.'),
  dropped: users.describe('Of those who reached it and not the next, whose window has.'),
  medianSeconds: secondsOrNone.describe('From the step before, over those who reached this one.'),
});
export const funnelGroup = z.object({
  value: z.string().nullable().describe('Null for everybody; `(fewer than 5)` for groups too small to be shown.'),
  entered: users, converted: users, pending: users, dropped: users,
  ratio: z.number().nullable().describe('Converted over those who converted or dropped out; null while there are none.'),
  steps: z.array(stepResult),
}).meta({ id: 'FunnelGroup' });
export type FunnelGroup = z.output<typeof funnelGroup>;

export const funnelTime = z.object({
  sampledPersons: users.nullable().describe('How many persons, picked by chance, the times and the medians of steps are those of; null: of all.'),
  p50: secondsOrNone.describe('Of those who converted, in seconds.'), p90: secondsOrNone,
  longest: secondsOrNone,
  median: secondsOrNone.describe('Kaplan-Meier median over all who entered; null while fewer than half have converted.'),
  curve: z.array(z.object({ seconds: z.number(), converted: z.number().describe('Share of those who entered who have converted by then (Kaplan-Meier).'), atRisk: users })),
  histogram: z.array(z.object({ from: z.number(), to: z.number(), users })).describe('Converters by how long they took, on a logarithmic scale.'),
}).meta({ id: 'FunnelTime' });
export type FunnelTime = z.output<typeof funnelTime>;

export const funnelResult = z.object({
  key: funnelKey, version: z.number().int(), definition: funnelDefinition, from: z.iso.date(), to: z.iso.date(), asOf: instant.describe('By when somebody counts as pending: the newest instant the worker has settled.'), build,
  total: funnelGroup, groups: z.array(funnelGroup), breakdown: z.enum(FUNNEL_BREAKDOWNS), time: funnelTime,
}).meta({ id: 'FunnelResult' });
export type FunnelResult = z.output<typeof funnelResult>;

export const funnelPreview = z.object({ from: z.iso.date(), to: z.iso.date(), total: funnelGroup, unknownEvents: z.array(z.string()).describe('Names that nothing was called in the last 30 days.') }).meta({ id: 'FunnelPreview' });
export type FunnelPreview = z.output<typeof funnelPreview>;

/** Suggestions in the editor. */
export const EVENT_NAMES_CAP = 500;
export const eventNames = z.object({ items: z.array(z.object({ type: z.enum(STEP_TYPES), name: z.string(), events: users })) }).meta({ id: 'EventNames' });
export type EventNames = z.output<typeof eventNames>;

export const funnelChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('update'), definition: funnelDefinition }),
  z.strictObject({ kind: z.literal('archive') }),
  z.strictObject({ kind: z.literal('restore') }),
  z.strictObject({ kind: z.literal('delete') }),
]);
export type FunnelChange = z.output<typeof funnelChange>;
export const funnelChangePreview = blastRadius.extend({
  entries: users.describe('Entries that are forgotten and, where the funnel stays, worked out again.'),
  rebuild: z.boolean().describe('Whether the past is worked out again, which takes a while.'),
}).meta({ id: 'FunnelChangePreview' });
