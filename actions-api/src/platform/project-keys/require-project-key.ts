// Lets in who shows a good project key, and nobody too often. Used by the endpoints that have no admin behind them.
import { timingSafeEqual } from 'node:crypto';
import type { RequestHandler, Request, Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Config } from '../../config.ts';
import { AppError } from '../errors.ts';
import type { Services } from '../services.ts';
import { hashOf, idOf } from '@admin-center/platform/project-key';
import type { KeyKind, KnownKey } from './policy.ts';
import { noteUse } from './usage.ts';

const WINDOW_S = 60;

/** Shared by all endpoints of a process; replicas count by themselves. */
export interface KeyLimits {
  /** By key. */
  readonly uses: RateLimiterMemory;
  /** By address of the peer, for guessers. */
  readonly failures: RateLimiterMemory;
}

export const createKeyLimits = (config: Config): KeyLimits => ({
  uses: new RateLimiterMemory({ points: config.RATE_LIMIT_INGEST_PER_MINUTE, duration: WINDOW_S }),
  failures: new RateLimiterMemory({ points: config.RATE_LIMIT_BAD_KEYS_PER_MINUTE, duration: WINDOW_S }),
});

/** What a handler finds in `response.locals.projectKey`. */
export interface ProjectKey {
  readonly id: string;
  readonly name: string;
  readonly kind: KeyKind;
  readonly project: string;
}

/** @throws Error when the route forgot `requireProjectKey` */
export function projectKeyOf(response: Response): ProjectKey {
  const key = response.locals['projectKey'] as ProjectKey | undefined;
  if (key === undefined) {
    throw new Error('This route is not behind requireProjectKey.');
  }
  return key;
}

type Wanted = Pick<Services, 'database' | 'clock' | 'log' | 'policy' | 'keyLimits'>;

/** Whose key it is. @throws AppError 401, 403 or 429 */
export type KeyCheck = (secret: string | null, request: Request, response: Response) => Promise<ProjectKey>;

export function createKeyCheck(services: Wanted, kinds: readonly KeyKind[]): KeyCheck {
  const { clock, policy } = services;
  const { uses, failures } = services.keyLimits;
  const note = noteUse(services);

  return async (secret, request, response) => {
    const peer = request.socket.remoteAddress ?? '';
    const key = secret === null ? null : find(policy.projectKeys.current(), secret, clock());
    if (key === null) {
      await consume(failures, peer);
      response.set('WWW-Authenticate', 'Bearer realm="admin-center"');
      throw new AppError('project_key_invalid', 401, 'Send a valid project key as "Authorization: Bearer <key>". This one is missing, mistyped, unknown, expired or revoked.');
    }
    if (!kinds.includes(key.kind)) {
      throw new AppError('project_key_kind', 403, `This needs a ${kinds.join(' or ')} key, and the one sent is a ${key.kind} key.`);
    }
    await consume(uses, key.id);
    note(key.id);
    return { id: key.id, name: key.name, kind: key.kind, project: key.project };
  };
}

/** The key goes into `Authorization: Bearer`, `X-API-Key`, or Basic authentication as the user name. */
export function requireProjectKey(services: Wanted, kinds: readonly KeyKind[]): RequestHandler {
  const check = createKeyCheck(services, kinds);
  return async (request, response, next) => {
    response.locals['projectKey'] = await check(presentedKey(request), request, response);
    next();
  };
}

/** @returns null when none was sent, or what was sent is too long to be one */
export function presentedKey(request: Request): string | null {
  const [scheme = '', credentials = ''] = (request.get('authorization') ?? '').split(' ', 2);
  const given =
    scheme.toLowerCase() === 'bearer' ? credentials
    : scheme.toLowerCase() === 'basic' ? (Buffer.from(credentials, 'base64').toString('latin1').split(':', 1)[0] ?? '')
    : (request.get('x-api-key') ?? '');
  return given === '' || given.length > 200 ? null : given;
}

/** Every cause of a refusal looks the same, from outside and in time. */
function find(known: Readonly<Record<string, KnownKey>>, secret: string, now: Date): KnownKey | null {
  const id = idOf(secret);
  const key = id !== null && Object.hasOwn(known, id) ? known[id] : undefined;
  const same = timingSafeEqual(hashOf(secret), key === undefined ? NO_HASH : Buffer.from(key.hash, 'hex'));
  return key !== undefined && same && (key.expiresAt === null || key.expiresAt > now.getTime()) ? key : null;
}

const NO_HASH = Buffer.alloc(32);

/** @throws AppError 429 */
async function consume(limiter: RateLimiterMemory, subject: string): Promise<void> {
  await limiter.consume(subject).catch((reason: unknown) => {
    if (!(reason instanceof RateLimiterRes)) {
      throw reason;
    }
    const seconds = Math.max(1, Math.ceil(reason.msBeforeNext / 1_000));
    throw new AppError('rate_limited', 429, `More than ${limiter.points} requests within a minute. Wait ${seconds} s.`, { retryAfterSeconds: seconds });
  });
}
