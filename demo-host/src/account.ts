// The account and everything about it that nobody should do in another's name. Nothing is really changed: the demo
// company's rows belong to its simulator.
import { Router, type Request, type Response } from 'express';
import { requireUser, type RequestUser, userOf } from './sign-in.ts';
import { type Store } from './store.ts';

/** What a real host has behind these; each is answered as if it were done. */
const CHANGES = [
  ['put', '/api/profile'],
  ['put', '/api/preferences'],
  ['post', '/api/password'],
  ['post', '/api/email'],
  ['post', '/api/mfa'],
  ['post', '/api/api-keys'],
  ['post', '/api/payments'],
  ['post', '/api/payment-methods'],
  ['post', '/api/subscription'],
  ['get', '/api/export'],
  ['post', '/api/consent'],
  ['delete', '/api/account'],
  ['get', '/api/admin/users'],
] as const;

export function accountRoutes(store: Store): Router {
  const router = Router();
  router.get('/api/profile', requireUser, (request: Request, response: Response) => {
    const { act: _act, sessionId: _sessionId, ...profile } = userOf(request) as RequestUser;
    response.json(profile);
  });
  router.get('/api/sessions/current', requireUser, (request: Request, response: Response) => {
    const { sessionId, act } = userOf(request) as RequestUser;
    response.json({ sessionId, act });
  });
  router.get('/api/usage', requireUser, async (request: Request, response: Response) => {
    response.json({ tunnels: (await store.tunnels((userOf(request) as RequestUser).id)).length });
  });
  for (const [method, path] of CHANGES) {
    router[method](path, requireUser, (_request: Request, response: Response) => {
      response.status(202).json({ accepted: true });
    });
  }
  return router;
}
