// Lets pages of every origin send events, which is what a client key is for. No credentials: nothing is read here, and
// no cookie of ours exists.
import type { RequestHandler } from 'express';

/** `X-Retry-Count` is what analytics-next sends. */
const HEADERS = 'authorization, content-type, content-encoding, x-api-key, x-retry-count, x-request-id, anonymousid';
const A_DAY_S = '86400';

export const allowOrigins: RequestHandler = (_request, response, next) => {
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'Retry-After, X-Request-Id',
    // For beacons, which are sent without CORS.
    'Cross-Origin-Resource-Policy': 'cross-origin',
  });
  next();
};

export const answerPreflight: RequestHandler = (_request, response) => {
  response.set({ 'Access-Control-Allow-Methods': 'POST', 'Access-Control-Allow-Headers': HEADERS, 'Access-Control-Max-Age': A_DAY_S });
  response.status(204).end();
};
