// The frame every graph page has: time range, refresh, variables, one crosshair over all panels, admin actions as marks.
import { VariableHide } from '@grafana/data';
import { DashboardCursorSync, type DataSourceRef } from '@grafana/schema';
import {
  behaviors,
  CustomVariable,
  EmbeddedScene,
  SceneControlsSpacer,
  SceneCSSGridItem,
  SceneCSSGridLayout,
  SceneDataLayerSet,
  SceneFlexItem,
  SceneFlexLayout,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  SceneVariableSet,
  VariableValueSelectors,
  type SceneObject,
} from '@grafana/scenes';
import type { ComponentType } from 'react';
import { variableQuery, type Choice } from '../variables.ts';
import type { Settings } from '../settings.ts';
import type { Headline, Panel } from '../panel.ts';
import { Guarded } from './guarded.tsx';
import { headlinePanel } from './headline.ts';
import { MarksLayer } from './marks-layer.ts';
import { Ranged, type PageRange } from './ranged.tsx';
import { vizPanel } from './viz-panel.ts';

/** What a page is built from. */
export interface PageContext {
  /** The data source that answers its queries. */
  readonly source: DataSourceRef;
  /** The plugin's settings as Grafana handed them over. */
  readonly settings: Settings | undefined;
  readonly hasToken: boolean;
}

interface GraphPage {
  /** Where the time range starts until the reader chooses another. */
  readonly from?: string;
  /** Everything on the page is about now; it refreshes, but there is no range to choose. */
  readonly nowOnly?: boolean;
  readonly variables?: readonly Choice[];
  readonly rows: readonly SceneFlexItem[];
}

const variable = ({ name, label, description, options }: Choice): CustomVariable =>
  new CustomVariable({
    name,
    label,
    description,
    query: variableQuery({ name, label, description, options }),
    text: options[0]?.[0] ?? '',
    value: options[0]?.[1] ?? '',
    hide: VariableHide.dontHide,
  });

export function graphPage({ from = 'now-30d', nowOnly = false, variables = [], rows }: GraphPage): EmbeddedScene {
  return new EmbeddedScene({
    $timeRange: new SceneTimeRange({ from, to: 'now' }),
    $variables: new SceneVariableSet({ variables: variables.map(variable) }),
    $data: new SceneDataLayerSet({ layers: [new MarksLayer()] }),
    $behaviors: [new behaviors.CursorSync({ key: 'crosshair', sync: DashboardCursorSync.Crosshair })],
    controls: [
      new VariableValueSelectors({}),
      new SceneControlsSpacer(),
      ...(nowOnly ? [] : [new SceneTimePicker({ isOnCanvas: true })]),
      new SceneRefreshPicker({ refresh: '30s', intervals: ['10s', '30s', '1m', '5m'], isOnCanvas: true }),
    ],
    body: new SceneFlexLayout({ direction: 'column', children: [...rows] }),
  });
}

/** At most so many columns, fewer where they would get narrower than `columnWidth`. */
const grid = (columns: number, columnWidth: number, rowHeight: number, bodies: readonly SceneObject[]): SceneFlexItem =>
  new SceneFlexItem({
    ySizing: 'content',
    body: new SceneCSSGridLayout({
      templateColumns: `repeat(auto-fit, minmax(min(max(${columnWidth}px, (100% - ${columns * 8}px) / ${columns}), 100%), 1fr))`,
      autoRows: `${rowHeight}px`,
      children: bodies.map((body) => new SceneCSSGridItem({ body })),
    }),
  });

const guard = (permission: string | undefined, title: string, body: SceneObject): SceneObject => (permission ? new Guarded({ permission, title, body, size: 'panel' }) : body);

/** Headline tiles in even rows; each hides behind its own permission. */
export function headlineRow(headlines: readonly Headline[], { source }: PageContext, ...more: SceneObject[]): SceneFlexItem {
  const tiles = [...headlines.map((headline) => guard(headline.permission, headline.title, headlinePanel(headline, source))), ...more];
  return grid(tiles.length % 4 === 0 ? 4 : 3, 244, 156, tiles);
}

/** Panels side by side where there is room. `permission` is for rows whose panels need more than the page does. */
export const panelRow = (panels: ReadonlyArray<Panel | { panel: Panel; permission: string } | SceneObject>, { source }: PageContext, height = 280): SceneFlexItem =>
  grid(
    panels.length,
    panels.length > 2 ? 300 : 420,
    height,
    panels.map((entry) => {
      if ('viz' in entry) {
        return vizPanel(entry, source);
      }
      return 'panel' in entry ? guard(entry.permission, entry.panel.title, vizPanel(entry.panel, source)) : entry;
    })
  );

/** A React component that takes the room its content needs. */
export const componentRow = (component: ComponentType<{ range: PageRange }>): SceneFlexItem => new SceneFlexItem({ ySizing: 'content', minWidth: 0, body: new Ranged({ component }) });
