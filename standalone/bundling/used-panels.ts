// Which core panels the plugin's pages use: one that this shell does not draw must fail the build, not the page.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { HOSTED_PANELS } from '../src/hosted-panels.ts';

/** Literal panel ids in a source text: `pluginId: 'x'`, `viz: 'x'` and Scenes' `PanelBuilders.x()`. */
export function panelsIn(source: string): readonly string[] {
  const named = [
    ...source.matchAll(/\b(?:pluginId|viz): '([\w-]+)'/g),
    ...source.matchAll(/\bPanelBuilders\.(\w+)\(/g),
  ];
  return named.flatMap(([, id]) => id ?? []);
}

/**
 * @param pluginSource the plugin's src folder; dashboards and tests in it are not pages
 * @returns ids used by its pages that are neither hosted nor panels of the plugin itself
 */
export async function unhostedPanels(pluginSource: string): Promise<readonly string[]> {
  const files = await readdir(pluginSource, { recursive: true }).catch(() => []);
  const read = (file: string): Promise<string> => readFile(path.join(pluginSource, file), 'utf8');
  const nested = files
    .filter((file) => path.basename(file) === 'plugin.json')
    .map(async (file) => (JSON.parse(await read(file)) as { id: string }).id);
  const known = new Set<string>([...HOSTED_PANELS, ...(await Promise.all(nested))]);
  const pages = files.filter(
    (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file) && !file.startsWith(`dashboards${path.sep}`),
  );
  const used = (await Promise.all(pages.map(read))).flatMap(panelsIn);
  return [...new Set(used)].filter((id) => !known.has(id));
}
