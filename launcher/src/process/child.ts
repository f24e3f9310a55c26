// One long-running part of the product as a child process, with its output in a log file.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { inRoot, root } from '../root.ts';
import { endProcess } from './end.ts';
import { identify } from './identity.ts';

export interface ChildSpec {
  readonly name: string;
  /** A TypeScript file of ours, run by this Node; or a foreign program. */
  readonly program: { readonly script: string } | { readonly command: string };
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Child {
  readonly pid: number;
  /** Resolves, never rejects, with how it ended, e.g. `code 1`. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

const KEPT_LINES = 20;

export const logFile = (dataDir: string, name: string): string => path.join(dataDir, 'logs', `${name}.log`);

/** A start begins a new log; the one before is kept as `<name>.previous.log`. */
export function beginLog(dataDir: string, name: string): void {
  const file = logFile(dataDir, name);
  mkdirSync(path.dirname(file), { recursive: true });
  try {
    renameSync(file, file.replace(/\.log$/, '.previous.log'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw error;
    }
  }
}

/** The end of a child's log, for a message about why it does not run. */
export function lastLines(dataDir: string, name: string): string {
  try {
    return readFileSync(logFile(dataDir, name), 'utf8').trimEnd().split('\n').slice(-KEPT_LINES).map((line) => `    ${line.slice(0, 400)}`).join('\n');
  } catch {
    return '    (no output)';
  }
}

/**
 * Starts a part in a session of its own, so that Ctrl-C in the terminal reaches only the launcher, which ends the parts
 * in order.
 */
export function startChild(spec: ChildSpec, dataDir: string): Child {
  const ours = 'script' in spec.program;
  const command = 'script' in spec.program ? process.execPath : spec.program.command;
  const args = 'script' in spec.program ? ['--import', inRoot('launcher/src/process/end-with-parent.ts'), inRoot(spec.program.script)] : [];
  const log = openSync(logFile(dataDir, spec.name), 'a');
  // The owner's database URL is for the launcher alone; a part gets its own role's URL from its spec, or none.
  const { DATABASE_URL: _ownerUrl, ...inherited } = process.env;
  const child = spawn(command, [...args, ...(spec.args ?? [])], {
    cwd: root,
    env: { ...inherited, ...spec.env },
    detached: true,
    stdio: ['ignore', log, log, ...(ours ? (['ipc'] as const) : [])],
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `code ${code}` : `signal ${signal}`));
  });
  child.channel?.unref();
  const pid = child.pid ?? 0;
  const identity = pid === 0 ? null : identify(pid);
  return {
    pid,
    ended,
    stop: async () => {
      if (identity !== null) {
        await endProcess(pid, identity);
        await ended;
      }
    },
  };
}
