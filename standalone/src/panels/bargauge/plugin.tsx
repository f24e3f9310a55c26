// The bar gauge panel: a bar per series.
import { PanelPlugin } from '@grafana/data';
import { LegendDisplayMode, VizOrientation } from '@grafana/schema';
import {
  defaultOptions,
  type Options,
} from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import { declarePanelOptions } from '../declare-options.ts';
import { BarGaugePanel } from './BarGaugePanel.tsx';

export const plugin = new PanelPlugin<Options>(BarGaugePanel).useFieldConfig().setPanelOptions((builder) =>
  declarePanelOptions(builder, {
    ...defaultOptions,
    reduceOptions: { values: false, calcs: ['lastNotNull'], fields: '' },
    orientation: VizOrientation.Auto,
    text: undefined,
    legend: { showLegend: false, displayMode: LegendDisplayMode.List, placement: 'bottom', calcs: [] },
  }),
);
