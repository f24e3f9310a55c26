// OFREP 0.3: any OpenFeature client evaluates flags here with a project key. Answered from memory; rules never leave.
import { createHash } from 'node:crypto';
import { UNKNOWN_FLAG } from '@admin-center/contracts/flags';
import { evaluate } from '@cloudtolocalllm/admin-center-sdk/flags';
import type { FlagPolicy } from '@cloudtolocalllm/admin-center-sdk/flags/types';
import express, { type ErrorRequestHandler, type RequestHandler, type Response, Router } from 'express';
import { toAppError } from '../../../platform/problem.ts';
import { projectKeyOf, requireProjectKey } from '../../../platform/project-keys/require-project-key.ts';
import type { Services } from '../../../platform/services.ts';
import { answerOf, contextOf, type OfrepFailure, statusOf } from './answers.ts';

const PATH = '/ofrep/v1/evaluate/flags';
const BODY_LIMIT = '64kb';

export function ofrepIngestRoutes(services: Services): Router {
  const { policy, evaluations, clock } = services;
  const router = Router();
  router.use(PATH, allowBrowsers);
  router.use(PATH, requireProjectKey(services, ['server', 'client']), express.json({ limit: BODY_LIMIT, strict: false }));

  router.post(`${PATH}/:key`, (request, response) => {
    response.locals['route'] = `${PATH}/{key}`;
    const { key } = request.params;
    const given = contextOf(request.body);
    if ('failure' in given) {
      return sendFailure(response, 400, { key, ...given.failure });
    }
    const current = policy.flags.current();
    // A key that is not shown is one that does not exist, also to the counters.
    const known = isShown(current, key, response);
    const evaluation = evaluate(known ? current : { flags: {} }, key, given.context, { at: clock().getTime() });
    evaluations.add(known ? key : UNKNOWN_FLAG, evaluation.variant, evaluation.reason);
    const answer = answerOf(key, evaluation);
    response.status(statusOf(answer)).json(answer);
  });

  router.post(PATH, (request, response) => {
    response.locals['route'] = PATH;
    const given = contextOf(request.body);
    if ('failure' in given) {
      return sendFailure(response, 400, given.failure);
    }
    const current = policy.flags.current();
    const at = clock().getTime();
    const results = Object.keys(current.flags).filter((key) => isShown(current, key, response)).map((key) => ({ key, evaluation: evaluate(current, key, given.context, { at }) }));
    const text = JSON.stringify({ flags: results.map(({ key, evaluation }) => answerOf(key, evaluation)) });
    // Of the answer itself: a schedule changes it without a change of the policy, and most changes concern others.
    const etag = `"${createHash('sha1').update(text).digest('base64url')}"`;
    response.set('ETag', etag);
    if (isKnown(request.get('if-none-match'), etag)) {
      response.status(304).end();
      return;
    }
    for (const { key, evaluation } of results) {
      evaluations.add(key, evaluation.variant, evaluation.reason);
    }
    response.status(200).type('application/json').send(text);
  });

  router.use(PATH, answerUnreadable);
  return router;
}

/** Weakly, as RFC 9110 has it: a proxy that compresses an answer makes its tag a weak one. */
const isKnown = (header: string | undefined, etag: string): boolean => header?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) === true;

const isShown = ({ flags }: FlagPolicy, key: string, response: Response): boolean =>
  Object.hasOwn(flags, key) && (projectKeyOf(response).kind === 'server' || flags[key]?.public === true);

/** Any page may ask: what counts is the key, and nothing of the browser's own is sent along or stored. */
const allowBrowsers: RequestHandler = (request, response, next) => {
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'ETag, Retry-After',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  });
  if (request.method !== 'OPTIONS') {
    next();
    return;
  }
  response.set({
    'Access-Control-Allow-Methods': 'POST',
    'Access-Control-Allow-Headers': 'Authorization, X-API-Key, Content-Type, If-None-Match',
    'Access-Control-Max-Age': '86400',
  });
  response.status(204).end();
};

/** A body that cannot be read, in OFREP's words; everything else in ours. */
const answerUnreadable: ErrorRequestHandler = (error, request, response, next) => {
  const { code, status, message } = toAppError(error);
  if (!code.startsWith('body_')) {
    next(error);
    return;
  }
  const key = request.path.replace(/^\//, '');
  sendFailure(response, status, { ...(key === '' ? {} : { key: decodeURIComponent(key) }), errorCode: 'PARSE_ERROR', errorDetails: message });
};

function sendFailure(response: Response, status: number, failure: OfrepFailure): void {
  response.status(status).json(failure);
}
