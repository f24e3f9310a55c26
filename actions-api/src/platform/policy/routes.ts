// GET /sdk/v1/policy: what a host obeys. With an ETag it is answered when something has changed, or after `wait` seconds.
import { createHmac } from 'node:crypto';
import { NONCE_HEADER, SIGNATURE_HEADER, signedText } from '@cloudtolocalllm/admin-center-sdk/policy';
import { Router, type Request } from 'express';
import { AppError, unavailable } from '../errors.ts';
import { presentedKey, requireProjectKey } from '../project-keys/require-project-key.ts';
import type { Services } from '../services.ts';
import { servedPolicy } from './served.ts';

/** Shorter than what proxies commonly allow. */
const LONGEST_WAIT_S = 25;
/** Hosts that wait at the same time. */
const MOST_WAITING = 2_000;

export function policyIngestRoutes(services: Services): Router {
  const served = servedPolicy(services.policy);
  let waiting = 0;

  const router = Router();
  router.get('/sdk/v1/policy', requireProjectKey(services, ['server']), async (request, response) => {
    const nonce = nonceOf(request);
    const known = request.get('if-none-match');
    const seconds = secondsOf(request);
    let { etag, body } = served.current();
    if (etag === known && seconds > 0 && !services.draining()) {
      if (waiting >= MOST_WAITING) {
        throw unavailable('too_many_waiting', 'Too many hosts wait for a change here. Ask again later, or ask another replica.', 5);
      }
      waiting += 1;
      const since = performance.now();
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      await served.change(etag, AbortSignal.any([gone.signal, AbortSignal.timeout(seconds * 1_000)])).finally(() => {
        waiting -= 1;
        // Waiting is no work: it must not look like a slow answer.
        response.locals['waitedMs'] = performance.now() - since;
      });
      ({ etag, body } = served.current());
    }
    if (services.draining()) {
      // The next question is for another replica.
      response.set('Connection', 'close');
    }
    const text = etag === known ? '' : body;
    const secret = presentedKey(request) ?? '';
    response.set({ ETag: etag, [SIGNATURE_HEADER]: createHmac('sha256', secret).update(signedText(nonce, etag, text)).digest('hex') });
    if (text === '') {
      response.status(304).end();
    } else {
      response.status(200).type('application/json').send(text);
    }
  });
  return router;
}

function nonceOf(request: Request): string {
  const nonce = request.get(NONCE_HEADER) ?? '';
  if (!/^[\w-]{0,64}$/.test(nonce)) {
    throw new AppError('nonce_invalid', 400, `${NONCE_HEADER} holds at most 64 letters, digits, hyphens and underscores.`);
  }
  return nonce;
}

function secondsOf({ query }: Request): number {
  const { wait = '0' } = query;
  if (typeof wait !== 'string' || !/^\d{1,2}$/.test(wait) || Number(wait) > LONGEST_WAIT_S) {
    throw new AppError('query_invalid', 400, `wait is a whole number of seconds from 0 to ${LONGEST_WAIT_S}.`, { errors: [{ path: 'query.wait', message: `From 0 to ${LONGEST_WAIT_S}.` }] });
  }
  return Number(wait);
}
