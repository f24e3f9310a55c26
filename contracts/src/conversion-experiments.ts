// Results of experiments: what was measured, how sure it is, and whether it may be believed. Everything here is read; the
// plan is frozen with the start of the experiment (flags), and no endpoint changes what came of it. D12 and D13.
import { z } from 'zod';
import { instant, page, pageOf, personRow } from './fields.ts';
import { flagKey, flagSplit } from './flags-definition.ts';

export const EXPERIMENT_METRIC_KINDS = ['event', 'count', 'feature', 'converted_to_paid', 'revenue'] as const;
export type ExperimentMetricKind = (typeof EXPERIMENT_METRIC_KINDS)[number];
export const EXPERIMENT_VERDICTS = ['not_computable', 'collecting', 'mismatch', 'blocked', 'higher', 'lower', 'mixed', 'no_difference', 'undecided'] as const;
export const EXPERIMENT_BREAKDOWNS = ['tier', 'platform', 'country'] as const;
export const EXPERIMENT_BOUNDS = ['lower', 'point', 'upper'] as const;
/** Fewer users than this in a cell could be told apart. */
export const SMALLEST_CELL = 5;
/** Experiments with series of their own; the rest are `other`. */
export const EXPERIMENT_LABEL_CAP = 40;

export interface ExperimentMetric {
  readonly kind: ExperimentMetricKind;
  readonly name: string | null;
}

/** The metric of a plan, where it is one that can be computed here; the database's keep_experiment reads the same forms. */
export function experimentMetric(text: string): ExperimentMetric | null {
  const metric = text.trim();
  const named = /^(event|count|feature):\s*(\S.{0,99})$/.exec(metric);
  if (named !== null) {
    return { kind: named[1] as ExperimentMetricKind, name: named[2] ?? null };
  }
  const revenue = /^revenue:\s*([A-Z]{3})$/.exec(metric);
  return revenue !== null ? { kind: 'revenue', name: revenue[1] ?? null } : metric === 'converted_to_paid' ? { kind: 'converted_to_paid', name: null } : null;
}

export function describeMetric(metric: ExperimentMetric): string {
  switch (metric.kind) {
    case 'event':
      return `Share of users with “${metric.name}” after they were exposed`;
    case 'count':
      return `“${metric.name}” per user after they were exposed`;
    case 'feature':
      return `Share of users of the feature “${metric.name}” after they were exposed`;
    case 'converted_to_paid':
      return 'Share of users whose first paid period started after they were exposed';
    case 'revenue':
      return `${metric.name} received per user after they were exposed`;
  }
}

const interval = z.object({ lower: z.number().nullable().describe('Null while the plan forbids to look.'), point: z.number(), upper: z.number().nullable() }).meta({ id: 'ExperimentInterval' });
export type ExperimentInterval = z.output<typeof interval>;

const effect = z.object({
  difference: interval.describe('Of the means.'),
  relative: interval.nullable().describe('Over the control\'s mean; null where that cannot be told from 0.'),
  p: z.number().nullable().describe('Of the fixed test, from the planned size on; the sequential interval has none.'),
}).meta({ id: 'ExperimentEffect' });
export type ExperimentEffect = z.output<typeof effect>;

const verdict = z.object({ state: z.enum(EXPERIMENT_VERDICTS), text: z.string() }).meta({ id: 'ExperimentVerdict' });
const ratio = z.object({
  state: z.enum(['too_few', 'ok', 'warning', 'alert']).describe('Bands of the chi-square test: p below 0.01 is a warning, below 0.001 with at least 0.1% off an alert; from 100 users on.'),
  p: z.number().nullable().describe('Of the chi-square test now.'),
  anytimeP: z.number().describe('Stays valid however often it is looked at, and never rises; the alert rule uses it.'),
  deviation: z.number().describe('Largest distance of a variant\'s share from its planned share.'),
}).meta({ id: 'ExperimentRatio' });

const variant = z.object({
  variant: z.string(), isControl: z.boolean(), users: z.number().int(), plannedShare: z.number(), mean: z.number().describe('Share of users, mean count or major units of money, by the metric.'),
  effect: effect.nullable().describe('Against the control; null for the control itself and where nothing can be said yet.'),
  adjusted: effect.nullable().describe('The same with CUPED; null where nothing is known from before.'),
}).meta({ id: 'ExperimentVariant' });

