// Flags: who is served which variant, previewed before and revertible after, with usage and a version for every change.
import { z } from 'zod';
import { defineCapability } from './capability.ts';
import { blastRadius, flag as asked, instant, page, pageOf, reason, tier, uuid } from './fields.ts';
import { EXPERIMENT_STATES, FLAG_REASONS, FLAG_STATES, FLAG_TYPES, flagDefinition, flagGuardrail, flagKey } from './flags-definition.ts';
import { FLAG_ACTOR_KINDS, flagActor, plan, plannedChange } from './flags-plan.ts';
import { GUARDRAIL_LABEL_CAP, guardrailCheck, guardrailResult, rampChange, rampStatus } from './flags-ramp.ts';

/** Stale: one variant alone for 30 days, or not evaluated for 14, and not marked permanent. */
export const FLAG_LIFECYCLES = ['new', 'live', 'stale', 'killed', 'archived'] as const;
export const FLAG_CHANGES = ['create', 'update', 'state', 'revert', 'plan', 'experiment', 'ramp'] as const;
export const FLAG_REASON_LABELS = ['static', 'targeting_match', 'split', 'default', 'disabled', 'error', 'stale'] as const;
/** Flags and variants with series of their own; the rest are `other`. */
export const FLAG_LABEL_CAP = 200;
/** Where evaluations of keys that are no flags are counted. */
export const UNKNOWN_FLAG = 'unknown';
export const STALE_AFTER_DAYS = { oneVariant: 30, notEvaluated: 14 } as const;

export const experimentStatus = z.object({ state: z.enum(EXPERIMENT_STATES), startedAt: instant.nullable(), stoppedAt: instant.nullable() });

export const flagSummary = z.object({
  key: flagKey, name: z.string(), description: z.string(), type: z.enum(FLAG_TYPES), state: z.enum(FLAG_STATES), lifecycle: z.enum(FLAG_LIFECYCLES),
  public: z.boolean(), permanent: z.boolean(), version: z.number().int(),
  variants: z.array(z.string()), percentage: z.number().nullable().describe('Of the rollout; null without one.'),
  ramp: rampStatus.shape.state.nullable(), experiment: experimentStatus.shape.state.nullable(),
  evaluations24h: z.number().int().describe('Evaluations of the last 24 hours, to the day.'), lastEvaluatedAt: instant.nullable(), createdAt: instant, updatedAt: instant,
}).meta({ id: 'FlagSummary' });
export type FlagSummary = z.output<typeof flagSummary>;

const reasonName = z.enum(FLAG_REASONS);
export const flagUsage = z.object({
  firstEvaluatedAt: instant.nullable(), lastEvaluatedAt: instant.nullable(),
  variants: z.array(z.object({ variant: z.string(), evaluations: z.number().int(), lastEvaluatedAt: instant })).describe('Over the last 30 days.'),
  days: z.array(z.object({ day: z.iso.date(), variant: z.string(), reason: reasonName, evaluations: z.number().int() })).describe('The last 30 days, oldest first.'),
}).meta({ id: 'FlagUsage' });

export const flagDetail = flagSummary.omit({ variants: true, ramp: true, experiment: true, evaluations24h: true }).extend({
  salt: z.string().describe('What buckets are hashed with; it never changes.'),
  definition: flagDefinition, ramp: rampStatus.nullable(), experiment: experimentStatus.nullable(),
  usage: flagUsage, planned: z.array(plannedChange), dependents: z.array(flagKey).describe('Flags that name this one as a prerequisite.'),
  updatedBy: flagActor, staleReason: z.string().nullable(),
}).meta({ id: 'FlagDetail' });
export type FlagDetail = z.output<typeof flagDetail>;

export const flagDiff = z.array(z.object({ op: z.enum(['add', 'remove', 'replace']), path: z.string().describe('JSON Pointer (RFC 6901).'), from: z.unknown().optional(), value: z.unknown().optional() })).meta({ id: 'FlagDiff' });
export const flagVersion = z.object({ version: z.number().int(), at: instant, by: flagActor, change: z.enum(FLAG_CHANGES), reason: z.string(), state: z.enum(FLAG_STATES), definition: flagDefinition, diff: flagDiff.describe('From the version before.'), revertedTo: z.number().int().nullable(), auditSequence: z.number().int().nullable() }).meta({ id: 'FlagVersion' });
export type FlagVersion = z.output<typeof flagVersion>;

export const flagChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('create'), definition: flagDefinition }),
  z.strictObject({ kind: z.literal('update'), definition: flagDefinition }),
  z.strictObject({ kind: z.literal('state'), state: z.enum(FLAG_STATES) }),
  z.strictObject({ kind: z.literal('revert'), to: z.number().int().min(1) }),
  z.strictObject({ kind: z.literal('experiment'), running: z.boolean() }),
]).meta({ id: 'FlagChange' });
export type FlagChange = z.output<typeof flagChange>;

