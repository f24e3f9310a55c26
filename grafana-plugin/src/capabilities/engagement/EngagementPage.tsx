// The Engagement page: definitions D1 to D3 as graphs, with what counts as activity written above them.
import { QUALIFYING_EVENT } from '@admin-center/contracts/engagement';
import { Alert } from '@grafana/ui';
import type { EmbeddedScene } from '@grafana/scenes';
import { componentRow, graphPage, headlineRow, panelRow, type PageContext } from '../../platform/scene/page.ts';
import { tier } from '../../platform/variables.ts';
import * as panels from './panels.ts';

const Definition = () => (
  <Alert severity="info" title={`What counts as active (definition D1, version ${QUALIFYING_EVENT.version})`} bottomSpacing={0}>
    {QUALIFYING_EVENT.text}
  </Alert>
);

export const engagementPage = (context: PageContext): EmbeddedScene =>
  graphPage({
    variables: [tier],
    rows: [
      headlineRow([panels.onlineNow, panels.active1d, panels.active7d, panels.active30d, panels.stickiness, panels.medianSession], context),
      panelRow([panels.activeUsers, panels.activeUsersByTier], context),
      componentRow(Definition),
      panelRow([panels.stickinessByTier, panels.sessionDuration], context),
      panelRow([panels.concurrentUsers, panels.openSessions], context),
      panelRow([panels.sessionsPerUser, panels.openSessionsNow], context),
    ],
  });
