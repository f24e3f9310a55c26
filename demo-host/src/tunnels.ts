// Tunnels: the part of the host with a new engine behind a flag, which has a bug: it holds while few use it.
import { setTimeout as delay } from 'node:timers/promises';
import type { AdminCenter } from '@cloudtolocalllm/admin-center-sdk';
import { type Request, type Response, Router } from 'express';
import { servedBy } from './metrics.ts';
import { requireUser, type RequestUser, userOf } from './sign-in.ts';
import type { Store } from './store.ts';

export const FLAG = 'new-tunnel-engine';
export const VARIANTS = ['on', 'off', 'none'] as const;
export const FLAGGED_ROUTES = [
  { method: 'GET', route: '/api/tunnels' },
  { method: 'POST', route: '/api/tunnels/:id/start' },
] as const;

/** Routes that are uses of a feature of the demo company's catalogue. */
export const FEATURES = { 'POST /api/tunnels/:id/start': 'tunnel', 'POST /api/api-keys': 'api-key', 'GET /api/export': 'export' } as const;

/** Of so many requests it has to serve more than this share before it breaks, so that 5% of the users never notice. */
const LOOK_BACK = 200;
const HOLDS = 0.12;
/** Of the requests that the new engine serves once it is broken. */
const FAILS = 0.5;
const SLOW_MS = 350;

export interface TunnelOptions {
  readonly center: AdminCenter;
  readonly store: Store;
  /** Whether the bug is in. */
  readonly broken: boolean;
  /** From 0 up to 1. */
  readonly random: () => number;
}

export function tunnelRoutes({ center, store, broken, random }: TunnelOptions): Router {
  const recent: boolean[] = [];
  /** Whether the new engine served too many of the last requests, this one among them. */
  const isOverloaded = (served: boolean): boolean => {
    recent.push(served);
    if (recent.length > LOOK_BACK) {
      recent.shift();
    }
    return recent.filter(Boolean).length > HOLDS * recent.length;
  };

  /** @returns whether it worked */
  const throughEngine = async (user: RequestUser, response: Response): Promise<boolean> => {
    const { variant } = center.flags.details(FLAG, false, { targetingKey: user.id, tier: user.tier, createdAt: user.createdAt });
    servedBy(response, FLAG, variant ?? 'none');
    const overloaded = isOverloaded(variant === 'on');
    if (variant !== 'on' || !broken) {
      return true;
    }
    await delay(random() * SLOW_MS);
    if (!overloaded || random() >= FAILS) {
      return true;
    }
    response.status(500).json({ error: 'The tunnel engine does not answer.' });
    return false;
  };

  const router = Router();
  router.get('/api/tunnels', requireUser, async (request: Request, response: Response) => {
    const user = userOf(request) as RequestUser;
    if (await throughEngine(user, response)) {
      response.json({ items: await store.tunnels(user.id) });
    }
  });
  router.post('/api/tunnels/:id/start', requireUser, async (request: Request, response: Response) => {
    if (await throughEngine(userOf(request) as RequestUser, response)) {
      response.json({ id: request.params['id'], status: 'connecting' });
    }
  });
  return router;
}
