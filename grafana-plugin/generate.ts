// Files of the plugin that follow from other files: plugin.json from contracts/, dashboards from TypeScript.
// `npm run generate` writes them, `npm run check` compares.
import { pluginManifest } from './src/manifest.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Path from the repository's root → content. */
export function generate(): Map<string, string> {
  return new Map([['grafana-plugin/src/plugin.json', json(pluginManifest([]))]]);
}
