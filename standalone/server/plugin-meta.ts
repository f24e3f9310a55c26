// What Grafana tells the browser about a plugin: its meta, and for the app its settings.
import type { HostedPlugin, PluginFiles } from './plugin-files.ts';

/** The answer of GET /api/plugins/<id>/settings; secrets only by name. */
export function pluginSettings(
  { app }: PluginFiles,
  jsonData: Readonly<Record<string, string>>,
  secrets: readonly string[],
): object {
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
export const homeOf = ({ manifest }: HostedPlugin): string =>
  manifest.includes.find(({ defaultNav, addToNav }) => defaultNav === true && addToNav === true)?.path ??
  `/a/${manifest.id}`;

/** Where a file of the plugin is served. */
export const publicFile = ({ manifest }: HostedPlugin, name: string): string =>
  `/public/plugins/${manifest.id}/${name}`;

export function pluginMeta(plugin: HostedPlugin): object {
  const { manifest, moduleHash } = plugin;
  const { info } = manifest;
  return {
    id: manifest.id,
    name: manifest.name,
    type: manifest.type,
    module: publicFile(plugin, 'module.js'),
    baseUrl: `/public/plugins/${manifest.id}`,
    moduleHash,
    info: {
      ...info,
      logos: { small: publicFile(plugin, info.logos.small), large: publicFile(plugin, info.logos.large) },
    },
    hideFromList: false,
    skipDataQuery: manifest['skipDataQuery'] === true,
    sort: 100,
    state: '',
  };
}

export const NO_INFO = {
  author: { name: 'Standalone shell' },
  description: '',
  links: [],
  logos: { small: '', large: '' },
  screenshots: [],
  updated: '',
  version: '',
};

/** A panel the shell draws itself. */
export const corePanel = (id: string): object => ({
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
