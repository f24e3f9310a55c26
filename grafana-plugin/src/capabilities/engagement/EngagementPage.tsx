// The Engagement page: live gauges of trailing windows above, counts of calendar days behind their tabs, what is open and
// used below. The definition of active stands under what rests on it.
import type { EmbeddedScene } from '@grafana/scenes';
import { componentRow, graphPage, headlineRow, panelRow, type PageContext } from '../../platform/scene/page.ts';
import { tier } from '../../platform/variables.ts';
import { Definition } from './Definition.tsx';
import { EngagementTabs } from './EngagementTabs.tsx';
import * as panels from './panels.ts';

export const engagementPage = (context: PageContext): EmbeddedScene =>
  graphPage({
    variables: [tier],
    rows: [
      headlineRow([panels.onlineNow, panels.active1d, panels.active7d, panels.active30d, panels.stickiness, panels.medianSession], context),
      panelRow([panels.activeUsers, panels.activeUsersByTier], context),
      componentRow(Definition),
      componentRow(EngagementTabs),
      panelRow([panels.retentionBounded, panels.lifecycleWeek, panels.dormantWeek], context),
      panelRow([panels.featureUsers, panels.featureUses], context),
      panelRow([panels.stickinessByTier, panels.sessionDuration, panels.singleEvents], context),
      panelRow([panels.concurrentUsers, panels.openSessions], context),
      panelRow([panels.sessionsPerUser, panels.openSessionsNow], context),
    ],
  });
