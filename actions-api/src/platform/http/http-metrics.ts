// How the API answers, by route template: bounded labels, names and attributes of the OpenTelemetry semantic conventions.
import type { Attributes, Meter } from '@opentelemetry/api';
import type { NextFunction, Request, Response } from 'express';

/** Seconds. 0.25 is the bound of the latency objective: the burn-rate rules read exactly this bucket. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function httpMetrics(meter: Meter): (request: Request, response: Response, next: NextFunction) => void {
  const duration = meter.createHistogram('http_server_request_duration_seconds', {
    description: 'Duration of HTTP server requests in seconds.',
    advice: { explicitBucketBoundaries: BUCKETS },
  });
  const active = meter.createUpDownCounter('http_server_active_requests', { description: 'HTTP requests that are being answered.' });

  return (request, response, next) => {
    const startedAt = performance.now();
    const method: Attributes = { http_request_method: request.method };
    active.add(1, method);
    response.once('close', () => {
      active.add(-1, method);
      duration.record((performance.now() - startedAt - Number(response.locals['waitedMs'] ?? 0)) / 1_000, {
        ...method,
        // Of the route that matched; what matched none must not become a label.
        http_route: String(response.locals['route'] ?? (request.route as { readonly path?: string } | undefined)?.path ?? '*'),
        // A client that left before an answer is counted as 499, as proxies do.
        http_response_status_code: response.writableEnded ? response.statusCode : 499,
      });
    });
    next();
  };
}
