// One process at a time does a piece of work in a checkout; the others wait for it.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identify } from './identity.ts';

/** Runs `work` while holding `file`; a holder that died is recognised and its lock taken over. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, identity: identify(process.pid) });
  while (!(await claim(file, mine))) {
    await delay(100);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function claim(file: string, mine: string): Promise<boolean> {
  try {
    await writeFile(file, mine, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
  }
  const holder = await readFile(file, 'utf8').then((text) => JSON.parse(text) as { pid: number; identity: string }, () => null);
  if (holder !== null && identify(holder.pid) !== holder.identity) {
    await rm(file, { force: true });
  }
  return false;
}
