// Bundles the browser side with esbuild: ES modules, split so that what a first view does not need (editors, maps, …) stays out of it.
import path from 'node:path';
import esbuild, { type Metafile } from 'esbuild';
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
    plugins: [resolvePackages(workspace)],
    logLevel: 'error',
  });
  return { metafile, files: Object.keys(metafile.outputs).map((file) => path.resolve(workspace, file)) };
}

/** The entry, its stylesheet, and every chunk the entry imports at once: what the browser may fetch in parallel. */
export function firstLoad({ outputs }: Metafile): { script: string; style: string; preload: readonly string[] } {
  const [script, entry] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === 'src/main.tsx') ?? [];
  if (script === undefined || entry?.cssBundle === undefined) {
    throw new Error('The bundle has no entry or no stylesheet.');
  }
  const seen = new Set<string>();
  const visit = (file: string): void => {
    for (const { path: imported, kind, external } of outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true && !seen.has(imported)) {
        seen.add(imported);
        visit(imported);
      }
    }
  };
  visit(script);
  const url = (file: string): string => `${HOST_PATH}/${path.basename(file)}`;
  return { script: url(script), style: url(entry.cssBundle), preload: [...seen].map(url) };
}
