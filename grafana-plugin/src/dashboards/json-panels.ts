// Panels and headlines in Grafana's panel JSON, with the same queries, units and words as on the pages.
import { EXPERIMENT_PANEL_ID, FLAGS_PANEL_ID, FUNNEL_PANEL_ID, IMPERSONATION_PANEL_ID, PROMOTIONS_PANEL_ID, RETENTION_PANEL_ID, USERS_PANEL_ID, WORLDMAP_PANEL_ID } from '../plugin-id.ts';
import { BAR_HEIGHT, BAR_TEXT, CURRENCY_UNIT, type Headline, type Panel, quietAxisMax, seriesLooks, STAT_TEXT } from '../platform/panel.ts';
import type { PanelJson } from './dashboard.ts';

export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

const REF_IDS = 'ABCDEFGH';

/** A dashboard cannot change a unit with a variable, so the title names the currency. */
const unitOf = (unit: string): string => (unit === CURRENCY_UNIT ? 'short' : unit);
const titleOf = (title: string, unit: string): string => (unit === CURRENCY_UNIT ? `${title} ($currency)` : title);

function fieldConfig(panel: Panel) {
  const overrides = seriesLooks(panel).map(({ series, displayName, color }) => ({
    matcher: { id: 'byName', options: series },
    properties: [...(color === undefined ? [] : [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }]), ...(displayName === undefined ? [] : [{ id: 'displayName', value: displayName }])],
  }));
  const softMax = quietAxisMax(panel);
  const custom =
    panel.viz === 'timeseries'
      ? {
          drawStyle: panel.bars ? 'bars' : 'line',
          lineWidth: panel.bars ? 1 : 2,
          fillOpacity: panel.bars ? 70 : panel.stack ? 30 : 10,
          gradientMode: panel.bars ? 'none' : 'opacity',
          showPoints: 'never',
          stacking: { mode: panel.stack ? 'normal' : 'none', group: 'A' },
          ...(panel.freeAxis ? {} : { axisSoftMin: 0 }),
          ...(softMax === undefined ? {} : { axisSoftMax: softMax }),
        }
      : {};
  const color = panel.viz === 'timeseries' ? { mode: 'palette-classic' } : { mode: 'thresholds' };
  const thresholds = { mode: 'absolute', steps: [{ value: null, color: panel.viz === 'bargauge' ? 'blue' : 'text' }] };
  const minimum = panel.viz === 'bargauge' ? { min: 0 } : {};
  return { defaults: { unit: unitOf(panel.unit), ...(panel.decimals === undefined ? {} : { decimals: panel.decimals }), ...minimum, color, thresholds, custom }, overrides };
}

const lastValue = { calcs: ['lastNotNull'], fields: '', values: false };
const OPTIONS = {
  timeseries: { legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] }, tooltip: { mode: 'multi', sort: 'desc' } },
  bargauge: { orientation: 'horizontal', displayMode: 'basic', namePlacement: 'left', text: BAR_TEXT, sizing: 'manual', minVizHeight: BAR_HEIGHT.min, maxVizHeight: BAR_HEIGHT.max, showUnfilled: true, valueMode: 'text', reduceOptions: lastValue },
  stat: { colorMode: 'none', graphMode: 'none', justifyMode: 'auto', textMode: 'auto', text: STAT_TEXT, reduceOptions: lastValue },
} as const;

export const panelJson = (panel: Panel): PanelJson => ({
  type: panel.viz,
  title: titleOf(panel.title, panel.unit),
  description: panel.description,
  datasource: DATASOURCE,
  fieldConfig: fieldConfig(panel),
  ...(panel.points === undefined ? {} : { maxDataPoints: panel.points }),
  options: OPTIONS[panel.viz],
  targets: panel.queries.map(({ expr, legend, instant = false }, index) => ({ refId: REF_IDS.charAt(index), datasource: DATASOURCE, expr, legendFormat: legend, instant, range: !instant, editorMode: 'code' })),
});

