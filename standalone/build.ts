// Builds the browser side of the standalone shell into dist/; does nothing when nothing it depends on has changed.
// Run: node standalone/build.ts [--force]
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { bundle, firstView, HOST_PATH } from './bundling/bundle.ts';
import { compressFiles } from './bundling/compress.ts';
import { bundledPackages, computeStamp } from './bundling/stamp.ts';
import { copyStaticFiles } from './bundling/static-files.ts';
import { unhostedPanels } from './bundling/used-panels.ts';

const workspace = import.meta.dirname;
const dist = path.join(workspace, 'dist');

const manifestSchema = z.object({ stamp: z.string(), packages: z.array(z.string()) });

export interface BuildResult {
  readonly built: boolean;
  readonly milliseconds: number;
}

/** Writes dist/public (served under /public) and, last, dist/manifest.json, which the server reads. */
export async function buildStandalone({ force = false }: { force?: boolean } = {}): Promise<BuildResult> {
  const started = performance.now();
  const unhosted = await unhostedPanels(path.resolve(workspace, '../grafana-plugin/src'));
  if (unhosted.length > 0) {
    throw new Error(
      `The plugin's pages use panels the standalone shell does not draw: ${unhosted.join(', ')}. Add them to standalone/src/panels and to src/hosted-panels.ts.`,
    );
  }
  const manifestFile = path.join(dist, 'manifest.json');
  const known = manifestSchema.safeParse(JSON.parse(await readFile(manifestFile, 'utf8').catch(() => 'null')));
  if (!force && known.success && known.data.stamp === (await computeStamp(workspace, known.data.packages))) {
    return { built: false, milliseconds: performance.now() - started };
  }

  const publicDir = path.join(dist, 'public');
  const hostDir = path.join(publicDir, 'build/host');
  await mkdir(hostDir, { recursive: true });
  const { metafile, files } = await bundle(workspace, hostDir);
  await copyStaticFiles(workspace, publicDir);
  const first = firstView(metafile);
  await compressFiles(
    files,
    new Set([first.script, first.style, ...first.preload].map((name) => path.join(hostDir, name))),
  );
  const packages = bundledPackages(metafile);
  await writeFile(
    manifestFile,
    JSON.stringify(
      {
        script: url(first.script),
        style: url(first.style),
        preload: first.preload.map(url),
        stamp: await computeStamp(workspace, packages),
        packages,
      },
      null,
      1,
    ),
  );
  await removeOthers(hostDir, files);
  return { built: true, milliseconds: performance.now() - started };
}

const url = (name: string): string => `${HOST_PATH}/${name}`;

/** Files of earlier builds go after the new manifest is there, so that a running server never points at something missing. */
async function removeOthers(directory: string, files: readonly string[]): Promise<void> {
  const kept = new Set(files.flatMap((file) => [file, `${file}.br`, `${file}.gz`]).map((file) => path.basename(file)));
  const others = (await readdir(directory)).filter((name) => !kept.has(name));
  await Promise.all(others.map((name) => rm(path.join(directory, name))));
}

if (import.meta.main) {
  const { built, milliseconds } = await buildStandalone({ force: process.argv.includes('--force') });
  process.stdout.write(`standalone: ${built ? 'built' : 'unchanged'} in ${(milliseconds / 1000).toFixed(1)} s\n`);
}
