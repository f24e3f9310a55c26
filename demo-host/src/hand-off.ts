// The pages around an impersonation: take a code, start the session, end it.
import type { AdminCenter } from '@cloudtolocalllm/admin-center-sdk';
import type { RequestState } from '@cloudtolocalllm/admin-center-sdk/request-state';
import express, { Router, type Request } from 'express';
import { handOffPage, homePage, refusedPage } from './pages.ts';
import { COOKIE, type Impersonations, tokenOf, userOf } from './sign-in.ts';

export const stateOf = (request: Request): RequestState | undefined => (request as Request & { adminCenter?: RequestState }).adminCenter;

/** Mounted before the middleware: whoever hands in a code is nobody yet, and ending must work whatever the policy says. */
export function handOffRoutes(center: AdminCenter, impersonations: Impersonations): Router {
  const router = Router();
  router.get('/impersonate', (request, response) => {
    response.type('html').send(handOffPage(String(request.query['code'] ?? '')));
  });
  router.post('/impersonate', express.urlencoded({ limit: '4kb', extended: false }), async (request, response) => {
    const { code } = request.body as { code?: unknown };
    try {
      const token = impersonations.start(await center.impersonation.exchange(String(code ?? ''), undefined, request.ip));
      response.cookie(COOKIE, token, { httpOnly: true, sameSite: 'strict', path: '/' }).redirect(303, '/');
    } catch (error) {
      response.status(403).type('html').send(refusedPage((error as Error).message));
    }
  });
  router.post('/impersonate/end', async (request, response) => {
    const token = tokenOf(request);
    const session = token === null ? null : impersonations.find(token);
    if (token !== null && session !== null) {
      impersonations.end(token);
      await center.impersonation.end(session.act.sid);
    }
    response.clearCookie(COOKIE, { path: '/' }).redirect(303, '/');
  });
  return router;
}

export function homeRoutes(): Router {
  const router = Router();
  router.get('/', (request, response) => {
    response.type('html').send(homePage(userOf(request), stateOf(request)));
  });
  return router;
}
