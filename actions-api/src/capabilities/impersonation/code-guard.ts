// Holds back who tries codes that are not good: by the address that the host says the browser has, and in all by project
// key. A code has 256 bits, so a good one is no guess: it is taken however many wrong ones others hand in through the same
// host, and only an address that tried too many itself is not listened to for a while.
import type pg from 'pg';
import { AppError } from '../../platform/errors.ts';
import { createGuessLimit, guesserOf } from '../../platform/guess-limit.ts';
import type { ProjectKey } from '../../platform/project-keys/require-project-key.ts';

const WINDOW_S = 600;
const PER_ADDRESS = 10;
const PER_KEY = 100;

export interface CodeGuard {
  /** @param exchange null for a code that is not good @throws AppError 400 `code_invalid`, 429 `too_many_codes` */
  attempt<T>(key: ProjectKey, ip: string | null, exchange: () => Promise<T | null>): Promise<T>;
}

export function createCodeGuard(pool: pg.Pool): CodeGuard {
  const byAddress = createGuessLimit(pool, { name: 'handoff-ip', points: PER_ADDRESS, windowSeconds: WINDOW_S });
  const byKey = createGuessLimit(pool, { name: 'handoff-key', points: PER_KEY, windowSeconds: WINDOW_S });

  const byAddressOf = async <T>(address: string, exchange: () => Promise<T | null>): Promise<T | null> =>
    byAddress.inTurn(address, async () => {
      const seconds = await byAddress.take(address);
      if (seconds > 0) {
        throw tooMany(seconds);
      }
      let wrong = false;
      try {
        const exchanged = await exchange();
        wrong = exchanged === null;
        return exchanged;
      } finally {
        if (!wrong) {
          await byAddress.giveBack(address);
        }
      }
    });

  return {
    async attempt(key, ip, exchange) {
      const exchanged = await (ip === null ? exchange() : byAddressOf(`${key.project}:${guesserOf(ip)}`, exchange));
      if (exchanged !== null) {
        return exchanged;
      }
      const seconds = await byKey.take(key.id);
      throw seconds > 0 ? tooMany(seconds) : new AppError('code_invalid', 400, 'This code is not good: it is unknown, was used, or has expired. Ask for a new session in the Admin Center.');
    },
  };
}

const tooMany = (seconds: number): AppError => new AppError('too_many_codes', 429, `Too many codes that are not good came from here. Wait ${seconds} s.`, { retryAfterSeconds: seconds });
