// Limits per admin, shared by all replicas through PostgreSQL; while it is away each process counts by itself.
import type { Response } from 'express';
import type pg from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../errors.ts';

const WINDOW_S = 60;

export type LimitKind = 'reads' | 'writes';

export interface RateLimits {
  /** Takes one request from what `subject` has left and says so in the headers. @throws AppError 429 */
  consume(kind: LimitKind, subject: string, response: Response): Promise<void>;
}

/** @param perMinute how many requests of each kind one admin may send */
export function createRateLimits(pool: pg.Pool, perMinute: Readonly<Record<LimitKind, number>>): RateLimits {
  const limiter = (kind: LimitKind): RateLimiterPostgres =>
    new RateLimiterPostgres({
      storeClient: pool,
      storeType: 'pool',
      schemaName: 'admin_center',
      tableName: 'rate_limit',
      tableCreated: true,
      // The worker deletes what has expired, once for all replicas.
      clearExpiredByTimeout: false,
      keyPrefix: kind,
      points: perMinute[kind],
      duration: WINDOW_S,
      // Who is over the limit is told so from memory, without another write.
      inMemoryBlockOnConsumed: perMinute[kind] + 1,
      insuranceLimiter: new RateLimiterMemory({ keyPrefix: kind, points: perMinute[kind], duration: WINDOW_S }),
    });
  const limiters = { reads: limiter('reads'), writes: limiter('writes') };

  return {
    async consume(kind, subject, response) {
      const { left, over } = await limiters[kind].consume(subject).then(
        (taken) => ({ left: taken, over: false }),
        (reason: unknown) => {
          if (reason instanceof RateLimiterRes) {
            return { left: reason, over: true };
          }
          throw reason;
        },
      );
      const resetS = Math.max(1, Math.ceil(left.msBeforeNext / 1_000));
      response.set('RateLimit-Policy', `"${kind}";q=${perMinute[kind]};w=${WINDOW_S}`);
      response.set('RateLimit', `"${kind}";r=${left.remainingPoints};t=${resetS}`);
      if (over) {
        throw new AppError('rate_limited', 429, `More than ${perMinute[kind]} ${kind} within a minute. Wait ${resetS} s.`, { retryAfterSeconds: resetS });
      }
    },
  };
}
