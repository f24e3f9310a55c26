// Panels by id: the core ones of this shell, each in a chunk of its own, and those nested in the plugin.
import type { PanelPlugin, PanelPluginMeta } from '@grafana/data';
import { config } from '@grafana/runtime';
import { HOSTED_PANELS, type HostedPanel } from './hosted-panels.ts';
import { importPlugin } from './loader.ts';

const CORE: Readonly<Record<HostedPanel, () => Promise<{ readonly plugin: object }>>> = {
  timeseries: () => import('./panels/timeseries/plugin.tsx'),
  stat: () => import('./panels/stat/plugin.tsx'),
  table: () => import('./panels/table/plugin.tsx'),
  bargauge: () => import('./panels/bargauge/plugin.tsx'),
  text: () => import('./panels/text/plugin.tsx'),
};

/** What the server adds to the meta of a nested panel. */
interface HostedMeta extends PanelPluginMeta {
  readonly moduleHash?: string;
}

const imports = new Map<string, Promise<PanelPlugin>>();
const loaded = new Map<string, PanelPlugin>();

async function load(id: string): Promise<PanelPlugin> {
  const meta: HostedMeta | undefined = config.panels[id];
  if (meta === undefined) {
    throw new Error(`The panel "${id}" is not hosted by the standalone shell.`);
  }
  const core = HOSTED_PANELS.find((known) => known === id);
  const plugin = (
    core === undefined ? await importPlugin(meta.module, meta.moduleHash ?? '') : (await CORE[core]()).plugin
  ) as PanelPlugin;
  plugin.meta = meta;
  loaded.set(id, plugin);
  return plugin;
}

export const panelPlugins = {
  /** Each panel is loaded once; a failed load is tried again by the next panel that wants it. */
  importPanelPlugin(id: string): Promise<PanelPlugin> {
    const known = imports.get(id);
    if (known !== undefined) {
      return known;
    }
    const started = load(id);
    imports.set(id, started);
    started.catch(() => imports.delete(id));
    return started;
  },
  getPanelPluginFromCache: (id: string): PanelPlugin | undefined => loaded.get(id),
};
