// Dashboard of impersonation: how many sessions there are, how they end, and what was refused in them.
import * as panels from '../capabilities/impersonation/panels.ts';
import type { DashboardSpec } from './dashboard.ts';
import { headlineJson, impersonationPanelJson, panelJson } from './json-panels.ts';

export const impersonation: DashboardSpec = {
  noun: 'impersonation',
  title: 'Impersonation',
  description: 'How many sessions there are in which an admin uses the product as a user, how they end, how long they last, and what they were refused.',
  page: 'impersonation',
  from: 'now-7d',
  variables: [],
  rows: [
    { height: 6, panels: [headlineJson(panels.activeSessions), panelJson(panels.oldestActive)] },
    { height: 8, panels: [panels.sessions, panels.sessionsOver].map(panelJson) },
    { height: 8, panels: [panels.blockedActions, panels.reasonsInRange, panels.duration].map(panelJson) },
    { height: 9, panels: [impersonationPanelJson()] },
  ],
};
