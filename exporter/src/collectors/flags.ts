// Flags by stage of life, how far each is rolled out, and the counters of evaluations and changes.
import { flags as capability } from '@admin-center/contracts/flags';
import { type Collector, samplesOf } from '../collector.ts';
import { counter, nowOf } from '../counter.ts';

/** Thousandths of a percent, so that steps add up exactly. */
const ROLLOUT_UNITS = 100_000;
const ROLLOUTS = 'SELECT * FROM admin_center.rollout_steps($1)';
const changes = counter('admincenter_flag_changes_total', ['actor_kind', 'change']);
/** Kept by day only, so their past has no hours. */
const evaluations = counter('admincenter_flag_evaluations_total', ['flag', 'variant', 'reason']);

export const flags: Collector = {
  name: 'flags',
  capability,
  // Short, so that guardrails judge what a ramp serves now.
  intervalSeconds: 5,
  timeoutMs: 10_000,
  steps: [ROLLOUTS, changes.steps],
  now: { [ROLLOUTS]: `SELECT fact, 0 AS step, round(value * ${ROLLOUT_UNITS}) AS delta, flag FROM admin_center.flag_fact WHERE fact = 'rollout'`, ...nowOf([changes]) },
  present: [
    "SELECT fact, 0 AS step, value AS delta, lifecycle FROM admin_center.flag_fact WHERE fact = 'flags'",
    'SELECT \'breached\' AS fact, 0 AS step, breached::integer AS delta, flag, guardrail FROM admin_center.flag_guardrail_breach',
    evaluations.now,
  ],
  // Without a flag that is rolled out, evaluated, or has guardrails.
  mayBeAbsent: ['admincenter_flag_evaluations_total', 'admincenter_flag_rollout_ratio', 'admincenter_flag_guardrail_breached'],
  samples: (facts) => [
    ...evaluations.samples(facts),
    ...samplesOf('admincenter_flags', facts.totals('flags')),
    ...samplesOf('admincenter_flag_rollout_ratio', facts.totals('rollout'), ROLLOUT_UNITS),
    ...changes.samples(facts),
    ...samplesOf('admincenter_flag_guardrail_breached', facts.totals('breached')),
  ],
};
