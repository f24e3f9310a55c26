// The Revenue page: recurring revenue, what moves it, churn, trials, payments, and the users behind the numbers.
import type { EmbeddedScene } from '@grafana/scenes';
import { componentRow, graphPage, headlineRow, panelRow, type PageContext } from '../../platform/scene/page.ts';
import { currency, tierPattern } from '../../platform/variables.ts';
import * as headlines from './headlines.ts';
import * as panels from './panels.ts';
import { RevenueLists } from './RevenueLists.tsx';
import { waterfallPanel } from './WaterfallPanel.tsx';

export const subscriptionsPage = (context: PageContext): EmbeddedScene =>
  graphPage({
    from: 'now-90d',
    variables: [currency, tierPattern],
    rows: [
      headlineRow([headlines.mrr, headlines.payingUsers, headlines.arpu, headlines.netRevenue, headlines.logoChurn, headlines.revenueChurn, headlines.netRetention, headlines.trialConversion], context),
      panelRow([panels.mrrByTier, waterfallPanel(context.source)], context, 300),
      panelRow([panels.movements, panels.churn], context),
      panelRow([panels.netRevenueRetention, panels.mrrByCurrency], context),
      panelRow([panels.payingUsers, panels.arpu], context),
      panelRow([panels.trials, panels.trialConversion], context),
      panelRow([panels.paymentsReceived, panels.subscriptionsByState], context),
      panelRow([panels.paymentResults, panels.declines, panels.refunds], context),
      componentRow(RevenueLists),
    ],
  });
