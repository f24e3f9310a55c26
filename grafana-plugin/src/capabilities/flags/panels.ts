// Flags as panels: what hosts evaluate, how far rollouts are, what was changed. One flag's own panels follow its key.
import { growthInRange, growthOverTime } from '../../platform/counter-panels.ts';
import { metricHelp, type Panel } from '../../platform/panel.ts';
import { gauge, rate, sum } from '../../platform/promql.ts';

/** Colours of a flag's stages of life, the same on its badge. */
export const LIFECYCLE_COLORS = { new: 'blue', live: 'green', stale: 'orange', killed: 'red', archived: 'text' } as const;
const REASON_COLORS = { targeting_match: 'green', split: 'purple', default: 'blue', static: 'light-blue', disabled: 'semi-dark-yellow', error: 'red', stale: 'orange' } as const;

export const evaluationsByFlag: Panel = {
  title: 'Evaluations by flag',
  description: metricHelp('admincenter_flag_evaluations_total'),
  viz: 'timeseries',
  unit: 'ops',
  queries: [{ expr: `${sum(rate('admincenter_flag_evaluations_total', {}, '$__rate_interval'), 'flag')} > 0`, legend: '{{flag}}' }],
  stack: true,
};

export const evaluationsByReason: Panel = {
  title: 'Evaluations by reason',
  description: metricHelp('admincenter_flag_evaluations_total'),
  viz: 'timeseries',
  unit: 'ops',
  queries: [{ expr: sum(rate('admincenter_flag_evaluations_total', {}, '$__rate_interval'), 'reason'), legend: '{{reason}}' }],
  stack: true,
  colors: REASON_COLORS,
};

export const changes = growthOverTime({
  title: 'Changes of flags',
  metric: 'admincenter_flag_changes_total',
  by: 'actor_kind',
  legend: 'by {{actor_kind}}',
  colors: { 'by admin': 'blue', 'by system': 'orange' },
});

export const changesInRange = growthInRange({ title: 'Changes in this time range', metric: 'admincenter_flag_changes_total', by: 'change' });

export const lifecycles: Panel = {
  title: 'Flags by stage of life',
  description: metricHelp('admincenter_flags'),
  viz: 'bargauge',
  unit: 'locale',
  queries: [{ expr: gauge('admincenter_flags'), legend: '{{lifecycle}}', instant: true }],
  colors: LIFECYCLE_COLORS,
};

export const rollouts: Panel = {
  title: 'Rollout of each flag',
  description: metricHelp('admincenter_flag_rollout_ratio'),
  viz: 'timeseries',
  unit: 'percentunit',
  queries: [{ expr: gauge('admincenter_flag_rollout_ratio'), legend: '{{flag}}' }],
};

/** The same for one flag. */
export const flagPanels = (flag: string) =>
  ({
    byVariant: {
      title: 'Evaluations by variant',
      description: metricHelp('admincenter_flag_evaluations_total'),
      viz: 'timeseries',
      unit: 'ops',
      queries: [{ expr: sum(rate('admincenter_flag_evaluations_total', { flag }, '$__rate_interval'), 'variant'), legend: '{{variant}}' }],
      stack: true,
      colors: { on: 'green', off: 'text' },
    },
    byReason: { ...evaluationsByReason, queries: [{ expr: sum(rate('admincenter_flag_evaluations_total', { flag }, '$__rate_interval'), 'reason'), legend: '{{reason}}' }] },
    rollout: { ...rollouts, title: 'Rollout', queries: [{ expr: gauge('admincenter_flag_rollout_ratio', { flag }), legend: 'Share of users' }], colors: { 'Share of users': 'green' } },
  }) satisfies Record<string, Panel>;
