// Builds what is published: JavaScript for Node 20 with its types, and a manifest of its own, in dist/.
// Run: node sdk/build.ts, then `npm pack ./sdk/dist`.
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const workspace = import.meta.dirname;
const dist = path.join(workspace, 'dist');
const run = promisify(execFile);

interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** Each entry is a module of its own; what they share is in common chunks, so that there is one of each. */
export async function buildSdk(): Promise<string> {
  const manifest = JSON.parse(await readFile(path.join(workspace, 'package.json'), 'utf8')) as Manifest;
  const entries = Object.entries(manifest.exports).filter(([, file]) => file.endsWith('.ts'));
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  await build({
    entryPoints: entries.map(([, file]) => path.join(workspace, file)),
    outbase: path.join(workspace, 'src'),
    outdir: dist,
    bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20',
    chunkNames: 'chunks/[hash]',
  });
  await writeTypes();
  const { private: _private, devDependencies: _devDependencies, scripts: _scripts, ...published } = manifest;
  const target = (file: string): Record<string, string> => ({ types: file.replace('./src/', './').replace(/\.ts$/, '.d.ts'), default: file.replace('./src/', './').replace(/\.ts$/, '.js') });
  await writeFile(
    path.join(dist, 'package.json'),
    `${JSON.stringify({ ...published, sideEffects: false, exports: { ...Object.fromEntries(entries.map(([name, file]) => [name, target(file)])), './package.json': './package.json' } }, null, 2)}\n`,
  );
  await cp(path.join(workspace, 'README.md'), path.join(dist, 'README.md'));
  await cp(path.join(workspace, '../LICENSE'), path.join(dist, 'LICENSE'));
  return dist;
}

async function writeTypes(): Promise<void> {
  const tsc = path.join(workspace, '../node_modules/.bin/tsc');
  await run(tsc, ['-p', path.join(workspace, 'tsconfig.build.json'), '--outDir', dist]);
  // The sources name each other with .ts, which is right where they are compiled and wrong in a package.
  const files = (await readdir(dist, { recursive: true })).filter((file) => file.endsWith('.d.ts'));
  await Promise.all(
    files.map(async (file) => {
      const text = await readFile(path.join(dist, file), 'utf8');
      await writeFile(path.join(dist, file), text.replaceAll(/(from '|import\(')(\.{1,2}\/[^']+)\.ts'/g, "$1$2.js'").replaceAll(/(from "|import\(")(\.{1,2}\/[^"]+)\.ts"/g, '$1$2.js"'));
    }),
  );
}

if (process.argv[1] === import.meta.filename) {
  process.stdout.write(`${await buildSdk()}\n`);
}