/** A stat with its trend; Grafana compares the ends of the time range. */
export const headlineJson = ({ title, description, unit, decimals, expr, good, link }: Headline): PanelJson => ({
  type: 'stat',
  title: titleOf(title, unit),
  description,
  datasource: DATASOURCE,
  fieldConfig: {
    defaults: {
      unit: unitOf(unit),
      ...(decimals === undefined ? {} : { decimals }),
      color: { mode: 'fixed', fixedColor: 'blue' },
      links: [{ title: link.label, url: link.href, targetBlank: false }],
    },
    overrides: [],
  },
  options: { colorMode: 'none', graphMode: 'area', justifyMode: 'auto', textMode: 'value', wideLayout: true, showPercentChange: true, percentChangeColorMode: good === 'down' ? 'inverted' : 'standard', reduceOptions: lastValue },
  targets: [{ refId: 'A', datasource: DATASOURCE, expr: expr(), legendFormat: title, instant: false, range: true, editorMode: 'code' }],
});

/** The users table with its actions. */
export const usersPanelJson = (): PanelJson => ({
  type: USERS_PANEL_ID,
  title: 'Users',
  description: 'Search, look, suspend and reactivate. What you may do depends on your role in the host application.',
  options: { showFilters: true, tier: '', state: '', sort: 'createdAt', pageSize: 10 },
  fieldConfig: { defaults: {}, overrides: [] },
  targets: [],
});

/** The flags with their switches. */
export const flagsPanelJson = (): PanelJson => ({
  type: FLAGS_PANEL_ID,
  title: 'Flags',
  description: 'Search, look, turn on and off, kill. What you may do depends on your role in the host application.',
  options: { showFilters: true, lifecycle: '', keys: '', pageSize: 20 },
  fieldConfig: { defaults: {}, overrides: [] },
  targets: [],
});

/** The retention grid with its toggles. */
export const retentionPanelJson = (): PanelJson => ({
  type: RETENTION_PANEL_ID,
  title: 'Retention',
  description: 'Who came back, cohort by cohort (D4). The mode is in the title of the grid; each cell opens the users behind it.',
  options: { showToggles: true, mode: 'bounded', basis: 'calendar', interval: 'week', cohorts: 12 },
  fieldConfig: { defaults: {}, overrides: [] },
  targets: [],
});

/** The sessions under way with their buttons. */
export const impersonationPanelJson = (): PanelJson => ({
  type: IMPERSONATION_PANEL_ID,
  title: 'Sessions under way',
  description: 'Who is impersonated now, for how much longer; ask for a session, extend, end. What you may do depends on your role in the host application.',
  options: { showRequest: true, user: '' },
  fieldConfig: { defaults: {}, overrides: [] },
  targets: [],
});

/** The campaigns with their buttons. */
export const promotionsPanelJson = (): PanelJson => ({
  type: PROMOTIONS_PANEL_ID,
  title: 'Campaigns',
  description: 'What campaigns cost and have left; activate, kill, archive. What you may do depends on your role in the host application.',
  options: { state: '', pageSize: 10 },
  fieldConfig: { defaults: {}, overrides: [] },
  targets: [],
});

/** The first funnel there is, with its bars. */
export const funnelPanelJson = (): PanelJson => ({
  type: FUNNEL_PANEL_ID,
  title: 'Funnel',
  description: 'Who entered, who reached each step, who dropped out and who may still convert; every bar opens the persons behind it.',
  options: { funnel: '', breakdown: 'none', withTime: true },
  fieldConfig: { defaults: {}, overrides: [] },
  targets: [],
});

/** The experiments with what each says. */
export const experimentPanelJson = (): PanelJson => ({
  type: EXPERIMENT_PANEL_ID,
  title: 'Experiments',
  description: 'Experiments with their verdicts. Name one in the options of the panel to see its effects.',
  options: { flag: '' },
  fieldConfig: { defaults: {}, overrides: [] },
  targets: [],
});

/** Active users by country; a click sets the variable `country`. */
export const worldMapPanelJson = (): PanelJson => ({
  type: WORLDMAP_PANEL_ID,
  title: 'Active users by country, 30 days',
  description: 'Users active in the last 30 complete UTC days, by country. A click sets the country of the dashboard and lists its regions.',
  options: { source: 'api', window: '30d', label: 'country', variable: 'country', all: '.*', showList: true },
  fieldConfig: { defaults: {}, overrides: [] },
  targets: [],
});
