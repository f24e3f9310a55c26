// The menu of a time series on our pages: "What changed?", with the query, unit and time range as they are when it opens.
import { sceneGraph, VizPanel, VizPanelMenu, type SceneStatelessBehavior } from '@grafana/scenes';
import type { PanelQuery } from '../panel.ts';
import { whatChangedUrl } from '../what-changed/panel-question.ts';

/** Left for the data source to fill in: the other page may need other steps. */
const LATER = Object.fromEntries(['__interval', '__rate_interval', '__range'].map((name) => [name, { text: `$${name}`, value: `$${name}` }]));

export function whatChangedMenu(queries: readonly PanelQuery[]): VizPanelMenu {
  const fill: SceneStatelessBehavior = (menu) => {
    const panel = menu.parent;
    if (!(menu instanceof VizPanelMenu) || !(panel instanceof VizPanel)) {
      return;
    }
    const { from, to } = sceneGraph.getTimeRange(panel).state;
    const question = {
      title: sceneGraph.interpolate(panel, panel.state.title),
      unit: panel.state.fieldConfig.defaults.unit ?? 'short',
      queries: queries.map(({ expr, legend }) => ({ expr: sceneGraph.interpolate(panel, expr, LATER), legend })),
    };
    menu.setItems([{ text: 'What changed?', iconClassName: 'history', href: whatChangedUrl(question, from, to) }]);
  };
  return new VizPanelMenu({ $behaviors: [fill] });
}
