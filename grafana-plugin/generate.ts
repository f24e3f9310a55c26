// Files of the plugin that follow from other files: plugin.json from contracts/, dashboards from TypeScript.
// `npm run generate` writes them, `npm run check` compares.
import { audit } from './src/dashboards/audit.ts';
import { core } from './src/dashboards/core.ts';
import { dashboardJson } from './src/dashboards/dashboard.ts';
import { engagement } from './src/dashboards/engagement.ts';
import { flags } from './src/dashboards/flags.ts';
import { impersonation } from './src/dashboards/impersonation.ts';
import { promotions } from './src/dashboards/promotions.ts';
import { subscriptions } from './src/dashboards/subscriptions.ts';
import { users } from './src/dashboards/users.ts';
import { pluginManifest } from './src/manifest.ts';
import { conversion } from './src/dashboards/conversion.ts';
import { distribution } from './src/dashboards/distribution.ts';

export const dashboards = [core, users, engagement, subscriptions, impersonation, flags, promotions, audit, conversion, distribution];

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Path from the repository's root → content. */
export function generate(): Map<string, string> {
  const files = new Map([['grafana-plugin/src/plugin.json', json(pluginManifest(dashboards))]]);
  for (const dashboard of dashboards) {
    const content = json(dashboardJson(dashboard));
    // Once in the plugin, for Grafanas that install it; once for those that are provisioned from files.
    files.set(`grafana-plugin/src/dashboards/${dashboard.noun}.json`, content);
    files.set(`provisioning/grafana/dashboards/${dashboard.noun}.json`, content);
  }
  return files;
}
