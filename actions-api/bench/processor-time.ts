// What processes spent of the processors, which the work of others on the machine changes less than the clock.
import { readdir, readFile } from 'node:fs/promises';

/** Of a tick of the kernel's accounts. */
const TICK_MS = 10;

/** Of a process and of the children it had and has, in milliseconds. 0 when it is gone. */
export async function processorMs(pid: number): Promise<number> {
  const all = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(accountOf));
  const accounts = all.filter((account) => account !== null);
  const own = accounts.find((account) => account.pid === pid);
  const running = accounts.filter((account) => account.parent === pid);
  return own === undefined ? 0 : own.own + own.ended + running.reduce((sum, account) => sum + account.own, 0);
}

interface Account {
  readonly pid: number;
  readonly parent: number;
  readonly own: number;
  /** Of the children it waited for. */
  readonly ended: number;
}

async function accountOf(pid: string): Promise<Account | null> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (line === null) {
    return null;
  }
  // The name in brackets may hold spaces.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ').map(Number);
  const ms = (...places: readonly number[]): number => places.reduce((sum, place) => sum + (fields[place] ?? 0), 0) * TICK_MS;
  return { pid: Number(pid), parent: fields[1] ?? 0, own: ms(11, 12), ended: ms(13, 14) };
}
