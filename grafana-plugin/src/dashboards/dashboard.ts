// Dashboards as TypeScript: panels and headlines of the pages become Grafana's dashboard JSON. Plain data, run by Node.
import { APP_URL } from '../routes.ts';
import { series, sum } from '../platform/promql.ts';
import { variableQuery, type Choice } from '../platform/variables.ts';
import { DATASOURCE } from './json-panels.ts';

/** The grid is 24 wide. */
export interface PanelJson {
  readonly type: string;
  readonly title: string;
  readonly [key: string]: unknown;
}

export interface Row {
  readonly height: number;
  readonly panels: readonly PanelJson[];
}

export interface DashboardSpec {
  /** Capability's noun; the uid is `admincenter-<noun>`. */
  readonly noun: string;
  readonly title: string;
  readonly description: string;
  /** Path of the app's page that shows the same and lets one act. */
  readonly page: string;
  readonly from: string;
  readonly variables: readonly Choice[];
  readonly rows: readonly Row[];
}

const WIDTH = 24;

function placed(rows: readonly Row[]) {
  let id = 0;
  let y = 0;
  return rows.flatMap(({ height, panels }) => {
    const w = Math.floor(WIDTH / panels.length);
    const top = y;
    y += height;
    return panels.map((panel, column) => ({ id: ++id, gridPos: { x: column * w, y: top, w, h: height }, ...panel }));
  });
}

const dataSourceVariable = { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', current: { text: 'prometheus', value: 'prometheus' }, hide: 0, includeAll: false, multi: false, options: [], refresh: 1, regex: '' };

function customVariable(choice: Choice) {
  const options = choice.options.map(([text, value], index) => ({ text, value, selected: index === 0 }));
  return { name: choice.name, label: choice.label, description: choice.description, type: 'custom', query: variableQuery(choice), current: options[0], options, hide: 0, includeAll: false, multi: false };
}

/** Grafana keeps the annotations the outbox writes; where none is configured, the counter tells when somebody acted. */
const annotations = [
  { name: 'Admin actions', enable: true, iconColor: 'orange', datasource: { type: 'grafana', uid: '-- Grafana --' }, target: { type: 'tags', tags: ['admin'], matchAny: true, limit: 200 } },
  {
    name: 'Admin actions, counted',
    enable: false,
    iconColor: 'orange',
    datasource: DATASOURCE,
    expr: `${sum(`increase(${series('admincenter_actions_total')}[2m])`, 'action', 'outcome')} > 0`,
    step: '60s',
    titleFormat: '{{action}}',
    textFormat: '{{outcome}}',
    tagKeys: 'action,outcome',
  },
];

export const dashboardUid = (noun: string): string => `admincenter-${noun}`;

export function dashboardJson({ noun, title, description, page, from, variables, rows }: DashboardSpec) {
  return {
    id: null,
    uid: dashboardUid(noun),
    title: `Admin Center / ${title}`,
    description,
    tags: ['admin-center'],
    schemaVersion: 41,
    version: 1,
    editable: true,
    graphTooltip: 1,
    timezone: 'browser',
    refresh: '30s',
    time: { from, to: 'now' },
    timepicker: {},
    fiscalYearStartMonth: 0,
    liveNow: false,
    links: [
      { type: 'link', title: `Open ${title} in the Admin Center`, url: `${APP_URL}/${page}`, icon: 'external link', targetBlank: false, keepTime: true, includeVars: false, asDropdown: false, tags: [], tooltip: 'The page with the same numbers, the lists behind them, and the actions.' },
      { type: 'dashboards', title: 'Other dashboards', icon: 'external link', tags: ['admin-center'], asDropdown: true, keepTime: true, includeVars: false, targetBlank: false, url: '', tooltip: '' },
    ],
    annotations: { list: annotations },
    templating: { list: [dataSourceVariable, ...variables.map(customVariable)] },
    panels: placed(rows),
  };
}
