// Builds the plugin and the standalone shell's bundle when what they are made from has changed.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../problem.ts';
import { run } from '../process/command.ts';
import { withLock } from '../process/lock.ts';
import { inRoot, npmBin } from '../root.ts';

export interface Build {
  readonly name: string;
  /** Files and folders, relative to the checkout, whose content decides whether to build. */
  readonly inputs: readonly string[];
  /** A file that is there after a build. */
  readonly output: string;
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
}

export const pluginBuild: Build = {
  name: 'plugin',
  inputs: ['grafana-plugin', 'contracts/src', 'package-lock.json'],
  output: 'grafana-plugin/dist/plugin.json',
  command: [npmBin('webpack'), '-c', './webpack.config.ts', '--env', 'production'],
  cwd: 'grafana-plugin',
};

export const standaloneBuild: Build = {
  name: 'standalone',
  inputs: ['standalone', 'package-lock.json'],
  output: 'standalone/dist',
  command: [process.execPath, 'standalone/build.ts'],
  cwd: '.',
};

/** Outputs, dependencies and caches, and what runs elsewhere than in the browser: none of it is an input. */
const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.eslintcache', '.data', 'e2e', 'test', 'server']);
const isInput = (name: string): boolean => !SKIPPED.has(name) && !/\.test\.tsx?$/.test(name);
const cache = (name: string): string => inRoot('node_modules', '.cache', 'admin-center', name);

/** @returns whether anything was built */
export async function buildWhenChanged(build: Build, detail: (text: string) => void, signal?: AbortSignal): Promise<boolean> {
  return withLock(cache(`${build.name}.lock`), async () => {
    const stamp = cache(`${build.name}.inputs`);
    const hash = await hashInputs(build.inputs);
    if (existsSync(inRoot(build.output)) && (await readFile(stamp, 'utf8').catch(() => '')) === hash) {
      return false;
    }
    const [command, ...args] = build.command;
    const { code, output } = await run(command, args, {
      cwd: inRoot(build.cwd),
      ...(signal === undefined ? {} : { signal }),
      onOutput: (text) => detail(text.trim().split('\n').at(-1)?.slice(0, 100) ?? ''),
    });
    signal?.throwIfAborted();
    if (code !== 0) {
      throw new Problem(`The ${build.name} does not build:\n${output.trim().split('\n').slice(-40).join('\n')}`);
    }
    await mkdir(path.dirname(stamp), { recursive: true });
    await writeFile(stamp, hash);
    return true;
  });
}

export async function hashInputs(inputs: readonly string[]): Promise<string> {
  const files = (await Promise.all(inputs.map((input) => listFiles(inRoot(input))))).flat().toSorted();
  const hash = createHash('sha256');
  for (const file of files) {
    const content = await readFile(file);
    hash.update(`${path.relative(inRoot(), file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

async function listFiles(from: string): Promise<string[]> {
  const entries = await readdir(from, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') {
      return null;
    }
    throw error;
  });
  if (entries === null) {
    return [from];
  }
  const kept = entries.filter((entry) => isInput(entry.name) && (entry.isDirectory() || entry.isFile()));
  return (await Promise.all(kept.map((entry) => (entry.isDirectory() ? listFiles(path.join(from, entry.name)) : [path.join(from, entry.name)])))).flat();
}
