// Dashboard of engagement: definitions D1 to D5, and the retention grid.
import * as panels from '../capabilities/engagement/panels.ts';
import { tier } from '../platform/variables.ts';
import type { DashboardSpec } from './dashboard.ts';
import { headlineJson, panelJson, retentionPanelJson } from './json-panels.ts';

export const engagement: DashboardSpec = {
  noun: 'engagement',
  title: 'Engagement',
  description: 'Who is active (D1), how often they come back (D2), how long they stay (D3), who is retained (D4), where they come from (D5).',
  page: 'engagement',
  from: 'now-30d',
  variables: [tier],
  rows: [
    { height: 5, panels: [panels.onlineNow, panels.active1d, panels.active7d, panels.active30d, panels.stickiness, panels.medianSession].map(headlineJson) },
    { height: 9, panels: [panels.activeUsers, panels.activeUsersByTier].map(panelJson) },
    { height: 16, panels: [retentionPanelJson()] },
    { height: 8, panels: [panels.retentionBounded, panels.retentionUnbounded].map(panelJson) },
    { height: 8, panels: [panels.lifecycleWeek, panels.dormantWeek].map(panelJson) },
    { height: 8, panels: [panels.featureUsers, panels.featureUses].map(panelJson) },
    { height: 8, panels: [panels.stickinessByTier, panels.sessionDuration, panels.singleEvents].map(panelJson) },
    { height: 8, panels: [panels.concurrentUsers, panels.openSessions].map(panelJson) },
    { height: 8, panels: [panels.sessionsPerUser, panels.openSessionsNow].map(panelJson) },
  ],
};
