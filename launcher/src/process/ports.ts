// Is a port free, and if not, who has it.
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { Problem } from '../problem.ts';

export interface PortUse {
  /** The part of the product that wants it. */
  readonly part: string;
  readonly port: number;
  /** The environment variable that changes it. */
  readonly variable: string;
}

/** @throws Problem naming every port that is taken, by whom, and what to set */
export async function requirePorts(uses: readonly PortUse[], host: string = '127.0.0.1'): Promise<void> {
  const twice = uses.filter(({ port }, index) => port !== 0 && uses.findIndex((other) => other.port === port) !== index);
  if (twice.length > 0) {
    throw new Problem(twice.map(({ part, port, variable }) => `Port ${port} of the ${part} (${variable}) is also given to another part. Set another one.`).join('\n'));
  }
  const taken = (await Promise.all(uses.map(async (use) => ({ use, error: await tryPort(host, use.port) })))).filter(({ error }) => error !== null);
  if (taken.length > 0) {
    throw new Problem(
      taken
        .map(({ use: { part, port, variable }, error }) => {
          const why = error === 'EADDRINUSE' ? `is taken${describeOwner(port)}` : `cannot be used (${error})`;
          return `Port ${port} for the ${part} ${why}. End that program, or choose another port: ${variable}=${port + 10_000 > 65_535 ? port - 10_000 : port + 10_000} npm start`;
        })
        .join('\n'),
    );
  }
}

function tryPort(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

/** ` by prometheus (process 812)` where the system lets us know; only Linux says, and only about processes we may see. */
function describeOwner(port: number): string {
  try {
    // The second table is missing where IPv6 is switched off.
    const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].filter((table) => existsSync(table)).flatMap((table) => listeningInodes(table, port)));
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (socketInodes(pid).some((inode) => inodes.has(inode))) {
        return ` by ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, 2).join(' ').slice(0, 120)} (process ${pid})`;
      }
    }
  } catch {
    // No /proc: the message does without.
  }
  return '';
}

function listeningInodes(table: string, port: number): string[] {
  const LISTEN = '0A';
  return readFileSync(table, 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => state === LISTEN && Number.parseInt(local.split(':')[1] ?? '', 16) === port)
    .map((columns) => columns[9] ?? '');
}

/** Empty for a process of somebody else; a descriptor may be closed while we look. */
function socketInodes(pid: string): string[] {
  const folder = `/proc/${pid}/fd`;
  const orNothing = <T>(look: () => T, nothing: T): T => {
    try {
      return look();
    } catch {
      return nothing;
    }
  };
  return orNothing(() => readdirSync(folder), []).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(orNothing(() => readlinkSync(`${folder}/${fd}`), ''))?.[1] ?? []);
}
