// The Overview as a dashboard: is the business well, and did an admin just change something.
import { active30d, activeUsers, onlineNow } from '../capabilities/engagement/panels.ts';
import { logoChurn, mrr, payingUsers, paymentSuccess } from '../capabilities/subscriptions/headlines.ts';
import { mrrByTier, paymentsReceived } from '../capabilities/subscriptions/panels.ts';
import { signups, signups7d } from '../capabilities/users/panels.ts';
import { currency, tier } from '../platform/variables.ts';
import type { DashboardSpec } from './dashboard.ts';
import { headlineJson, panelJson } from './json-panels.ts';

export const core: DashboardSpec = {
  noun: 'core',
  title: 'Overview',
  description: 'How the business is doing: users, revenue, churn, payments.',
  page: 'overview',
  from: 'now-30d',
  variables: [tier, currency],
  rows: [
    { height: 5, panels: [onlineNow, active30d, signups7d, mrr].map(headlineJson) },
    { height: 5, panels: [payingUsers, logoChurn, paymentSuccess].map(headlineJson) },
    { height: 9, panels: [activeUsers, mrrByTier].map(panelJson) },
    { height: 9, panels: [signups, paymentsReceived].map(panelJson) },
  ],
};
