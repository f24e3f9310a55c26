// The time series panel: its options as Grafana declares them, drawn with @grafana/ui.
import { FieldColorModeId, FieldConfigProperty, FieldType, PanelPlugin, type Field } from '@grafana/data';
import {
  AxisColorMode,
  AxisPlacement,
  BarAlignment,
  GraphDrawStyle,
  GraphGradientMode,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LineInterpolation,
  ScaleDistribution,
  SortOrder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
} from '@grafana/schema';
import type {
  FieldConfig,
  Options,
} from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import { declareFieldOptions, declarePanelOptions } from '../declare-options.ts';
import { TimeSeriesPanel } from './TimeSeriesPanel.tsx';

const LINE = {
  drawStyle: GraphDrawStyle.Line,
  lineInterpolation: LineInterpolation.Linear,
  lineWidth: 1,
  lineStyle: { fill: 'solid' },
  lineColor: undefined,
  fillOpacity: 0,
  fillColor: undefined,
  fillBelowTo: undefined,
  gradientMode: GraphGradientMode.None,
  barAlignment: BarAlignment.Center,
  barWidthFactor: 0.6,
  barMaxWidth: undefined,
  spanNulls: false,
  insertNulls: false,
  showPoints: VisibilityMode.Auto,
  showValues: false,
  pointSize: 5,
  pointColor: undefined,
  pointSymbol: undefined,
  stacking: { mode: StackingMode.None, group: 'A' },
  transform: undefined,
  thresholdsStyle: { mode: GraphThresholdsStyleMode.Off },
};

const AXIS = {
  axisPlacement: AxisPlacement.Auto,
  axisLabel: '',
  axisColorMode: AxisColorMode.Text,
  axisBorderShow: false,
  axisCenteredZero: false,
  axisGridShow: undefined,
  axisSoftMin: undefined,
  axisSoftMax: undefined,
  axisWidth: undefined,
  scaleDistribution: { type: ScaleDistribution.Linear },
};

const drawn = (field: Field): boolean =>
  field.type === FieldType.number || field.type === FieldType.enum || field.type === FieldType.boolean;

// Without this declaration the annotations of a scene never reach the panel.
export const plugin = new PanelPlugin<Options, FieldConfig>(TimeSeriesPanel)
  .useFieldConfig({
    standardOptions: { [FieldConfigProperty.Color]: { defaultValue: { mode: FieldColorModeId.PaletteClassic } } },
    useCustomConfig(builder) {
      declareFieldOptions(builder, { ...LINE, ...AXIS }, drawn);
      declareFieldOptions(builder, { hideFrom: { tooltip: false, viz: false, legend: false } }, () => true);
    },
  })
  .setPanelOptions((builder) =>
    declarePanelOptions(builder, {
      timezone: undefined,
      tooltip: { mode: TooltipDisplayMode.Single, sort: SortOrder.None, hideZeros: false },
      legend: { displayMode: LegendDisplayMode.List, placement: 'bottom', showLegend: true, calcs: [] },
    }),
  )
  .setDataSupport({ annotations: true, alertStates: true });