const share = z.object({ variant: z.string(), users: z.number().int() });
const sampledShare = share.extend({ sample: z.array(z.object({ id: uuid, email: z.string(), tier })).describe('Up to five of them.') });
export const flagPreview = blastRadius.extend({
  evaluated: z.number().int().describe('Users of the directory that were evaluated; `users` are those of them whose variant, or its value, changes, now or by a schedule.'),
  before: z.array(share), after: z.array(sampledShare),
  whenOn: z.array(sampledShare).nullable().describe('Who would get which variant if the flag were on; null when the change leaves it on.'),
  moves: z.array(z.object({ from: z.string().nullable(), to: z.string().nullable(), users: z.number().int() })),
  unknownAttributes: z.array(z.string()).describe('Attributes in conditions that the directory does not know: only the host sends them, so no user matches them here.'),
  diff: flagDiff,
}).meta({ id: 'FlagPreview' });
export type FlagPreview = z.output<typeof flagPreview>;

export const flagExplanation = z.object({
  value: z.unknown(), variant: z.string().nullable(), reason: reasonName, ruleId: z.string().nullable(), context: z.record(z.string(), z.unknown()),
  bucket: z.number().int().nullable().describe('0 to 99,999; a percentage p serves the buckets below p x 1,000.'),
  trace: z.array(z.object({ step: z.string(), matched: z.boolean(), text: z.string() })),
});

/** A definition with all its lists of users and segments; the largest that hosts should have to load with each policy. */
const DEFINITION_BYTES = 2 * 1_024 * 1_024;
const params = z.object({ key: flagKey });
const previewToken = z.string().optional().describe('The `token` of the preview; 409 with the new preview when it would touch others by now.');
const version = z.number().int().min(1).describe('The version the change was made from; 409 with the current flag and the difference when there is a newer one.');
const write = { reason, previewToken, version };
const written = z.object({ flag: flagDetail, auditSequence: z.number().int(), message: z.string() });
const metric = { source: 'exporter' } as const;
const read = { permission: 'flags:read' } as const;
const writing = { method: 'POST', permission: 'flags:write', params, response: written } as const;

