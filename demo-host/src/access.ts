// The page of one's own account that says who looked at it, and the buttons that let support in or put it out.
import type { AdminCenter } from '@cloudtolocalllm/admin-center-sdk';
import { Router, type Request, type Response } from 'express';
import { stateOf } from './hand-off.ts';
import { accessPage, refusedPage, sessionPage } from './pages.ts';
import { requireUser, type RequestUser, userOf } from './sign-in.ts';

const HOURS = 24;

export function accessRoutes(center: AdminCenter): Router {
  const router = Router();
  const { impersonation } = center;
  const show = (page: (user: RequestUser, request: Request) => Promise<string>) => async (request: Request, response: Response) => {
    await page(userOf(request) as RequestUser, request).then(
      (html) => response.type('html').send(html),
      (error: Error & { status?: number }) => response.status(error.status === 404 ? 404 : 503).type('html').send(refusedPage(error.message)),
    );
  };

  router.get('/account/access', requireUser, show(async (user, request) => {
    const cursor = request.query['cursor'];
    const [consent, sessions] = await Promise.all([impersonation.consentOf(user.id), impersonation.sessionsOf(user.id, typeof cursor === 'string' ? cursor : undefined)]);
    return accessPage(user, stateOf(request), consent, sessions);
  }));
  router.get('/account/access/:sessionId', requireUser, show(async (user, request) => {
    const sessionId = String(request.params['sessionId']);
    return sessionPage(user, stateOf(request), await impersonation.requestsOf(user.id, sessionId));
  }));
  // The name makes it one of the protected actions (S2): nobody agrees in another's name.
  for (const [path, decide] of [
    ['/account/access-consent/give', (user: RequestUser) => impersonation.giveConsent(user.id, HOURS)],
    ['/account/access-consent/withdraw', (user: RequestUser) => impersonation.withdrawConsent(user.id)],
  ] as const) {
    router.post(path, requireUser, async (request: Request, response: Response) => {
      await decide(userOf(request) as RequestUser).then(
        () => response.redirect(303, '/account/access'),
        (error: Error) => response.status(503).type('html').send(refusedPage(error.message)),
      );
    });
  }
  return router;
}