export const experimentSummary = z.object({
  flag: flagKey, name: z.string(), run: z.number().int(), state: z.enum(['running', 'stopped']), startedAt: instant, stoppedAt: instant.nullable(),
  metric: z.object({ text: z.string(), kind: z.enum(EXPERIMENT_METRIC_KINDS).nullable().describe('Null where the text cannot be computed here.'), name: z.string().nullable(), description: z.string() }),
  mode: z.enum(['sequential', 'fixed']), plannedN: z.number().int(), exposed: z.number().int(), ratio, verdict,
  daysToDecision: z.number().nullable().describe('If users keep coming as in the last 7 days; null when it is stopped, not computable, or nobody comes.'),
}).meta({ id: 'ExperimentSummary' });
export type ExperimentSummary = z.output<typeof experimentSummary>;

export const experimentResult = experimentSummary.extend({
  hypothesis: z.string(), control: z.string(), weights: flagSplit, alpha: z.number().describe('Of each comparison: 0.05 over the number of comparisons (Bonferroni).'), comparisons: z.number().int(), nStar: z.number().int(),
  isReadable: z.boolean().describe('False in the fixed mode until each variant has its planned size: bounds and p-values stay hidden.'),
  variants: z.array(variant),
  crossover: z.object({ users: z.number().int(), share: z.number(), isHigh: z.boolean().describe('Above 1%.') }).describe('Users who were shown more than one variant; they count with their first.'),
  cuped: z.object({ theta: z.number(), reduction: z.number().describe('Share of the variance it takes away.') }).nullable(),
  guardrails: z.array(z.object({
    name: z.string(), state: z.enum(['ok', 'hold', 'violation', 'not_evaluated']).describe('What it said last since the start: guardrails are evaluated while a ramp of the flag is under way.'), at: instant.nullable(), message: z.string(),
    before: z.object({ state: z.enum(['ok', 'hold', 'violation']), at: instant }).nullable().describe('What it said last in a ramp before the start; the verdict does not heed it.'),
  })),
  days: z.array(z.object({ day: z.iso.date(), variants: z.array(z.object({ variant: z.string(), users: z.number().int(), mean: z.number(), difference: interval.nullable() })) })).describe('Cumulative, as it stood at the end of each UTC day; with CUPED where the result is.'),
  runs: z.array(z.object({ run: z.number().int(), startedAt: instant, stoppedAt: instant.nullable() })),
});
export type ExperimentResult = z.output<typeof experimentResult>;

const params = z.object({ flag: flagKey });
const run = z.coerce.number().int().min(1).optional().describe('Which start of the experiment; the newest by default.');
const read = { method: 'GET', permission: 'conversion:read' } as const;

export const experimentEndpoints = {
  experiments: { ...read, path: '/api/v1/conversion/experiments', summary: 'Experiments that run or ran, newest start first, each with its verdict.', response: z.object({ items: z.array(experimentSummary) }) },
  experiment: { ...read, path: '/api/v1/conversion/experiments/:flag', summary: 'What came of an experiment: effects with their intervals, sample ratio, crossovers, guardrails and how it went day by day.', params, query: z.object({ run }), response: experimentResult },
  experimentBreakdown: {
    ...read, path: '/api/v1/conversion/experiments/:flag/breakdown', summary: 'The means split by what users were when they were exposed. Splits find differences by chance: take them as a question, not as a result.', params,
    query: z.object({ run, by: z.enum(EXPERIMENT_BREAKDOWNS) }),
    response: z.object({ rows: z.array(z.object({ value: z.string(), variants: z.array(z.object({ variant: z.string(), users: z.number().int().nullable().describe(`Null below ${SMALLEST_CELL}.`), mean: z.number().nullable() })) })) }),
  },
  experimentUsers: { ...read, path: '/api/v1/conversion/experiments/:flag/users', summary: 'Users who were exposed to a variant, newest first; anonymous visitors are not listed. Needs users:read too.', params, query: z.object({ run, variant: z.string().max(32), ...page }), response: pageOf(personRow) },
} as const;

const metric = { source: 'exporter', type: 'gauge' } as const;
const experiment = { max: EXPERIMENT_LABEL_CAP } as const;
const label = { max: 100 } as const;

export const experimentMetrics = [
  { ...metric, name: 'admincenter_experiment_exposed_users', help: 'Users and visitors that a running experiment exposed, by the variant they saw first.', labels: { experiment, variant: label }, maxSeries: 400 },
  { ...metric, name: 'admincenter_experiment_srm_pvalue', help: 'Anytime-valid p-value of the ratio of exposed users against the plan (D12): 1 over the largest Bayes factor so far. It may be looked at as often as one likes.', labels: { experiment } },
  { ...metric, name: 'admincenter_experiment_effect_ratio', help: 'Relative effect of a variant on the metric of a running experiment, with its interval (D13). A fixed experiment has no bounds before its planned size; no series while the control cannot be told from 0.', labels: { experiment, variant: label, bound: EXPERIMENT_BOUNDS }, maxSeries: 900 },
] as const;
