// Dashboard of the audit log: what admins do, and whether the chain of hashes holds.
import * as panels from '../capabilities/audit/panels.ts';
import type { DashboardSpec } from './dashboard.ts';
import { panelJson } from './json-panels.ts';

export const audit: DashboardSpec = {
  noun: 'audit',
  title: 'Audit',
  description: 'What admins do, how long it takes, and whether the chain of hashes holds.',
  page: 'audit',
  from: 'now-7d',
  variables: [],
  rows: [
    { height: 6, panels: [panels.chainValid, panels.chainHead, panels.outboxPending].map(panelJson) },
    { height: 9, panels: [panels.actions, panels.actionsByOutcome].map(panelJson) },
    { height: 8, panels: [panels.actionDuration].map(panelJson) },
  ],
};
