// Work that this very process repeats, such as its sign of life: every so often, at once when woken, never twice at a time.
import type { Logger } from '@admin-center/platform/log';

export interface Loop {
  /** Runs now, or right after the present run. */
  wake(): void;
  /** Resolves when the present run has ended; none follows. */
  close(): Promise<void>;
}

/** A run that fails is logged and tried again at the next turn. */
export function startLoop(name: string, intervalMs: number, log: Logger, run: () => Promise<void>): Loop {
  const closing = new AbortController();
  let woken = false;
  let wakeUp = (): void => undefined;

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, intervalMs);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
      if (woken || closing.signal.aborted) {
        wakeUp();
      }
    });

  const turn = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      woken = false;
      await run().catch((err: unknown) => log.warn({ err, loop: name }, 'a run failed; the next one follows'));
      await pause();
    }
  };
  const ended = turn();

  return {
    wake() {
      woken = true;
      wakeUp();
    },
    async close() {
      closing.abort();
      wakeUp();
      await ended;
    },
  };
}
