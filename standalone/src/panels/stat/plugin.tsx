// The stat panel: one big value per series, with a sparkline behind it.
import { PanelPlugin } from '@grafana/data';
import { VizOrientation } from '@grafana/schema';
import {
  defaultOptions,
  type Options,
} from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import { declarePanelOptions } from '../declare-options.ts';
import { StatPanel } from './StatPanel.tsx';

export const plugin = new PanelPlugin<Options>(StatPanel)
  .useFieldConfig()
  .setPanelOptions((builder) =>
    declarePanelOptions(builder, {
      ...defaultOptions,
      reduceOptions: { values: false, calcs: ['lastNotNull'], fields: '' },
      orientation: VizOrientation.Auto,
      text: undefined,
    }),
  )
  .setNoPadding();
