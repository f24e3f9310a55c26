// A panel of plain data as a Scenes panel.
import { FieldColorModeId, FieldMatcherID, ThresholdsMode, type ConfigOverrideRule } from '@grafana/data';
import { BarGaugeDisplayMode, BarGaugeNamePlacement, BarGaugeSizing, BarGaugeValueMode, BigValueColorMode, BigValueGraphMode, GraphDrawStyle, GraphGradientMode, LegendDisplayMode, LineInterpolation, SortOrder, StackingMode, TooltipDisplayMode, VisibilityMode, VizOrientation, type DataSourceRef } from '@grafana/schema';
import { PanelBuilders, type VizPanel } from '@grafana/scenes';
import { BAR_HEIGHT, BAR_TEXT, type Panel, quietAxisMax, seriesLooks, STAT_TEXT } from '../panel.ts';
import { computedAt } from './computed-at.tsx';
import { promQueries, toPromQuery } from './data.ts';
import { whatChangedMenu } from './panel-menu.ts';
import { withCurrencyUnit } from './currency-unit.ts';

/** Words and colours by series name. */
const overrides = (panel: Panel): ConfigOverrideRule[] =>
  seriesLooks(panel).map(({ series, displayName, color }) => ({
    matcher: { id: FieldMatcherID.byName, options: series },
    properties: [
      ...(color === undefined ? [] : [{ id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: color } }]),
      ...(displayName === undefined ? [] : [{ id: 'displayName', value: displayName }]),
    ],
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
  const softMax = quietAxisMax(panel);
  if (softMax !== undefined) {
    builder.setCustomFieldConfig('axisSoftMax', softMax);
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
    .setOption('sizing', BarGaugeSizing.Manual)
    .setOption('minVizHeight', BAR_HEIGHT.min)
    .setOption('maxVizHeight', BAR_HEIGHT.max)
    // In the colour of the text: a bar's own colour is too pale to read as digits in the light theme.
    .setOption('valueMode', BarGaugeValueMode.Text)
    .setOption('reduceOptions', { calcs: ['lastNotNull'], fields: '', values: false })
    .setOption('showUnfilled', true)
    .setThresholds({ mode: ThresholdsMode.Absolute, steps: [{ value: -Infinity, color: 'blue' }] })
    .setMin(0);

/** In the colour of the text: without thresholds of its own, Grafana calls everything above 80 red. */
const stat = () =>
  PanelBuilders.stat()
    .setOption('reduceOptions', { calcs: ['lastNotNull'], fields: '', values: false })
    .setOption('colorMode', BigValueColorMode.None)
    .setOption('graphMode', BigValueGraphMode.None)
    .setOption('text', STAT_TEXT)
    .setThresholds({ mode: ThresholdsMode.Absolute, steps: [{ value: -Infinity, color: 'text' }] });

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
