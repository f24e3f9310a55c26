// Bundles the browser side with esbuild: ES modules, split so that what a first view does not need (editors, maps, …) stays out of it.
import path from 'node:path';
import esbuild, { type Metafile } from 'esbuild';
import { generatedModules } from './generated-modules.ts';
import { resolvePackages } from './resolve-packages.ts';

export const HOST_PATH = '/public/build/host';

export interface Bundle {
  readonly metafile: Metafile;
  /** Absolute names of the files written. */
  readonly files: readonly string[];
}

export async function bundle(workspace: string, outdir: string): Promise<Bundle> {
  const { metafile } = await esbuild.build({
    absWorkingDir: workspace,
    entryPoints: { main: 'src/main.tsx' },
    outdir,
    publicPath: HOST_PATH,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2023',
    jsx: 'automatic',
    minify: true,
    metafile: true,
    entryNames: '[name]-[hash]',
    chunkNames: 'chunk-[hash]',
    assetNames: 'asset-[hash]',
    loader: { '.ttf': 'file', '.woff': 'file', '.woff2': 'file', '.svg': 'file' },
    define: {
      'process.env.NODE_ENV': '"production"',
      // UMD libraries must not find the loader's AMD `define`, or they would register as plugins.
      'define.amd': 'undefined',
      global: 'window',
    },
    // Types only: its paths point at declarations.
    tsconfigRaw: {},
    legalComments: 'linked',
    plugins: [resolvePackages(workspace), generatedModules(workspace)],
    logLevel: 'error',
  });
  return { metafile, files: Object.keys(metafile.outputs).map((file) => path.resolve(workspace, file)) };
}

/** Loaded by name as soon as a plugin asks, which every plugin does. */
const ASKED_AT_ONCE = /@grafana\/(?:data|runtime|ui)\/dist\/esm\/index\.mjs$/;

export interface FirstView {
  readonly script: string;
  readonly style: string;
  /** Everything else a first view needs from the bundle, so that the browser fetches it in parallel. */
  readonly preload: readonly string[];
}

/** File names as they are in the bundle's folder. */
export function firstView({ outputs }: Metafile): FirstView {
  const names = Object.keys(outputs);
  const script = names.find((name) => outputs[name]?.entryPoint === 'src/main.tsx');
  const style = script === undefined ? undefined : outputs[script]?.cssBundle;
  if (script === undefined || style === undefined) {
    throw new Error('The bundle has no entry or no stylesheet.');
  }
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (!seen.has(name)) {
      seen.add(name);
      outputs[name]?.imports
        .filter(({ kind, external }) => kind === 'import-statement' && external !== true)
        .forEach(({ path: imported }) => visit(imported));
    }
  };
  visit(script);
  names.filter((name) => ASKED_AT_ONCE.test(outputs[name]?.entryPoint ?? '')).forEach(visit);
  const preload = [...seen].filter((name) => name !== script);
  return {
    script: path.basename(script),
    style: path.basename(style),
    preload: preload.map((name) => path.basename(name)),
  };
}
