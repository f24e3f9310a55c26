// Keeps a part running: one that crashes is started again, ever more patiently, and it is said so.
import { setTimeout as delay } from 'node:timers/promises';
import { beginLog, logFile, startChild, type Child, type ChildSpec } from './child.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A part that ran this long was well; its next crash starts with the short pause again. */
const STEADY_MS = 60_000;

export interface Supervised {
  readonly name: string;
  /** The process that runs now. */
  readonly child: () => Child;
  stop(): Promise<void>;
}

export interface Watcher {
  started(name: string, pid: number): void;
  ended(pid: number): void;
  /** One line for the person at the terminal. */
  say(line: string): void;
}

export function supervise(spec: ChildSpec, dataDir: string, watcher: Watcher): Supervised {
  const stopping = new AbortController();
  beginLog(dataDir, spec.name);
  const launch = (): Child => {
    const child = startChild(spec, dataDir);
    watcher.started(spec.name, child.pid);
    return child;
  };
  let child = launch();

  const watch = async (): Promise<void> => {
    for (let pause = FIRST_PAUSE_MS; ; ) {
      const begun = Date.now();
      const how = await child.ended;
      watcher.ended(child.pid);
      if (stopping.signal.aborted) {
        return;
      }
      pause = Date.now() - begun > STEADY_MS ? FIRST_PAUSE_MS : Math.min(pause * 2, LONGEST_PAUSE_MS);
      watcher.say(`${spec.name} ended with ${how}; starting it again in ${pause / 1000} s (${logFile(dataDir, spec.name)})`);
      await delay(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) {
        return;
      }
      child = launch();
    }
  };
  const watched = watch();

  return {
    name: spec.name,
    child: () => child,
    stop: async () => {
      stopping.abort();
      await child.stop();
      await watched;
    },
  };
}
