// Holds back who guesses codes, exactly: a guess is taken ahead of the look at it and given back when it was right, so that
// of many at once no more are looked at than there are left. Shared by all replicas through PostgreSQL; while it is away
// each process counts by itself.
import ipaddr from 'ipaddr.js';
import type pg from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { createLane, type Lane } from './reports/lane.ts';

/** Looks of one guesser that run at a time, so that the right ones of a busy address are not taken for too many. */
const AT_ONCE = 5;
const WAITING_AT_MOST = 500;

export interface GuessLimit {
  /** Seconds until `key` may guess again; 0: one guess is taken. */
  take(key: string): Promise<number>;
  giveBack(key: string): Promise<void>;
  /** Runs `work` when few others of the key do. @throws AppError 503 when too much waits already */
  inTurn<T>(key: string, work: () => Promise<T>): Promise<T>;
}

export interface GuessLimitOptions {
  /** Its name in the table. */
  readonly name: string;
  /** Wrong ones that are answered within the window. */
  readonly points: number;
  readonly windowSeconds: number;
}

export function createGuessLimit(pool: pg.Pool, { name, points, windowSeconds }: GuessLimitOptions): GuessLimit {
  const limiter = new RateLimiterPostgres({
    storeClient: pool, storeType: 'pool', schemaName: 'admin_center', tableName: 'rate_limit', tableCreated: true, clearExpiredByTimeout: false,
    keyPrefix: name, points, duration: windowSeconds,
    insuranceLimiter: new RateLimiterMemory({ keyPrefix: name, points, duration: windowSeconds }),
  });
  const lanes = new Map<string, { readonly lane: Lane; users: number }>();
  return {
    async take(key) {
      try {
        await limiter.consume(key);
        return 0;
      } catch (reason) {
        if (!(reason instanceof RateLimiterRes)) {
          throw reason;
        }
        // Who is held back is not held back for longer by asking again.
        await limiter.reward(key);
        return Math.max(1, Math.ceil(reason.msBeforeNext / 1_000));
      }
    },
    async giveBack(key) {
      await limiter.reward(key);
    },
    async inTurn(key, work) {
      const own = lanes.get(key) ?? { lane: createLane(AT_ONCE, WAITING_AT_MOST), users: 0 };
      lanes.set(key, own);
      own.users += 1;
      try {
        return await own.lane.run(work);
      } finally {
        own.users -= 1;
        if (own.users === 0) {
          lanes.delete(key);
        }
      }
    },
  };
}

/** Under one name however it is written: an IPv4 address, or the /64 a household gets in IPv6. */
export function guesserOf(ip: string): string {
  const address = ipaddr.process(ip);
  return address.kind() === 'ipv4' ? address.toString() : `${(address as ipaddr.IPv6).parts.slice(0, 4).map((part) => part.toString(16)).join(':')}::/64`;
}
