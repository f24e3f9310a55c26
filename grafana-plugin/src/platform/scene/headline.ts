// Headline tiles as Scenes panels. The tile is a panel plugin that lives in this app only, so Grafana's own frame shows its
// title, explanation, loading bar and errors.
import { PanelPlugin } from '@grafana/data';
import type { DataSourceRef } from '@grafana/schema';
import { sceneUtils, VizPanel } from '@grafana/scenes';
import type { Headline } from '../panel.ts';
import { withCurrencyUnit } from './currency-unit.ts';
import { promQueries } from './data.ts';
import { HeadlinePanel, type HeadlineOptions } from './HeadlinePanel.tsx';
import { headlineQueries } from './headline-values.ts';

const HEADLINE_PANEL = 'admincenter-headline';
/** A point per three pixels of a tile. */
const TREND_POINTS = 80;

sceneUtils.registerRuntimePanelPlugin({ pluginId: HEADLINE_PANEL, plugin: new PanelPlugin<HeadlineOptions>(HeadlinePanel).useFieldConfig() });

export function headlinePanel(headline: Headline, source: DataSourceRef): VizPanel<HeadlineOptions> {
  const { title, description, unit, good, change, link, decimals } = headline;
  return new VizPanel<HeadlineOptions>({
    pluginId: HEADLINE_PANEL,
    title,
    description,
    options: { good, change, link, decimals },
    fieldConfig: { defaults: { unit }, overrides: [] },
    $data: promQueries(source, headlineQueries(headline), TREND_POINTS),
    $behaviors: withCurrencyUnit(unit),
  });
}
