// The build's own logic: when it may skip itself, what a first view needs, which panels are missing.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { firstView } from '../bundling/bundle.ts';
import { bundledPackages, computeStamp } from '../bundling/stamp.ts';
import { unhostedPanels } from '../bundling/used-panels.ts';

let workspace: string;
const write = async (name: string, content: string): Promise<void> => {
  await mkdir(path.dirname(path.join(workspace, name)), { recursive: true });
  await writeFile(path.join(workspace, name), content);
};
beforeEach(async () => {
  workspace = await mkdtemp(path.join(os.tmpdir(), 'standalone-bundling-'));
  await write('src/main.tsx', 'export {};');
  await write('build.ts', '');
  await write('package.json', '{}');
  await write('node_modules/left/package.json', '{"version":"1.0.0"}');
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

describe('the stamp of a build', () => {
  const stamp = () => computeStamp(workspace, ['node_modules/left']);

  test('is the same while nothing changes', async () => {
    const before = await stamp();
    await write('unrelated.txt', 'x');
    expect(await stamp()).toBe(before);
  });

  test.each([
    ['a source changes', 'src/main.tsx', 'export const changed = true;'],
    ['a source is added', 'src/panels/new.tsx', ''],
    ['an icon changes', 'icons/unicons/home.svg', '<svg/>'],
    ['the build itself changes', 'bundling/bundle.ts', ''],
    ['a package has another version', 'node_modules/left/package.json', '{"version":"1.0.1"}'],
  ])('is another when %s', async (_case, name, content) => {
    const before = await stamp();
    await write(name, content);
    expect(await stamp()).not.toBe(before);
  });

  test('covers exactly the packages that were bundled, copies inside packages too', () => {
    const inputs = {
      'src/main.tsx': 1,
      '../node_modules/a/x.js': 1,
      '../node_modules/a/y.js': 1,
      '../node_modules/@s/b/node_modules/c/z.js': 1,
    };
    expect(bundledPackages({ inputs } as unknown as Metafile)).toEqual([
      '../node_modules/@s/b/node_modules/c',
      '../node_modules/a',
    ]);
  });
});

test('a first view needs the entry, what it imports at once, and the packages every plugin asks for', () => {
  const output = (imports: Array<[string, string]>, rest: object = {}) => ({
    imports: imports.map(([name, kind]) => ({ path: name, kind })),
    ...rest,
  });
  const outputs = {
    'out/main-1.js': output(
      [
        ['out/chunk-a.js', 'import-statement'],
        ['out/chunk-lazy.js', 'dynamic-import'],
      ],
      {
        entryPoint: 'src/main.tsx',
        cssBundle: 'out/main-1.css',
      },
    ),
    'out/chunk-a.js': output([['out/chunk-b.js', 'import-statement']]),
    'out/chunk-b.js': output([['out/chunk-a.js', 'import-statement']]),
    'out/chunk-lazy.js': output([]),
    'out/chunk-ui.js': output([['out/chunk-b.js', 'import-statement']], {
      entryPoint: '../node_modules/@grafana/ui/dist/esm/index.mjs',
    }),
  };
  expect(firstView({ outputs } as unknown as Metafile)).toEqual({
    script: 'main-1.js',
    style: 'main-1.css',
    preload: ['chunk-a.js', 'chunk-b.js', 'chunk-ui.js'],
  });
});

test('a panel nobody draws is named; those of dashboards, tests and the plugin itself are no matter', async () => {
  await write('src/page.tsx', "PanelBuilders.heatmap(); ({ viz: 'stat' }); ({ pluginId: 'acme-own-panel' });");
  await write('src/page.test.tsx', "({ pluginId: 'gauge' })");
  await write('src/dashboards/users.ts', "({ pluginId: 'piechart' })");
  await write('src/panels/own/plugin.json', '{"id":"acme-own-panel"}');
  expect(await unhostedPanels(path.join(workspace, 'src'))).toEqual(['heatmap']);
});
