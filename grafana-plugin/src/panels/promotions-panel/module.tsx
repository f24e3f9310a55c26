// The campaigns with their buttons, as a panel for any dashboard. No dynamic imports: a nested panel's chunks would not be
// found, since webpack puts them beside the app.
import '../../platform/jitless.ts';
import { PanelPlugin } from '@grafana/data';
import { CAMPAIGN_STATES } from '@admin-center/contracts/promotions';
import { PromotionsPanel, type PromotionsPanelOptions } from './PromotionsPanel.tsx';

export const plugin = new PanelPlugin<PromotionsPanelOptions>(PromotionsPanel).setPanelOptions((builder) =>
  builder
    .addSelect({ path: 'state', name: 'State', description: 'Only the campaigns in this state.', defaultValue: '', settings: { options: [{ value: '', label: 'Any' }, ...CAMPAIGN_STATES.map((value) => ({ value, label: value }))] } })
    .addNumberInput({ path: 'pageSize', name: 'Campaigns a page', defaultValue: 10, settings: { min: 1, max: 100, integer: true } })
);
