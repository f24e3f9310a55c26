// How many bytes of requests are in the process at a time, read or waiting for the database: its memory is a multiple of
// this and no more, however fast senders send.
import { unavailable } from '../errors.ts';

export interface Admission {
  /** @throws AppError 503 when so much is not free */
  take(bytes: number): Taken;
}

export interface Taken {
  /** When it turns out to be less. */
  shrink(bytes: number): void;
  giveBack(): void;
}

export function createAdmission(mostBytes: number): Admission {
  let free = mostBytes;
  return {
    take(bytes) {
      if (bytes > free) {
        throw unavailable('overloaded', 'More arrives than can be worked off. Keep this and send it again.', 2);
      }
      let held = bytes;
      free -= held;
      const shrink = (size: number): void => {
        free += Math.max(0, held - size);
        held = Math.min(held, size);
      };
      return { shrink, giveBack: () => shrink(0) };
    },
  };
}
