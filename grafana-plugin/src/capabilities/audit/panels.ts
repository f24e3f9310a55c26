// The audit log as panels: what admins do, how long it takes, whether the chain holds.
import { growthInRange, growthOverTime } from '../../platform/counter-panels.ts';
import { metricHelp, type Panel } from '../../platform/panel.ts';
import { quantile, series } from '../../platform/promql.ts';

const OUTCOMES = { success: 'green', denied: 'orange', failed: 'red' };

export const actions = growthOverTime({ title: 'Admin actions', metric: 'admincenter_actions_total', by: 'action', onlyGrown: true });

export const actionsByOutcome = growthOverTime({ title: 'Admin actions by outcome', metric: 'admincenter_actions_total', by: 'outcome', colors: OUTCOMES });

export const outcomesInRange = growthInRange({ title: 'Admin actions in this time range, by outcome', metric: 'admincenter_actions_total', by: 'outcome', colors: OUTCOMES });

export const rolesInRange = growthInRange({ title: 'Admin actions in this time range, by role', metric: 'admincenter_actions_total', by: 'actor_role', names: { none: 'no role' } });

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
