// Grafana's public signing keys, cached. Grafana rotates them monthly, at times under the same key id, so they are
// fetched again on an unknown id and after a failed signature; an unreachable Grafana leaves the known keys in use.
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '@admin-center/platform/clock';
import type { Logger } from '@admin-center/platform/log';
import { unavailable } from '../errors.ts';

const FETCH_TIMEOUT_MS = 3_000;
const MAX_AGE_MS = 60 * 60 * 1_000;
/** A day without Grafana: nobody can hold a fresh token by then, so old keys would only serve forgers of old ones. */
const MAX_STALE_MS = 24 * 60 * 60 * 1_000;
/** Forged tokens must not become requests to Grafana. */
const MIN_INTERVAL_MS = 5_000;

export interface SigningKeys {
  /** @throws AppError 503 when there are no keys to verify with */
  current(): Promise<JWTVerifyGetKey>;
  /** Fetches again because the cached keys did not fit. @returns false when that was just done or did not work */
  renew(): Promise<boolean>;
}

export interface SigningKeysOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly minIntervalMs?: number;
}

export function createSigningKeys({ url, clock, log, minIntervalMs = MIN_INTERVAL_MS }: SigningKeysOptions): SigningKeys {
  let keys: JWTVerifyGetKey | null = null;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let underWay: Promise<boolean> | null = null;

  const load = async (): Promise<boolean> => {
    attemptedAt = clock().getTime();
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), redirect: 'error', headers: { accept: 'application/json' } });
      if (!response.ok) {
        throw new Error(`the answer is ${response.status}`);
      }
      const found = (await response.json()) as JSONWebKeySet;
      const set = createLocalJWKSet(found);
      // Something in between may answer with a document that is one, and has no key in it that could verify anything.
      if (!found.keys.some(({ kty, kid }) => kty === 'EC' && typeof kid === 'string')) {
        throw new Error('there is no key in the answer that Grafana could sign with');
      }
      keys = set;
      fetchedAt = clock().getTime();
      return true;
    } catch (err) {
      log.warn({ err, url, cached: keys !== null }, 'cannot fetch the signing keys');
      return false;
    }
  };
  const renew = (): Promise<boolean> => {
    if (underWay === null && clock().getTime() - attemptedAt < minIntervalMs) {
      return Promise.resolve(false);
    }
    underWay ??= load().finally(() => (underWay = null));
    return underWay;
  };

  return {
    renew,
    async current() {
      const age = clock().getTime() - fetchedAt;
      if (age > MAX_AGE_MS) {
        await renew();
      }
      if (keys === null || clock().getTime() - fetchedAt > MAX_STALE_MS) {
        throw unavailable('signing_keys_unavailable', `The keys that Grafana signs with cannot be fetched from ${url}. Nobody can be identified until they can.`, 5);
      }
      return keys;
    },
  };
}