export const flags = defineCapability({
  noun: 'flags',
  title: 'Flags',
  permissions: {
    'flags:read': { description: 'See flags, their rules, usage and history.', roles: ['super_admin', 'support_admin', 'finance_admin'] },
    'flags:write': { description: 'Create, change, switch, ramp, kill, archive and revert flags.', roles: ['super_admin'] },
  },
  metrics: [
    { ...metric, name: 'admincenter_flag_evaluations_total', type: 'counter', help: 'Evaluations reported by hosts and served by OFREP, by flag, served variant and reason; keys that are no flags count as `unknown`, errors have the variant `none`.', labels: { flag: { max: FLAG_LABEL_CAP }, variant: { max: FLAG_LABEL_CAP }, reason: FLAG_REASON_LABELS }, maxSeries: 990 },
    { ...metric, name: 'admincenter_flags', type: 'gauge', help: 'Flags by stage of life; stale is one variant alone for 30 days or no evaluation for 14, unless the flag is permanent.', labels: { lifecycle: FLAG_LIFECYCLES } },
    { ...metric, name: 'admincenter_flag_rollout_ratio', type: 'gauge', help: 'Share of users that the rollout of a flag serves, 0 while it is not on; archived flags have none.', labels: { flag: { max: FLAG_LABEL_CAP } } },
    { ...metric, name: 'admincenter_flag_changes_total', type: 'counter', help: 'Changes of flags, by who made them and what they did.', labels: { actor_kind: FLAG_ACTOR_KINDS, change: FLAG_CHANGES } },
    { ...metric, name: 'admincenter_flag_guardrail_breached', type: 'gauge', help: '1 while a guardrail of a ramp is violated, and after a rollback until a person starts the ramp again or aborts it.', labels: { flag: { max: GUARDRAIL_LABEL_CAP.flag }, guardrail: { max: GUARDRAIL_LABEL_CAP.guardrail } } },
  ],
  systemActions: ['flags.rollback', 'flags.planned'],
  endpoints: {
    list: { ...read, method: 'GET', path: '/api/v1/flags', summary: 'Flags by key; filter by stage of life, search in key, name and description.', query: z.object({ q: z.string().trim().max(200).optional(), lifecycle: z.enum(FLAG_LIFECYCLES).optional(), experiments: asked.describe('Only flags with an experiment.'), keys: z.string().max(2_000).optional().describe('Only flags with these keys, with commas between them.'), ...page }), response: pageOf(flagSummary).extend({ lifecycles: z.record(z.enum(FLAG_LIFECYCLES), z.number().int()) }) },
    get: { ...read, method: 'GET', path: '/api/v1/flags/:key', summary: 'One flag with its rules, rollout, plans and usage.', params, response: flagDetail },
    history: { ...read, method: 'GET', path: '/api/v1/flags/:key/history', summary: 'Versions of a flag with what each changed, newest first.', params, query: z.object(page), response: pageOf(flagVersion) },
    explain: { ...read, method: 'POST', reads: true, path: '/api/v1/flags/query/:key/explain', bodyBytes: DEFINITION_BYTES, summary: 'What one user or context is served, and why, by the stored rules or by a draft of them.', params, body: z.object({ userId: uuid.optional().describe('Attributes come from the directory; those in `context` are added.'), context: z.record(z.string(), z.unknown()).default({}), definition: flagDefinition.optional() }), response: flagExplanation },
    preview: { method: 'POST', reads: true, path: '/api/v1/flags/:key/preview', bodyBytes: DEFINITION_BYTES, permission: 'flags:write', summary: 'Who would be served another variant by a change: evaluated for every user of the directory.', params, body: z.object({ change: flagChange.nullable().describe('Null for what the flag does as it stands.') }), response: flagPreview },
    create: { ...writing, path: '/api/v1/flags/:key', bodyBytes: DEFINITION_BYTES, audit: 'flags.create', summary: 'Create a flag; it starts off.', body: z.object({ definition: flagDefinition, reason, previewToken }) },
    update: { ...writing, method: 'PUT', path: '/api/v1/flags/:key', bodyBytes: DEFINITION_BYTES, audit: 'flags.update', summary: 'Change a flag\'s definition.', body: z.object({ definition: flagDefinition, ...write }) },
    setState: { ...writing, path: '/api/v1/flags/:key/state', audit: 'flags.state', summary: 'Turn a flag on or off, kill it, archive it or bring it back.', body: z.object({ state: z.enum(FLAG_STATES), ...write }) },
    revert: { ...writing, path: '/api/v1/flags/:key/revert', audit: 'flags.revert', summary: 'Make an earlier version the newest again.', body: z.object({ to: z.number().int().min(1).describe('The version whose definition and state come back.'), ...write }) },
    startExperiment: { ...writing, path: '/api/v1/flags/:key/experiment/start', audit: 'flags.experiment', summary: 'Start the planned experiment; its hypothesis, metric, weights and size are frozen.', body: z.object(write) },
    stopExperiment: { ...writing, path: '/api/v1/flags/:key/experiment/stop', audit: 'flags.experiment', summary: 'Stop the experiment; who took part falls to the rollout or default.', body: z.object(write) },
    previewRamp: { method: 'POST', reads: true, path: '/api/v1/flags/:key/ramp/preview', permission: 'flags:write', summary: 'Who would be served another variant by starting, promoting or aborting the ramp.', params, body: z.object({ change: rampChange }), response: flagPreview },
    startRamp: { ...writing, path: '/api/v1/flags/:key/ramp/start', audit: 'flags.ramp', summary: 'Start the planned ramp with its first step, approved up to a step.', body: z.object({ approvedStep: z.number().int().min(0), ...write }) },
    promoteRamp: { ...writing, path: '/api/v1/flags/:key/ramp/promote', audit: 'flags.ramp', summary: 'Approve further steps of the ramp, or take the next one at once.', body: z.object({ approvedStep: z.number().int().min(0), now: z.boolean().default(false), ...write }) },
    pauseRamp: { ...writing, path: '/api/v1/flags/:key/ramp/pause', audit: 'flags.ramp', summary: 'Keep the ramp where it is; its guardrails still guard.', body: z.object(write) },
    resumeRamp: { ...writing, path: '/api/v1/flags/:key/ramp/resume', audit: 'flags.ramp', summary: 'Go on with a paused ramp.', body: z.object(write) },
    abortRamp: { ...writing, path: '/api/v1/flags/:key/ramp/abort', audit: 'flags.ramp', summary: 'End the ramp and go back to the percentage before it; ends the alert on one that was rolled back.', body: z.object(write) },
    checkGuardrail: { method: 'POST', reads: true, path: '/api/v1/flags/:key/guardrail-check', permission: 'flags:write', summary: 'What a guardrail\'s query gives now; refused with Prometheus\'s own words when it does not parse.', params, body: z.object({ guardrail: flagGuardrail, variant: z.string().max(64) }), response: guardrailCheck },
    guardrailHistory: { ...read, method: 'GET', path: '/api/v1/flags/:key/guardrails', summary: 'Evaluations of the guardrails, newest first; the last 200 of each are kept.', params, query: z.object({ guardrail: z.string().max(64).optional(), limit: page.limit }), response: z.object({ items: z.array(guardrailResult) }) },
    previewPlan: { method: 'POST', reads: true, path: '/api/v1/flags/:key/planned/preview', permission: 'flags:write', summary: 'Who would be served another variant by a planned change, at its time and by the plans before it.', params, body: z.object(plan), response: flagPreview },
    plan: { ...writing, path: '/api/v1/flags/:key/planned', audit: 'flags.plan', summary: 'Plan a change at a time; a worker applies it to the flag as it is then.', body: z.object({ ...plan, reason, previewToken }) },
    cancelPlanned: { ...writing, path: '/api/v1/flags/:key/planned/:plannedId/cancel', audit: 'flags.plan', summary: 'Cancel a planned change.', params: z.object({ key: flagKey, plannedId: uuid }), body: z.object({ reason }) },
  },
});
