// /healthz: the process answers. /readyz: everything a page needs is there. /api/health: Grafana's form of the same.
import { Router } from 'express';
import { GRAFANA_VERSION } from './boot-data.ts';

const CHECK_TIMEOUT_MS = 3_000;

/** Resolves when the part is usable, rejects with the reason otherwise. */
export type ReadyCheck = (signal: AbortSignal) => Promise<unknown>;

export function healthRoutes(checks: Readonly<Record<string, ReadyCheck>>): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => void res.json({ status: 'ok' }));
  router.get('/api/health', (_req, res) => void res.json({ database: 'ok', version: GRAFANA_VERSION, commit: '' }));
  router.get('/readyz', async (_req, res) => {
    const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS);
    const parts = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const state = await check(signal).then(
          () => 'ok',
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        );
        return [name, state] as const;
      }),
    );
    const ready = parts.every(([, state]) => state === 'ok');
    res.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'not ready', parts: Object.fromEntries(parts) });
  });
  return router;
}

/** A check that the other service answers `url` with success. */
export const answers =
  (url: string, what: string): ReadyCheck =>
  async (signal) => {
    const response = await fetch(url, { signal, redirect: 'error' }).catch(() => null);
    if (response?.ok !== true) {
      throw new Error(
        response === null ? `${what} cannot be reached at ${new URL(url).host}` : `${what} answers ${response.status}`,
      );
    }
  };
