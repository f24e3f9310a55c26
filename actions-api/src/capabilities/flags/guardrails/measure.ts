// Asks all guardrails of a flag at once, each for its number and for how often its variant was evaluated.
import { createPrometheusClient } from '@admin-center/platform/prometheus';
import type { Config } from '../../../config.ts';
import { type Guardrail, judge, type Verdict } from './judge.ts';
import type { Finding } from './ramp.ts';
import { createSampler, type Sampler, type Sampling } from './sampler.ts';
import { fillIn, type Subject, TemplateError } from './template.ts';

/** Well within an interval: a Prometheus that hangs is one that holds. */
const TIMEOUT_MS = 5_000;
/** How many times the variant was served in the 5 minutes before. */
const EVALUATIONS = 'sum(increase(admincenter_flag_evaluations_total{flag={{flag}},variant={{variant}}}[5m]))';
const NOT_CONFIGURED: Sampler = { sample: async () => ({ kind: 'none', why: 'PROMETHEUS_URL is not set.' }) };

export interface Measured {
  readonly finding: Finding;
  readonly sampling: Sampling;
}

export interface Guard {
  /** Whether there is a Prometheus to ask. */
  readonly configured: boolean;
  /** Never throws. @param now by the database's clock, like all that ramps are timed with; numbers of another time hold */
  measure(subject: Subject, guardrail: Guardrail, now: Date): Promise<Measured>;
}

/** @param signal ends questions that are under way */
export function createGuard({ PROMETHEUS_URL }: Pick<Config, 'PROMETHEUS_URL'>, signal: AbortSignal = new AbortController().signal): Guard {
  const sampler = PROMETHEUS_URL === undefined ? NOT_CONFIGURED : createSampler(createPrometheusClient(PROMETHEUS_URL, TIMEOUT_MS), signal);
  return {
    configured: PROMETHEUS_URL !== undefined,
    async measure(subject, guardrail, now) {
      const { query, refusal } = fill(guardrail.promql, subject);
      const [value, sample] = await Promise.all([
        refusal ?? sampler.sample(query),
        guardrail.minimumSample === 0 ? null : sampler.sample(fillIn(EVALUATIONS, subject)),
      ]);
      const verdict: Verdict = judge(guardrail, value, sample, now);
      return { sampling: value, finding: { ...verdict, guardrail: guardrail.name, query } };
    },
  };
}

function fill(template: string, subject: Subject): { readonly query: string; readonly refusal: Sampling | null } {
  try {
    return { query: fillIn(template, subject), refusal: null };
  } catch (error) {
    if (error instanceof TemplateError) {
      return { query: template, refusal: { kind: 'refused', why: error.message } };
    }
    throw error;
  }
}
