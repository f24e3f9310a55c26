// Dashboard of the flags: what hosts evaluate, how far rollouts are, what was changed.
import { changes, changesInRange, evaluationsByFlag, evaluationsByReason, lifecycles, rollouts } from '../capabilities/flags/panels.ts';
import type { DashboardSpec } from './dashboard.ts';
import { panelJson } from './json-panels.ts';

export const flags: DashboardSpec = {
  noun: 'flags',
  title: 'Flags',
  description: 'What hosts evaluate and why, how far each flag is rolled out, and what was changed by whom.',
  page: 'flags',
  from: 'now-24h',
  variables: [],
  rows: [
    { height: 9, panels: [evaluationsByFlag, evaluationsByReason].map(panelJson) },
    { height: 9, panels: [rollouts, lifecycles].map(panelJson) },
    { height: 8, panels: [changes, changesInRange].map(panelJson) },
  ],
};
