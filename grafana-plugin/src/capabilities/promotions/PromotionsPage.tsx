// The Promotions page: what is redeemed and what it costs as graphs, the lists behind their tabs below.
import type { EmbeddedScene } from '@grafana/scenes';
import { componentRow, graphPage, panelRow, type PageContext } from '../../platform/scene/page.ts';
import * as panels from './panels.ts';
import { PromotionsTabs } from './PromotionsTabs.tsx';

export const promotionsPage = (context: PageContext): EmbeddedScene =>
  graphPage({
    from: 'now-30d',
    rows: [panelRow([panels.redemptions, panels.attempts, panels.discount], context, 260), componentRow(PromotionsTabs), panelRow([panels.roi, panels.referrals, panels.rewardLiability], context, 260)],
  });
