// The audit log as panels: what admins do, how long it takes, whether the chain holds.
import { BAR_POINTS, metricHelp, type Panel } from '../../platform/panel.ts';
import { growth, quantile, series, sum } from '../../platform/promql.ts';

export const actions: Panel = {
  title: 'Admin actions',
  description: metricHelp('admincenter_actions_total'),
  viz: 'timeseries',
  points: BAR_POINTS,
  unit: 'short',
  decimals: 0,
  bars: true,
  stack: true,
  queries: [{ expr: `${sum(growth('admincenter_actions_total', undefined, '$__rate_interval'), 'action')} > 0`, legend: '{{action}}' }],
};

export const actionsByOutcome: Panel = {
  title: 'Admin actions by outcome',
  description: metricHelp('admincenter_actions_total'),
  viz: 'timeseries',
  points: BAR_POINTS,
  unit: 'short',
  decimals: 0,
  bars: true,
  stack: true,
  queries: [{ expr: sum(growth('admincenter_actions_total', undefined, '$__rate_interval'), 'outcome'), legend: '{{outcome}}' }],
  colors: { success: 'green', denied: 'orange', failed: 'red' },
};

const inRange = (label: string): string => `round(${sum(growth('admincenter_actions_total', undefined, '$__range'), label)})`;

export const outcomesInRange: Panel = {
  title: 'Admin actions in this time range, by outcome',
  description: metricHelp('admincenter_actions_total'),
  viz: 'bargauge',
  unit: 'locale',
  queries: [{ expr: inRange('outcome'), legend: '{{outcome}}', instant: true }],
  colors: { success: 'green', denied: 'orange', failed: 'red' },
};

export const rolesInRange: Panel = {
  title: 'Admin actions in this time range, by role',
  description: metricHelp('admincenter_actions_total'),
  viz: 'bargauge',
  unit: 'locale',
  queries: [{ expr: inRange('actor_role'), legend: '{{actor_role}}', instant: true }],
  names: { none: 'no role' },
};

export const actionDuration: Panel = {
  title: 'Time an action takes',
  description: metricHelp('admincenter_action_duration_seconds'),
  viz: 'timeseries',
  unit: 's',
  queries: [
    { expr: quantile(0.5, 'admincenter_action_duration_seconds', '$__rate_interval'), legend: 'Median' },
    { expr: quantile(0.95, 'admincenter_action_duration_seconds', '$__rate_interval'), legend: '95% are faster' },
  ],
};

export const chainHead: Panel = {
  title: 'Entries in the chain',
  description: metricHelp('admincenter_audit_chain_head_sequence'),
  viz: 'timeseries',
  unit: 'short',
  queries: [{ expr: series('admincenter_audit_chain_head_sequence'), legend: 'Newest entry' }],
  freeAxis: true,
};

export const chainValid: Panel = {
  title: 'Chain intact',
  description: metricHelp('admincenter_audit_chain_valid'),
  viz: 'stat',
  unit: 'bool_yes_no',
  queries: [{ expr: series('admincenter_audit_chain_valid'), legend: 'Intact', instant: true }],
};

export const outboxPending: Panel = {
  title: 'Actions waiting to become marks',
  description: metricHelp('admincenter_outbox_pending'),
  viz: 'timeseries',
  unit: 'short',
  queries: [{ expr: series('admincenter_outbox_pending'), legend: 'Waiting' }],
};
