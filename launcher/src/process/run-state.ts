// `.data/run.json`: which launcher runs on this data and which processes it started, so that the next start can tell
// a running product from the leftovers of a killed one.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';
import { endProcess } from './end.ts';
import { identify } from './identity.ts';

interface Entry {
  readonly name: string;
  readonly pid: number;
  readonly identity: string;
}

interface Contents {
  readonly launcher: Entry & { readonly url: string };
  readonly children: readonly Entry[];
}

export interface RunState {
  started(name: string, pid: number): void;
  ended(pid: number): void;
  /** Gives the data directory free for the next start. */
  release(): void;
}

/**
 * Claims the data directory for this launcher.
 * @param onLeftover told the name of each process that a killed launcher left behind and that was ended
 * @throws Problem when another launcher runs on it
 */
export async function claimRun(dataDir: string, url: string, onLeftover: (name: string) => void): Promise<RunState> {
  mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, 'run.json');
  const launcher = { name: 'launcher', pid: process.pid, identity: identify(process.pid) ?? '', url };
  const children = new Map<number, Entry>();
  const contents = (): string => `${JSON.stringify({ launcher, children: [...children.values()] } satisfies Contents, null, 2)}\n`;

  while (!createWhole(file, contents())) {
    await clear(file, onLeftover);
  }
  const save = (): void => replaceWhole(file, contents());
  return {
    started(name, pid) {
      const identity = identify(pid);
      if (identity !== null) {
        children.set(pid, { name, pid, identity });
        save();
      }
    },
    ended(pid) {
      children.delete(pid);
      save();
    },
    release: () => rmSync(file, { force: true }),
  };
}

/** Nobody ever reads half a file: it is written beside and put in place in one step. False when there is one already. */
function createWhole(file: string, text: string): boolean {
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, text);
  try {
    linkSync(beside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

function replaceWhole(file: string, text: string): void {
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, text);
  renameSync(beside, file);
}

async function clear(file: string, onLeftover: (name: string) => void): Promise<void> {
  const left = read(file);
  if (left !== null && identify(left.launcher.pid) === left.launcher.identity) {
    throw new Problem(
      `The Admin Center already runs on ${path.dirname(file)} (process ${left.launcher.pid}): ${left.launcher.url}\n` +
        'Stop it with Ctrl-C in its terminal, or start a second one with its own DATA_DIR and ports (npm start -- --help).',
    );
  }
  await Promise.all(
    (left?.children ?? []).map(async ({ name, pid, identity }) => {
      if (await endProcess(pid, identity)) {
        onLeftover(name);
      }
    }),
  );
  rmSync(file, { force: true });
}

/** Null when it is gone or somebody edited it. */
function read(file: string): Contents | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Contents;
  } catch {
    return null;
  }
}
