// The host's own metrics: how long requests take, by route and by the variant of the flag that served them.
import type { RequestHandler, Response } from 'express';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Seconds; those of the Admin Center's own services, so that their rules read both. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface HostMetrics {
  readonly registry: Registry;
  readonly middleware: RequestHandler;
}

/** Says which variant of a flag served this request. */
export function servedBy(response: Response, flag: string, variant: string): void {
  response.locals['flag'] = flag;
  response.locals['variant'] = variant;
}

/** @param flags with their variants: from the start on each has its series */
export function createMetrics(flags: readonly { readonly flag: string; readonly variant: string; readonly method: string; readonly route: string }[]): HostMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of HTTP server requests in seconds.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code', 'flag', 'variant'],
    buckets: BUCKETS,
    registers: [registry],
  });
  for (const { flag, variant, method, route } of flags) {
    for (const status of ['200', '500']) {
      duration.zero({ http_request_method: method, http_route: route, http_response_status_code: status, flag, variant });
    }
  }
  return {
    registry,
    middleware: (request, response, next) => {
      const startedAt = performance.now();
      response.once('close', () => {
        const route = request.route as { readonly path?: string } | undefined;
        duration.observe(
          {
            http_request_method: request.method,
            http_route: route?.path ?? '*',
            http_response_status_code: response.writableEnded ? response.statusCode : 499,
            flag: String(response.locals['flag'] ?? ''),
            variant: String(response.locals['variant'] ?? ''),
          },
          (performance.now() - startedAt) / 1_000,
        );
      });
      next();
    },
  };
}
