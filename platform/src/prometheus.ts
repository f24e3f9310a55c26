// Speaks to Prometheus, bounded in time; every failure turns into one kind of error.
import { z } from 'zod';

const answer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('success'), data: z.unknown() }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string(), data: z.unknown().optional() }),
]);

export class PrometheusError extends Error {
  /** HTTP status that fits: Prometheus's own, 502 when it cannot be reached, 504 when it is too slow. */
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

export interface PrometheusClient {
  /** A query, as a form so that long expressions fit. @returns the `data` of the answer. @throws PrometheusError */
  query(path: '/api/v1/query' | '/api/v1/query_range', parameters: URLSearchParams, signal: AbortSignal): Promise<unknown>;
  /** A look-up by GET, which is all that label values know. @returns the `data` of the answer. @throws PrometheusError */
  lookUp(path: `/api/v1/${string}`, parameters: URLSearchParams, signal: AbortSignal): Promise<unknown>;
  /** Whether it answers and is ready to serve. */
  ready(signal: AbortSignal): Promise<boolean>;
}

export function createPrometheusClient(baseUrl: string, timeoutMs: number): PrometheusClient {
  const base = baseUrl.replace(/\/+$/, '');

  async function call(url: string, init: RequestInit, signal: AbortSignal): Promise<unknown> {
    const timeout = AbortSignal.timeout(timeoutMs);
    let response: Response;
    let body: unknown;
    try {
      response = await fetch(url, { ...init, signal: AbortSignal.any([signal, timeout]), redirect: 'error' });
      body = await response.json();
    } catch (cause) {
      if (timeout.aborted) {
        throw new PrometheusError(504, `Prometheus did not answer within ${timeoutMs / 1000} s.`, { cause });
      }
      throw new PrometheusError(502, `Prometheus cannot be reached at ${new URL(base).host}. Is it running?`, { cause });
    }
    const parsed = answer.safeParse(body);
    if (!parsed.success) {
      throw new PrometheusError(502, `Prometheus gave an answer that is not its API's (HTTP ${response.status}).`);
    }
    if (parsed.data.status === 'error') {
      throw new PrometheusError(response.ok ? 502 : response.status, `${parsed.data.errorType}: ${parsed.data.error}`);
    }
    return parsed.data.data;
  }

  return {
    query: (path, parameters, signal) => call(base + path, { method: 'POST', body: parameters }, signal),
    lookUp: (path, parameters, signal) => call(`${base}${path}?${parameters}`, {}, signal),
    ready: (signal) =>
      fetch(`${base}/-/ready`, { signal, redirect: 'error' }).then(
        ({ ok }) => ok,
        () => false,
      ),
  };
}
