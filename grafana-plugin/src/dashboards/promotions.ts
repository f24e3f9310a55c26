// Dashboard of promotions: redemptions, what they cost and bring, referrals.
import * as panels from '../capabilities/promotions/panels.ts';
import type { DashboardSpec } from './dashboard.ts';
import { panelJson, promotionsPanelJson } from './json-panels.ts';

export const promotions: DashboardSpec = {
  noun: 'promotions',
  title: 'Promotions',
  description: 'Redemptions of codes and what is turned away, what campaigns cost and bring (D20), and referrals.',
  page: 'promotions',
  from: 'now-30d',
  variables: [],
  rows: [
    { height: 9, panels: [panels.redemptions, panels.attempts].map(panelJson) },
    { height: 9, panels: [panels.discount, panels.roi, panels.roiAge].map(panelJson) },
    { height: 8, panels: [panels.referrals, panels.rewardLiability].map(panelJson) },
    { height: 12, panels: [promotionsPanelJson()] },
  ],
};
