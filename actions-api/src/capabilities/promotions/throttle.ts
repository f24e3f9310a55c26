// Holds back who guesses promotion codes: codes there are none of, counted by account and by address.
import type pg from 'pg';
import { createGuessLimit, type GuessLimit, guesserOf } from '../../platform/guess-limit.ts';

export interface Guesser {
  readonly userId: string;
  readonly ip: string | null;
}

/** `found` is null where it was not looked at all: the guesser is held back for so many seconds. */
export type Attempt<T> = { readonly waitSeconds: 0; readonly found: T } | { readonly waitSeconds: number; readonly found: null };

export interface GuessThrottle {
  /** Counts as a guess when what was found is wrong. */
  attempt<T>(guesser: Guesser, look: () => Promise<T>, isWrong: (found: T) => boolean): Promise<Attempt<T>>;
}

const WINDOW_S = 3_600;

/** @param perHour wrong codes that are answered within an hour */
export function createGuessThrottle(pool: pg.Pool, perHour: { readonly user: number; readonly ip: number }): GuessThrottle {
  const limits = {
    user: createGuessLimit(pool, { name: 'code-guess-user', points: perHour.user, windowSeconds: WINDOW_S }),
    ip: createGuessLimit(pool, { name: 'code-guess-ip', points: perHour.ip, windowSeconds: WINDOW_S }),
  };

  const attemptBy = async <T>(subjects: readonly (readonly [GuessLimit, string])[], look: () => Promise<T>, isWrong: (found: T) => boolean): Promise<Attempt<T>> => {
    const [subject, ...others] = subjects;
    if (subject === undefined) {
      return { waitSeconds: 0, found: await look() };
    }
    const [limit, key] = subject;
    return limit.inTurn(key, async () => {
      const waitSeconds = await limit.take(key);
      if (waitSeconds > 0) {
        return { waitSeconds, found: null };
      }
      let wrong = false;
      try {
        const attempt = await attemptBy(others, look, isWrong);
        wrong = attempt.waitSeconds === 0 && isWrong(attempt.found as T);
        return attempt;
      } finally {
        if (!wrong) {
          await limit.giveBack(key);
        }
      }
    });
  };

  return {
    attempt: ({ userId, ip }, look, isWrong) => attemptBy([[limits.user, userId.toLowerCase()], ...(ip === null ? [] : [[limits.ip, guesserOf(ip)] as const])], look, isWrong),
  };
}
