// Dashboard of distribution.
import * as panels from '../capabilities/distribution/panels.ts';
import { country } from '../platform/variables.ts';
import type { DashboardSpec } from './dashboard.ts';
import { headlineJson, panelJson, worldMapPanelJson } from './json-panels.ts';

export const distribution: DashboardSpec = {
  noun: 'distribution',
  title: 'Distribution',
  description: 'Where users are and what they use: the map, platforms, systems and browsers, and how well countries are told.',
  page: 'distribution',
  from: 'now-30d',
  variables: [country],
  rows: [
    { height: 5, panels: [headlineJson(panels.countries), headlineJson(panels.unknownShare), headlineJson(panels.hostingShare), headlineJson(panels.mobileShare)] },
    { height: 16, panels: [worldMapPanelJson()] },
    { height: 8, panels: [panelJson(panels.chosenCountry), panelJson(panels.byCountry), panelJson(panels.byPlatform)] },
    { height: 9, panels: [panelJson(panels.byOs), panelJson(panels.byBrowser)] },
    { height: 7, panels: [panelJson(panels.lookups), panelJson(panels.databaseAge)] },
  ],
};
