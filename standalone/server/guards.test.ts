// Guards against drifting away from Grafana (STANDALONE.md section 8): shared packages, internal modules, panels, icons, addresses, versions.
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { internalModuleFile, INTERNAL_MODULES } from '../bundling/internals.ts';
import { panelsIn, unhostedPanels } from '../bundling/used-panels.ts';
import { SHARED_NAMES } from '../src/shared-names.ts';
import { GRAFANA_VERSION } from './boot-data.ts';

const workspace = path.resolve(import.meta.dirname, '..');
const plugin = path.resolve(workspace, '../grafana-plugin');
const packageDir = (name: string) =>
  path.dirname(createRequire(path.join(workspace, 'package.json')).resolve(`${name}/package.json`));

async function sources(directory: string): Promise<ReadonlyArray<readonly [string, string]>> {
  const files = (await readdir(directory, { recursive: true })).filter(
    (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file),
  );
  return Promise.all(files.map(async (file) => [file, await readFile(path.join(directory, file), 'utf8')] as const));
}

describe('shared packages', () => {
  /** What Grafana shares and this shell does not: a plugin that asks for one fails here and works there, the safe direction. */
  const NOT_HOSTED = [
    '@grafana/slate-react',
    'angular',
    'd3',
    'emotion',
    'jquery',
    'prismjs',
    'react-redux',
    'react/jsx-dev-runtime',
    'redux',
    'slate',
    'slate-plain-serializer',
  ];
  /** Grafana shares these too, though the scaffold bundles them (public/app/features/plugins/loader/sharedDependencies.ts). */
  const BEYOND_SCAFFOLD = [
    '@grafana/data/unstable',
    '@grafana/runtime/unstable',
    '@grafana/ui/unstable',
    'react-inlinesvg',
    'react-router-dom',
    'rxjs/operators',
  ];

  test("are the externals of the plugin's scaffold", async () => {
    const { externals } = (await import(pathToFileURL(path.join(plugin, '.config/bundler/externals.ts')).href)) as {
      externals: unknown[];
    };
    const names = externals.filter((entry): entry is string => typeof entry === 'string');
    const patterns = externals.filter((entry): entry is RegExp => entry instanceof RegExp);
    const hosted = SHARED_NAMES.filter((name) => !BEYOND_SCAFFOLD.includes(name));
    expect(
      [...hosted.filter((name) => !patterns.some((pattern) => pattern.test(name))), ...NOT_HOSTED].toSorted(),
    ).toEqual(names.toSorted());
    expect(patterns.map(String).toSorted()).toEqual([
      '/^@grafana\\/data/i',
      '/^@grafana\\/runtime/i',
      '/^@grafana\\/ui/i',
    ]);
    expect(BEYOND_SCAFFOLD.every((name) => SHARED_NAMES.some((shared) => shared === name))).toBe(true);
  });
});

describe('internal modules of the @grafana packages', () => {
  const packages = path.dirname(packageDir('@grafana/runtime'));

  test.each(Object.entries(INTERNAL_MODULES))('%s exists and exports what is taken from it', async (name, exported) => {
    const text = await readFile(internalModuleFile(name, packages), 'utf8');
    const list =
      /export \{([^}]*)\}/
        .exec(text)?.[1]
        ?.split(',')
        .map((entry) => entry.trim().split(' as ').at(-1)) ?? [];
    expect(list).toEqual(expect.arrayContaining([...exported]));
  });

  test('are all that the browser side reaches for', async () => {
    const used = (await sources(path.join(workspace, 'src'))).flatMap(([, text]) =>
      [...text.matchAll(/from '(@grafana-internal\/[^']+)'/g)].map(([, name]) => name),
    );
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(INTERNAL_MODULES).toSorted());
  });
});

describe('the plugin', () => {
  test('uses only panels that are drawn here', async () => {
    expect(await unhostedPanels(path.join(plugin, 'src'))).toEqual([]);
    expect(panelsIn("PanelBuilders.heatmap().build(); new VizPanel({ pluginId: 'gauge' })")).toEqual([
      'gauge',
      'heatmap',
    ]);
  });

  test('uses only icons that are shipped or drawn here', async () => {
    const icons = [path.join(packageDir('@grafana/ui'), 'dist/public/img/icons'), path.join(workspace, 'icons')];
    const there = new Set(
      (await Promise.all(icons.map((directory) => readdir(directory, { recursive: true }))))
        .flat()
        .map((file) => path.basename(file, '.svg')),
    );
    const manifest = JSON.parse(await readFile(path.join(plugin, 'src/plugin.json'), 'utf8')) as {
      includes?: Array<{ icon?: string }>;
    };
    const used = (await sources(path.join(plugin, 'src'))).flatMap(([file, text]) =>
      [
        ...text.matchAll(/\bicon(?:=|: )['"]([a-z0-9-]+)['"]/g),
        ...text.matchAll(/<Icon(?:Button)?\b[^>]*?\bname="([a-z0-9-]+)"/g),
      ].map(([, icon]) => ({ file, icon })),
    );
    const all = [
      ...used,
      ...(manifest.includes ?? []).flatMap(({ icon }) => (icon === undefined ? [] : [{ file: 'plugin.json', icon }])),
    ];
    expect(all.filter(({ icon }) => icon !== undefined && !there.has(icon))).toEqual([]);
  });

  test('names no address of the server but those Grafana has for it', async () => {
    const addresses = (await sources(path.join(plugin, 'src'))).flatMap(([file, text]) =>
      [...text.matchAll(/['"`](\/?apis?\/[^'"`]*)/g)].map(([, address = '']) => ({ file, address })),
    );
    const allowed = /^\/?api\/(?:plugin-proxy\/|plugins\/|ds\/query|v1(?:\/|$))/;
    expect(addresses.filter(({ address }) => !allowed.test(address))).toEqual([]);
  });

  test('knows nothing of this shell', async () => {
    const files = await sources(path.join(plugin, 'src'));
    expect(
      files
        .filter(([, text]) => /\bstandaloneShell\b|\bwindow\.grafanaBootData\b|admin_center_session/.test(text))
        .map(([file]) => file),
    ).toEqual([]);
  });
});

test('the @grafana packages are the same exact version here, in the plugin and in what the page claims to be', async () => {
  const versions = await Promise.all(
    [workspace, plugin].map(async (directory) => {
      const { dependencies } = JSON.parse(await readFile(path.join(directory, 'package.json'), 'utf8')) as {
        dependencies: Record<string, string>;
      };
      return Object.entries(dependencies).filter(([name]) => /^@grafana\/(?:data|i18n|runtime|schema|ui)$/.test(name));
    }),
  );
  expect(new Set(versions.flat().map(([, version]) => version))).toEqual(new Set([GRAFANA_VERSION]));
  expect(versions.map((each) => each.length)).toEqual([5, 5]);
});

test('our own icons do not shadow those of @grafana/ui', async () => {
  const shipped = new Set(
    await readdir(path.join(packageDir('@grafana/ui'), 'dist/public/img/icons'), { recursive: true }),
  );
  const own = (await readdir(path.join(workspace, 'icons'), { recursive: true })).filter((file) =>
    file.endsWith('.svg'),
  );
  expect(own.filter((file) => shipped.has(file))).toEqual([]);
});
