// The PostgreSQL server process: is one running on our data, and how to end it.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const FAST_SHUTDOWN_MS = 20_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;

/** The server that runs on this cluster, if any. A pid file whose process is somebody else's is removed. */
export function findPostmaster(cluster: string): { pid: number; port: number } | null {
  const file = path.join(cluster, 'postmaster.pid');
  const [pid, , , port] = readLines(file).map(Number);
  if (pid === undefined || port === undefined) {
    return null;
  }
  if (isPostmaster(pid, cluster)) {
    return { pid, port };
  }
  // A dead process: PostgreSQL itself clears the file, after checking that no backend still holds the shared memory.
  // A process number that was given to another program: PostgreSQL would wait for it for ever.
  if (commandOf(pid) !== '') {
    rmSync(file, { force: true });
  }
  return null;
}

/** Whether this process is a PostgreSQL server on this cluster. A zombie has no command line, so it is not. */
export function isPostmaster(pid: number, cluster: string): boolean {
  return `${commandOf(pid)} `.includes(` -D ${cluster} `);
}

/** Ends a server by fast shutdown: transactions are rolled back, clients cut off, data written. */
export async function endPostmaster(pid: number, cluster: string): Promise<void> {
  for (const [signal, patienceMs] of [['SIGINT', FAST_SHUTDOWN_MS], ['SIGQUIT', IMMEDIATE_SHUTDOWN_MS]] as const) {
    if (!isPostmaster(pid, cluster)) {
      return;
    }
    process.kill(pid, signal);
    for (const deadline = Date.now() + patienceMs; Date.now() < deadline && isPostmaster(pid, cluster); ) {
      await delay(20);
    }
  }
  if (isPostmaster(pid, cluster)) {
    throw new Error(`PostgreSQL (process ${pid}) does not end. Look at it with "ps -fp ${pid}" and end it by hand.`);
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** The command line of a process, its arguments separated by spaces; empty when there is no such process. */
function commandOf(pid: number): string {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}
