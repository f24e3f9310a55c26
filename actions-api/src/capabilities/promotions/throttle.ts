// Holds back who guesses promotion codes: codes there are none of, counted by account and by address, shared by all
// replicas through PostgreSQL; while it is away each process counts by itself.
import type pg from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

export interface Guesser {
  readonly userId: string;
  readonly ip: string | null;
}

export interface GuessThrottle {
  /** Seconds until this account and address may try again; 0: now. */
  heldBack(guesser: Guesser): Promise<number>;
  /** Counts a code there is none of. @returns as `heldBack`, when this one was too many */
  guessed(guesser: Guesser): Promise<number>;
}

const WINDOW_S = 3_600;

/** @param perHour wrong codes that are answered within an hour */
export function createGuessThrottle(pool: pg.Pool, perHour: { readonly user: number; readonly ip: number }): GuessThrottle {
  const limiter = (kind: 'user' | 'ip'): RateLimiterPostgres =>
    new RateLimiterPostgres({
      storeClient: pool, storeType: 'pool', schemaName: 'admin_center', tableName: 'rate_limit', tableCreated: true, clearExpiredByTimeout: false,
      keyPrefix: `code-guess-${kind}`, points: perHour[kind], duration: WINDOW_S, inMemoryBlockOnConsumed: perHour[kind] + 1,
      insuranceLimiter: new RateLimiterMemory({ keyPrefix: `code-guess-${kind}`, points: perHour[kind], duration: WINDOW_S }),
    });
  const limiters = { user: limiter('user'), ip: limiter('ip') };
  const subjects = ({ userId, ip }: Guesser) => [{ by: limiters.user, key: userId.toLowerCase(), points: perHour.user }, ...(ip === null ? [] : [{ by: limiters.ip, key: ip, points: perHour.ip }])];
  const secondsOf = (left: RateLimiterRes): number => Math.max(1, Math.ceil(left.msBeforeNext / 1_000));

  return {
    async heldBack(guesser) {
      const waits = await Promise.all(
        subjects(guesser).map(async ({ by, key, points }) => {
          const left = await by.get(key);
          return left !== null && left.consumedPoints >= points ? secondsOf(left) : 0;
        }),
      );
      return Math.max(...waits);
    },
    async guessed(guesser) {
      const waits = await Promise.all(
        subjects(guesser).map(({ by, key }) =>
          by.consume(key).then(
            () => 0,
            (reason: unknown) => {
              if (reason instanceof RateLimiterRes) {
                return secondsOf(reason);
              }
              throw reason;
            },
          ),
        ),
      );
      return Math.max(...waits);
    },
  };
}
