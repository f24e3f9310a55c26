// Dashboard of the flags: what hosts evaluate, how far rollouts are, what was changed, and the table to act on them.
import { changes, changesInRange, evaluationsByFlag, evaluationsByReason, lifecycles, rollouts } from '../capabilities/flags/panels.ts';
import type { DashboardSpec } from './dashboard.ts';
import { flagsPanelJson, panelJson } from './json-panels.ts';

export const flags: DashboardSpec = {
  noun: 'flags',
  title: 'Flags',
  description: 'What hosts evaluate and why, how far each flag is rolled out, what was changed by whom, and the table to switch them.',
  page: 'flags',
  from: 'now-24h',
  variables: [],
  rows: [
    { height: 9, panels: [evaluationsByFlag, evaluationsByReason].map(panelJson) },
    { height: 9, panels: [rollouts, lifecycles].map(panelJson) },
    { height: 8, panels: [changes, changesInRange].map(panelJson) },
    { height: 14, panels: [flagsPanelJson()] },
  ],
};
