// Dashboard of conversion: rates, how far the persons of each funnel come and how long it takes, and one funnel with its bars.
import { entered, enteredOverTime, freeToPremium, freeToPremiumMatured, funnelsOverTime, premiumToEnterprise, ratesOverTime, stepsNow, timeToConversion } from '../capabilities/conversion/panels.ts';
import type { DashboardSpec } from './dashboard.ts';
import { experimentPanelJson, funnelPanelJson, headlineJson, panelJson } from './json-panels.ts';

export const conversion: DashboardSpec = {
  noun: 'conversion',
  title: 'Conversion',
  description: 'Who becomes a paying user, through which steps, and how long it takes.',
  page: 'conversion',
  from: 'now-30d',
  variables: [],
  rows: [
    { height: 5, panels: [freeToPremium, freeToPremiumMatured, premiumToEnterprise, entered].map(headlineJson) },
    { height: 9, panels: [ratesOverTime, funnelsOverTime].map(panelJson) },
    { height: 9, panels: [enteredOverTime, timeToConversion, stepsNow].map(panelJson) },
    { height: 16, panels: [funnelPanelJson()] },
    { height: 10, panels: [experimentPanelJson()] },
  ],
};
