// window.grafanaBootData: what @grafana/runtime builds its `config` from, in Grafana's shape, for this person and this plugin.
import { mayAccess, type Actions } from '../src/access.ts';
import { HOSTED_PANELS } from '../src/hosted-panels.ts';
import { actionsOf } from './access.ts';
import type { Theme } from './cookies.ts';
import type { Person } from './people.ts';
import type { HostedPlugin, PluginFiles } from './plugin-files.ts';
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
      buildInfo: { version: GRAFANA_VERSION, versionString: 'Standalone shell', commit: '', env: 'production', edition: 'Open Source' },
      datasources: { Prometheus: prometheus(options.scrapeInterval) },
      defaultDatasource: 'Prometheus',
      panels: Object.fromEntries([...HOSTED_PANELS.map((id) => [id, corePanel(id)]), ...nested.map((panel) => [panel.manifest.id, pluginMeta(panel)])]),
      apps: {},
      featureToggles: {},
      minRefreshInterval: '5s',
      rbacEnabled: true,
      disableSanitizeHtml: false,
      dateFormats: {
        fullDate: 'YYYY-MM-DD HH:mm:ss',
        useBrowserLocale: false,
        interval: { millisecond: 'HH:mm:ss.SSS', second: 'HH:mm:ss', minute: 'HH:mm', hour: 'MM/DD HH:mm', day: 'MM/DD', month: 'YYYY-MM', year: 'YYYY' },
        defaultTimezone: 'browser',
        defaultWeekStart: 'browser',
      },
    },
  };
}

/** The answer of GET /api/plugins/<id>/settings; secrets only by name. */
export function pluginSettings({ app }: PluginFiles, jsonData: Readonly<Record<string, string>>, secrets: readonly string[]): object {
  const { manifest } = app;
  return {
    ...pluginMeta(app),
    includes: manifest.includes,
    dependencies: manifest['dependencies'],
    extensions: manifest['extensions'],
    enabled: true,
    pinned: true,
    jsonData,
    secureJsonFields: Object.fromEntries(secrets.map((name) => [name, true])),
    defaultNavUrl: homeOf(app),
  };
}

/** The page an app opens with: its include with `defaultNav`. */
export const homeOf = ({ manifest }: HostedPlugin): string => manifest.includes.find(({ defaultNav, addToNav }) => defaultNav === true && addToNav === true)?.path ?? `/a/${manifest.id}`;

function navTree(app: HostedPlugin, person: Person, permissions: Actions): object[] {
  const { manifest } = app;
  const children = manifest.includes
    .filter((item) => item.type === 'page' && item.addToNav === true && item.path !== undefined && mayAccess(item, person.orgRole, permissions))
    .map(({ name, path, icon }) => ({ text: name, url: path, icon, pluginId: manifest.id }));
  return [{ id: `plugin-page-${manifest.id}`, text: manifest.name, url: homeOf(app), img: publicFile(app, manifest.info.logos.small), pluginId: manifest.id, children }];
}

const publicFile = ({ manifest }: HostedPlugin, name: string): string => `/public/plugins/${manifest.id}/${name}`;

function pluginMeta(plugin: HostedPlugin): object {
  const { manifest, moduleHash } = plugin;
  const { info } = manifest;
  return {
    id: manifest.id,
    name: manifest.name,
    type: manifest.type,
    module: publicFile(plugin, 'module.js'),
    baseUrl: `/public/plugins/${manifest.id}`,
    moduleHash,
    info: { ...info, logos: { small: publicFile(plugin, info.logos.small), large: publicFile(plugin, info.logos.large) } },
    hideFromList: false,
    skipDataQuery: manifest['skipDataQuery'] === true,
    sort: 100,
    state: '',
  };
}

const NO_INFO = { author: { name: 'Standalone shell' }, description: '', links: [], logos: { small: '', large: '' }, screenshots: [], updated: '', version: '' };

const corePanel = (id: string): object => ({
  id,
  name: id,
  type: 'panel',
  module: `core:plugin/${id}`,
  baseUrl: '',
  info: NO_INFO,
  hideFromList: false,
  skipDataQuery: id === 'text',
  sort: 1,
  state: '',
});

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
  meta: { id: 'prometheus', type: 'datasource', name: 'Prometheus', module: 'core:plugin/prometheus', baseUrl: '', metrics: true, annotations: true, backend: true, info: NO_INFO },
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
