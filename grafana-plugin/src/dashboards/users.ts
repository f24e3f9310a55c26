// Dashboard of the users: how many, how many come, and the table to act on them.
import { signups, signups7d, suspended, usersByState, usersByTier } from '../capabilities/users/panels.ts';
import type { DashboardSpec } from './dashboard.ts';
import { headlineJson, panelJson, usersPanelJson } from './json-panels.ts';

export const users: DashboardSpec = {
  noun: 'users',
  title: 'Users',
  description: 'How many users there are, how many come, how many are suspended, and the table to find and act on them.',
  page: 'users',
  from: 'now-30d',
  variables: [],
  rows: [
    { height: 6, panels: [headlineJson(signups7d), panelJson(usersByState)] },
    { height: 8, panels: [panelJson(usersByTier), panelJson(signups), panelJson(suspended)] },
    { height: 14, panels: [usersPanelJson()] },
  ],
};
