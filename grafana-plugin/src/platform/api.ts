// The typed client of the actions API: an endpoint of contracts/ in, its parsed response out. Every request goes through
// Grafana's plugin proxy, which adds the identity of whoever is signed in.
import { lastValueFrom } from 'rxjs';
import type { ClientRequest, EndpointContract, ResponseOf } from '@admin-center/contracts/capability';
import { getBackendSrv } from '@grafana/runtime';
import { PLUGIN_ID } from '../plugin-id.ts';
import { isAborted, mismatch, toApiError } from './api-error.ts';

export type CallOptions = {
  signal?: AbortSignal;
  /** One per thing a person wanted to do, the same on every retry of it (see intent.ts). */
  idempotencyKey?: string;
};

type Values = Readonly<Record<string, unknown>>;

/** `/api/plugin-proxy/<plugin>/v1/…` with its `:params` filled in and undefined query values left out. */
export function proxyUrl(endpoint: EndpointContract, params: Values = {}, query: Values = {}): string {
  const path = endpoint.path.replace(/^\/api/, '').replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams(Object.entries(query).flatMap(([key, value]) => (value === undefined || value === '' ? [] : [[key, String(value)]])));
  return `/api/plugin-proxy/${PLUGIN_ID}${path}${search.toString() && `?${search}`}`;
}

/** @throws ApiError, or the abort as Grafana reports it when `signal` fired (see isAborted). */
export async function call<E extends EndpointContract>(endpoint: E, request: ClientRequest<E> = {}, options: CallOptions = {}): Promise<ResponseOf<E>> {
  const isText = endpoint.response === 'text/csv';
  try {
    const { data } = await lastValueFrom(
      getBackendSrv().fetch<unknown>({
        url: proxyUrl(endpoint, request.params as Values, request.query as Values),
        method: endpoint.method,
        data: request.body,
        headers: options.idempotencyKey ? { 'Idempotency-Key': options.idempotencyKey } : undefined,
        responseType: isText ? 'text' : undefined,
        abortSignal: options.signal,
        validatePath: true,
        // Errors and results are shown in place.
        showErrorAlert: false,
        showSuccessAlert: false,
      })
    );
    return parse(endpoint, data);
  } catch (error) {
    throw isAborted(error) ? error : toApiError(error);
  }
}

function parse<E extends EndpointContract>(endpoint: E, data: unknown): ResponseOf<E> {
  if (endpoint.response === 'text/csv') {
    return String(data) as ResponseOf<E>;
  }
  const parsed = endpoint.response.safeParse(data);
  if (!parsed.success) {
    throw mismatch();
  }
  return parsed.data as ResponseOf<E>;
}
