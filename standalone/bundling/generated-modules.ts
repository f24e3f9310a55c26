// esbuild plugin: modules whose content is made while bundling — the common icons, and time zones without the last century.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'esbuild';
import tz from 'moment-timezone/moment-timezone-utils.js';
import { COMMON_ICONS } from '../src/common-icons.ts';
import { iconFolders } from './static-files.ts';

/** Years whose offsets are kept, as in Grafana's own build; all of them would be six times the data. */
const FIRST_YEAR = 2000;
const YEARS_AHEAD = 32;

export const generatedModules = (workspace: string): Plugin => ({
  name: 'generated-modules',
  setup(build) {
    build.onResolve({ filter: /^standalone:icons$/ }, ({ path: name }) => ({ path: name, namespace: 'generated' }));
    build.onLoad({ filter: /^standalone:icons$/, namespace: 'generated' }, async () => ({
      contents: JSON.stringify(await commonIcons(workspace)),
      loader: 'json',
    }));
    build.onLoad({ filter: /moment-timezone[\\/]data[\\/]packed[\\/]latest\.json$/ }, async ({ path: file }) => ({
      contents: recentZones(await readFile(file, 'utf8')),
      loader: 'json',
    }));
  },
});

async function commonIcons(workspace: string): Promise<Record<string, string>> {
  const folders = iconFolders(workspace);
  const read = async (name: string): Promise<string> => {
    for (const folder of folders) {
      const content = await readFile(path.join(folder, `${name}.svg`), 'utf8').catch(() => null);
      if (content !== null) {
        return content.trim();
      }
    }
    throw new Error(`There is no icon ${name}.svg. Draw it in standalone/icons or take it out of common-icons.ts.`);
  };
  return Object.fromEntries(await Promise.all(COMMON_ICONS.map(async (name) => [name, await read(name)] as const)));
}

/** `unpack` is part of the library but not of its types. */
type ZoneTools = typeof tz.tz & { unpack(zone: string): Parameters<typeof tz.tz.pack>[0] };

function recentZones(text: string): string {
  const data = JSON.parse(text) as { zones: string[] };
  const { filterYears, pack, unpack } = tz.tz as ZoneTools;
  const lastYear = new Date().getUTCFullYear() + YEARS_AHEAD;
  const zones = data.zones.map((zone) => pack(filterYears(unpack(zone), FIRST_YEAR, lastYear)));
  return JSON.stringify({ ...data, zones });
}
