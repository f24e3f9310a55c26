// The demo host: an Express application in the shape of CloudToLocalLLM's API, which mounts the Admin Center in two lines.
import { type AdminCenter } from '@cloudtolocalllm/admin-center-sdk';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { accessRoutes } from './access.ts';
import { accountRoutes } from './account.ts';
import { handOffRoutes, homeRoutes } from './hand-off.ts';
import { createMetrics } from './metrics.ts';
import { createImpersonations, signIn } from './sign-in.ts';
import type { Store } from './store.ts';
import { FLAG, FLAGGED_ROUTES, tunnelRoutes, VARIANTS } from './tunnels.ts';

export interface AppOptions {
  readonly center: AdminCenter;
  readonly store: Store;
  readonly broken: boolean;
  readonly clientKey: string | null;
  readonly adminCenterUrl: string;
  readonly now: () => number;
  readonly random: () => number;
  /** Told why a request could not be answered. */
  readonly onError?: (error: Error) => void;
}

export function createApp({ center, store, broken, clientKey, adminCenterUrl, now, random, onError = () => undefined }: AppOptions): Express {
  const metrics = createMetrics(FLAGGED_ROUTES.flatMap((route) => VARIANTS.map((variant) => ({ ...route, flag: FLAG, variant }))));
  const impersonations = createImpersonations(now);
  const app = express();
  app.disable('x-powered-by');
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', async (_request, response) => {
    const ready = (await store.isReady()) && center.status().policy !== 'none';
    response.status(ready ? 200 : 503).json({ ready, adminCenter: center.status() });
  });
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  app.use(metrics.middleware);
  app.use(handOffRoutes(center, impersonations));
  app.use(signIn(store, impersonations));
  app.use(center.middleware());
  app.use(homeRoutes());
  app.use(tunnelRoutes({ center, store, broken, random }));
  app.use(accountRoutes(store));
  app.use(accessRoutes(center));
  // What a front end needs to ask for flags by itself.
  app.get('/api/client-config', (_request, response) => {
    response.json({ flagsUrl: adminCenterUrl, clientKey });
  });
  // Express's own answer would show where in the code it happened.
  app.use((error: Error & { readonly status?: number }, _request: Request, response: Response, _next: NextFunction) => {
    onError(error);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { status = 503 } = error;
    response.status(status).set(status === 503 ? { 'Retry-After': '5' } : {}).json({ error: status === 503 ? 'Something that this needs is away. Try again in a moment.' : 'This request cannot be answered.' });
  });
  return app;
}
