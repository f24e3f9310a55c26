// Flags by stage of life, how far each is rolled out, and the counters of evaluations and changes.
import { flags as capability } from '@admin-center/contracts/flags';
import { type Collector, samplesOf } from '../collector.ts';

export const flags: Collector = {
  name: 'flags',
  capability,
  // Short, so that guardrails judge what a ramp serves now.
  intervalSeconds: 5,
  timeoutMs: 10_000,
  steps: [],
  present: [
    'SELECT fact, 0 AS step, value AS delta, lifecycle, flag FROM admin_center.flag_fact',
    'SELECT \'breached\' AS fact, 0 AS step, breached::integer AS delta, flag, guardrail FROM admin_center.flag_guardrail_breach',
    `SELECT 'evaluations' AS fact, 0 AS step, value AS delta, labels ->> 'flag' AS flag, labels ->> 'variant' AS variant, labels ->> 'reason' AS reason
     FROM admin_center.counter WHERE metric = 'admincenter_flag_evaluations_total'`,
    `SELECT 'changes' AS fact, 0 AS step, value AS delta, labels ->> 'actor_kind' AS actor_kind, labels ->> 'change' AS change
     FROM admin_center.counter WHERE metric = 'admincenter_flag_changes_total'`,
  ],
  // Without a flag that is rolled out, evaluated, or has guardrails.
  mayBeAbsent: ['admincenter_flag_evaluations_total', 'admincenter_flag_rollout_ratio', 'admincenter_flag_guardrail_breached'],
  samples: (facts) => [
    ...samplesOf('admincenter_flag_evaluations_total', facts.totals('evaluations')),
    ...samplesOf('admincenter_flags', facts.totals('flags')),
    ...samplesOf('admincenter_flag_rollout_ratio', facts.totals('rollout')),
    ...samplesOf('admincenter_flag_changes_total', facts.totals('changes')),
    ...samplesOf('admincenter_flag_guardrail_breached', facts.totals('breached')),
  ],
};
