// One funnel with its bars, as a panel for any dashboard. No dynamic imports: a nested panel's chunks would not be found,
// since webpack puts them beside the app.
import '../../platform/jitless.ts';
import { PanelPlugin } from '@grafana/data';
import { FUNNEL_BREAKDOWNS } from '@admin-center/contracts/conversion-funnels';
import { FunnelPanel, type FunnelPanelOptions } from './FunnelPanel.tsx';

export const plugin = new PanelPlugin<FunnelPanelOptions>(FunnelPanel).setPanelOptions((builder) =>
  builder
    .addTextInput({ path: 'funnel', name: 'Funnel', description: 'Its key; empty shows the first funnel there is.', defaultValue: '' })
    .addSelect({ path: 'breakdown', name: 'Breakdown', description: 'What the bars are split by.', defaultValue: 'none', settings: { options: FUNNEL_BREAKDOWNS.map((value) => ({ value, label: value })) } })
    .addBooleanSwitch({ path: 'withTime', name: 'Time to conversion', description: 'Show how long conversion takes below the bars.', defaultValue: false })
);
