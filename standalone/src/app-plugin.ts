// The hosted app: its settings from the server, its module through the loader, initialised as Grafana does.
import type { AppPlugin, AppPluginMeta } from '@grafana/data';
import { getBackendSrv } from '@grafana/runtime';
import { importPlugin } from './loader.ts';

interface AppSettings extends AppPluginMeta {
  /** Changes with the content of module.js. */
  readonly moduleHash: string;
  readonly defaultNavUrl: string;
}

export interface HostedApp extends AppPlugin {
  meta: AppSettings;
}

export async function loadApp(id: string): Promise<HostedApp> {
  const meta = await getBackendSrv().get<AppSettings>(`/api/plugins/${id}/settings`);
  const plugin = (await importPlugin(meta.module, meta.moduleHash)) as HostedApp;
  plugin.meta = meta;
  plugin.init(meta);
  return plugin;
}
