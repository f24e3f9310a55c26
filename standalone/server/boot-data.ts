// window.grafanaBootData: what @grafana/runtime builds its `config` from, in Grafana's shape, for this person and this plugin.
import { mayAccess, type Actions } from '../src/access.ts';
import { HOSTED_PANELS } from '../src/hosted-panels.ts';
import { actionsOf } from './access.ts';
import type { Theme } from './cookies.ts';
import type { Person } from './people.ts';
import type { HostedPlugin, PluginFiles } from './plugin-files.ts';
import { corePanel, homeOf, NO_INFO, pluginMeta, publicFile } from './plugin-meta.ts';
import { DATASOURCE_UID } from './prometheus/routes.ts';

/** The Grafana whose packages are bundled. */
export const GRAFANA_VERSION = '13.2.2';

export interface BootOptions {
  readonly publicUrl: string;
  readonly scrapeInterval: string;
  readonly theme: Theme;
}

export function bootData({ app, nested }: PluginFiles, person: Person, options: BootOptions): object {
  const permissions = actionsOf(app.manifest, person);
  return {
    assets: { dark: '', light: '' },
    navTree: navTree(app, person, permissions),
    user: userOf(person, permissions, options.theme),
    settings: {
      appUrl: `${options.publicUrl}/`,
      appSubUrl: '',
      namespace: 'default',
      buildInfo: {
        version: GRAFANA_VERSION,
        versionString: 'Standalone shell',
        commit: '',
        env: 'production',
        edition: 'Open Source',
      },
      datasources: { Prometheus: prometheus(options.scrapeInterval) },
      defaultDatasource: 'Prometheus',
      panels: Object.fromEntries([
        ...HOSTED_PANELS.map((id) => [id, corePanel(id)]),
        ...nested.map((panel) => [panel.manifest.id, pluginMeta(panel)]),
      ]),
      apps: {},
      featureToggles: {},
      minRefreshInterval: '5s',
      rbacEnabled: true,
      disableSanitizeHtml: false,
      dateFormats: {
        fullDate: 'YYYY-MM-DD HH:mm:ss',
        useBrowserLocale: false,
        interval: {
          millisecond: 'HH:mm:ss.SSS',
          second: 'HH:mm:ss',
          minute: 'HH:mm',
          hour: 'MM/DD HH:mm',
          day: 'MM/DD',
          month: 'YYYY-MM',
          year: 'YYYY',
        },
        defaultTimezone: 'browser',
        defaultWeekStart: 'browser',
      },
    },
  };
}

function navTree(app: HostedPlugin, person: Person, permissions: Actions): object[] {
  const { manifest } = app;
  const children = manifest.includes
    .filter(
      (item) =>
        item.type === 'page' &&
        item.addToNav === true &&
        item.path !== undefined &&
        mayAccess(item, person.orgRole, permissions),
    )
    .map(({ name, path, icon }) => ({ text: name, url: path, icon, pluginId: manifest.id }));
  return [
    {
      id: `plugin-page-${manifest.id}`,
      text: manifest.name,
      url: homeOf(app),
      img: publicFile(app, manifest.info.logos.small),
      pluginId: manifest.id,
      children,
    },
  ];
}

const prometheus = (timeInterval: string): object => ({
  id: 1,
  uid: DATASOURCE_UID,
  name: 'Prometheus',
  type: 'prometheus',
  access: 'proxy',
  url: `/api/datasources/proxy/uid/${DATASOURCE_UID}`,
  isDefault: true,
  readOnly: true,
  jsonData: { httpMethod: 'POST', timeInterval },
  meta: {
    id: 'prometheus',
    type: 'datasource',
    name: 'Prometheus',
    module: 'core:plugin/prometheus',
    baseUrl: '',
    metrics: true,
    annotations: true,
    backend: true,
    info: NO_INFO,
  },
});

const userOf = (person: Person, permissions: Actions, theme: Theme): object => ({
  ...person,
  isSignedIn: true,
  orgId: 1,
  orgName: 'Main Org.',
  orgCount: 1,
  isGrafanaAdmin: false,
  permissions,
  theme,
  lightTheme: theme === 'light',
  timezone: 'browser',
  weekStart: 'browser',
  locale: 'en-US',
  language: 'en-US',
  regionalFormat: 'en-US',
  helpFlags1: 0,
  gravatarUrl: '',
  hasEditPermissionInFolders: false,
  externalUserId: '',
  authenticatedBy: 'standalone',
  analytics: { identifier: '' },
});
