// A panel of plain data as a Scenes panel.
import { FieldColorModeId, FieldMatcherID, ThresholdsMode, type ConfigOverrideRule } from '@grafana/data';
import { BarGaugeDisplayMode, BarGaugeNamePlacement, BarGaugeValueMode, BigValueColorMode, BigValueGraphMode, GraphDrawStyle, GraphGradientMode, LegendDisplayMode, LineInterpolation, SortOrder, StackingMode, TooltipDisplayMode, VisibilityMode, VizOrientation, type DataSourceRef } from '@grafana/schema';
import { PanelBuilders, type VizPanel } from '@grafana/scenes';
import { BAR_TEXT, type Panel, QUIET_AXIS_MAX } from '../panel.ts';
import { computedAt } from './computed-at.tsx';
import { promQueries, toPromQuery } from './data.ts';
import { whatChangedMenu } from './panel-menu.ts';
import { withCurrencyUnit } from './currency-unit.ts';

/** Colours by series name. */
const overrides = ({ colors = {} }: Panel): ConfigOverrideRule[] =>
  Object.entries(colors).map(([name, color]) => ({
    matcher: { id: FieldMatcherID.byName, options: name },
    properties: [{ id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: color } }],
  }));

function timeSeries(panel: Panel) {
  const builder = PanelBuilders.timeseries()
    .setOption('tooltip', { mode: panel.queries.length === 1 && !panel.stack ? TooltipDisplayMode.Single : TooltipDisplayMode.Multi, sort: SortOrder.Descending })
    .setOption('legend', { displayMode: LegendDisplayMode.List, placement: 'bottom', showLegend: true, calcs: [] })
    .setCustomFieldConfig('lineWidth', panel.bars ? 1 : 2)
    .setCustomFieldConfig('fillOpacity', panel.bars ? 70 : panel.stack ? 30 : 10)
    .setCustomFieldConfig('gradientMode', panel.bars ? GraphGradientMode.None : GraphGradientMode.Opacity)
    .setCustomFieldConfig('lineInterpolation', LineInterpolation.Linear)
    .setCustomFieldConfig('showPoints', VisibilityMode.Never)
    .setCustomFieldConfig('drawStyle', panel.bars ? GraphDrawStyle.Bars : GraphDrawStyle.Line);
  if (panel.stack) {
    builder.setCustomFieldConfig('stacking', { mode: StackingMode.Normal, group: 'A' });
  }
  if (!panel.freeAxis) {
    builder.setCustomFieldConfig('axisSoftMin', 0);
  }
  if (panel.decimals === 0) {
    builder.setCustomFieldConfig('axisSoftMax', QUIET_AXIS_MAX);
  }
  return builder;
}

const barGauge = () =>
  PanelBuilders.bargauge()
    .setOption('orientation', VizOrientation.Horizontal)
    .setOption('displayMode', BarGaugeDisplayMode.Basic)
    // Or few bars would have their names above and many to the left, side by side on one page.
    .setOption('namePlacement', BarGaugeNamePlacement.Left)
    // Or the text of a lone bar grows with the panel until its name does not fit.
    .setOption('text', BAR_TEXT)
    // In the colour of the text: a bar's own colour is too pale to read as digits in the light theme.
    .setOption('valueMode', BarGaugeValueMode.Text)
    .setOption('reduceOptions', { calcs: ['lastNotNull'], fields: '', values: false })
    .setOption('showUnfilled', true)
    .setThresholds({ mode: ThresholdsMode.Absolute, steps: [{ value: -Infinity, color: 'blue' }] })
    .setMin(0);

/** A number without a judgement: Grafana's own thresholds would have it red from 80 on, whatever it counts. */
const stat = () =>
  PanelBuilders.stat()
    .setOption('colorMode', BigValueColorMode.None)
    .setOption('graphMode', BigValueGraphMode.None)
    .setOption('reduceOptions', { calcs: ['lastNotNull'], fields: '', values: false });

function builderFor(panel: Panel) {
  switch (panel.viz) {
    case 'timeseries':
      return timeSeries(panel);
    case 'bargauge':
      return barGauge();
    case 'stat':
      return stat();
  }
}

export function vizPanel(panel: Panel, source: DataSourceRef): VizPanel {
  const viz = builderFor(panel).setTitle(panel.title).setDescription(panel.description).setUnit(panel.unit).setData(promQueries(source, panel.queries.map(toPromQuery), panel.points)).build();
  viz.setState({
    fieldConfig: { ...viz.state.fieldConfig, defaults: { ...viz.state.fieldConfig.defaults, decimals: panel.decimals }, overrides: overrides(panel) },
    $behaviors: withCurrencyUnit(panel.unit),
    titleItems: panel.computedAt === undefined ? undefined : computedAt(panel.computedAt, source),
    menu: panel.viz === 'timeseries' ? whatChangedMenu(panel.queries) : undefined,
    // Not only under a mouse: on touch screens, and for whoever comes by the keyboard.
    showMenuAlways: true,
  });
  return viz;
}
