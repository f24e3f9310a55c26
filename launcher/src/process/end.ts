// Ends a process politely, then firmly; never one that is not the process meant.
import { setTimeout as delay } from 'node:timers/promises';
import { identify } from './identity.ts';

const GRACE_MS = 12_000;

/**
 * Sends SIGTERM and, after a grace period, SIGKILL.
 * @param identity what `identify` said about the process when it was started; a mismatch leaves it alone
 * @returns whether there was such a process
 */
export async function endProcess(pid: number, identity: string, graceMs: number = GRACE_MS): Promise<boolean> {
  if (identify(pid) !== identity) {
    return false;
  }
  for (const [signal, patience] of [['SIGTERM', graceMs], ['SIGKILL', 5_000]] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return true;
    }
    for (const deadline = Date.now() + patience; Date.now() < deadline; await delay(20)) {
      if (identify(pid) !== identity) {
        return true;
      }
    }
  }
  return true;
}
