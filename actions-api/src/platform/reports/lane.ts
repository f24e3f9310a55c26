// Lets a few pieces of work run at a time and a bounded number wait; beyond that it says so at once.
import { unavailable } from '../errors.ts';

export interface Lane {
  /** @throws AppError 503 with Retry-After when too much waits already */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createLane(atOnce: number, waitingAtMost: number): Lane {
  const waiting: (() => void)[] = [];
  let running = 0;
  return {
    async run(work) {
      if (running >= atOnce) {
        if (waiting.length >= waitingAtMost) {
          throw unavailable('overloaded', 'More arrives than can be worked off. Keep this and send it again.', 5);
        }
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      } else {
        running += 1;
      }
      try {
        return await work();
      } finally {
        // The place is handed on, so nobody who comes meanwhile takes it.
        const next = waiting.shift();
        if (next === undefined) {
          running -= 1;
        } else {
          next();
        }
      }
    },
  };
}
