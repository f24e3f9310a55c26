// Says whether anything a build depends on has changed: our own sources by content, packages by version.
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Metafile } from 'esbuild';

const OWN_SOURCES = ['src', 'icons', 'bundling', 'build.ts', 'package.json'];

/** @param packages directories of bundled packages, as the last build recorded them */
export async function computeStamp(workspace: string, packages: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await sourceFiles(workspace)) {
    hash
      .update(file)
      .update('\0')
      .update(await readFile(path.join(workspace, file)));
  }
  for (const directory of packages) {
    const manifest = await readFile(path.join(workspace, directory, 'package.json'), 'utf8').catch(() => 'missing');
    hash.update(directory).update('\0').update(manifest);
  }
  return hash.digest('hex');
}

async function sourceFiles(workspace: string): Promise<string[]> {
  const listed = await Promise.all(OWN_SOURCES.map((name) => filesUnder(workspace, name)));
  return listed.flat().toSorted();
}

/** The file itself, or all files of the folder; nothing when it is not there. */
async function filesUnder(workspace: string, name: string): Promise<string[]> {
  const found = await stat(path.join(workspace, name)).catch(() => null);
  if (found === null || found.isFile()) {
    return found === null ? [] : [name];
  }
  const entries = await readdir(path.join(workspace, name), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(workspace, path.join(entry.parentPath, entry.name)));
}

/** Package directories that a bundle took modules from, relative to the workspace. */
export function bundledPackages({ inputs }: Metafile): readonly string[] {
  const directories = Object.keys(inputs).flatMap(
    (file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [],
  );
  return [...new Set(directories)].toSorted();
}
