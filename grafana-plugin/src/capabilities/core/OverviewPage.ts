// The Overview: in five seconds, is the business well, and did an admin just change something.
import type { EmbeddedScene } from '@grafana/scenes';
import { componentRow, graphPage, headlineRow, panelRow, type PageContext } from '../../platform/scene/page.ts';
import { Ranged } from '../../platform/scene/ranged.tsx';
import { currency, tier } from '../../platform/variables.ts';
import { ApprovalsWaiting } from '../audit/ApprovalsWaiting.tsx';
import { LatestActions } from '../audit/LatestActions.tsx';
import { active30d, activeUsers, onlineNow } from '../engagement/panels.ts';
import { logoChurn, mrr, payingUsers, paymentSuccess } from '../subscriptions/headlines.ts';
import { mrrByTier, paymentsReceived } from '../subscriptions/panels.ts';
import { signups, signups7d } from '../users/panels.ts';
import { PartsTile } from './PartsTile.tsx';

const MONEY = 'subscriptions:read';

export const overviewPage = (context: PageContext): EmbeddedScene =>
  graphPage({
    variables: [tier, currency],
    rows: [
      componentRow(ApprovalsWaiting),
      headlineRow([onlineNow, active30d, signups7d, mrr, payingUsers, logoChurn, paymentSuccess], context, new Ranged({ component: PartsTile })),
      panelRow([activeUsers, { panel: mrrByTier, permission: MONEY }], context, 300),
      panelRow([signups, { panel: paymentsReceived, permission: MONEY }], context, 300),
      componentRow(LatestActions),
    ],
  });
