// Dashboard of revenue: definitions D6 to D8 and D11.
import * as headlines from '../capabilities/subscriptions/headlines.ts';
import * as panels from '../capabilities/subscriptions/panels.ts';
import { currency, tierPattern } from '../platform/variables.ts';
import type { DashboardSpec } from './dashboard.ts';
import { headlineJson, panelJson } from './json-panels.ts';

const { mrr, payingUsers, arpu, netRevenue, logoChurn, revenueChurn, netRetention, trialConversion } = headlines;

export const subscriptions: DashboardSpec = {
  noun: 'subscriptions',
  title: 'Revenue',
  description: 'Recurring revenue (D8), what moves it, churn (D6, D7), trials (D11), payments and refunds.',
  page: 'subscriptions',
  from: 'now-90d',
  variables: [currency, tierPattern],
  rows: [
    { height: 5, panels: [mrr, payingUsers, arpu, netRevenue].map(headlineJson) },
    { height: 5, panels: [logoChurn, revenueChurn, netRetention, trialConversion].map(headlineJson) },
    { height: 9, panels: [panels.mrrByTier, panels.movements].map(panelJson) },
    { height: 8, panels: [panels.churn, panels.netRevenueRetention].map(panelJson) },
    { height: 8, panels: [panels.mrrByCurrency, panels.payingUsers, panels.arpu].map(panelJson) },
    { height: 8, panels: [panels.trials, panels.trialConversion, panels.subscriptionsByState].map(panelJson) },
    { height: 8, panels: [panels.paymentsReceived].map(panelJson) },
    { height: 8, panels: [panels.paymentResults, panels.declines, panels.refunds].map(panelJson) },
  ],
};
