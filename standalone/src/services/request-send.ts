// One request over fetch as an Observable: unsubscribing aborts it, an answer that is not 2xx is an error of Grafana's shape.
import { Observable } from 'rxjs';
import type { BackendSrvRequest, FetchError, FetchResponse } from '@grafana/runtime';
import { requestInit, requestUrl } from './request-options.ts';

export const failure = (config: BackendSrvRequest, error: Omit<FetchError, 'config'>): FetchError => ({
  ...error,
  config,
});

export const isFetchFailure = (error: unknown): error is FetchError =>
  typeof error === 'object' && error !== null && 'status' in error && 'config' in error;

export function send<T>(request: BackendSrvRequest): Observable<FetchResponse<T>> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    run<T>(request, controller.signal).then(
      (response) => {
        subscriber.next(response);
        subscriber.complete();
      },
      (error: unknown) => {
        // Nobody listens any more after an abort of our own.
        if (!controller.signal.aborted) {
          subscriber.error(error);
        }
      },
    );
    return () => controller.abort();
  });
}

async function run<T>(request: BackendSrvRequest, signal: AbortSignal): Promise<FetchResponse<T>> {
  const response = await open(request, signal);
  const data = await parseBody(request, response);
  if (!response.ok) {
    throw failure(request, { ...describe(response), data: errorData(data, response) });
  }
  return {
    ...describe(response),
    data: data as T,
    ok: true,
    headers: response.headers,
    redirected: response.redirected,
    type: response.type,
    url: response.url,
    config: request,
  };
}

/** Each chunk of a long-lived answer as it arrives; the last item has no data. */
export function chunks(request: BackendSrvRequest): Observable<FetchResponse<Uint8Array | undefined>> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    const read = async (): Promise<void> => {
      const response = await open(request, controller.signal);
      const common = {
        ...describe(response),
        ok: response.ok,
        headers: response.headers,
        redirected: response.redirected,
        type: response.type,
        url: response.url,
        config: request,
      };
      if (!response.ok || response.body === null) {
        throw failure(request, { ...describe(response), data: errorData(await response.text(), response) });
      }
      const reader = response.body.getReader();
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        subscriber.next({ ...common, data: chunk.value });
      }
      subscriber.next({ ...common, data: undefined });
      subscriber.complete();
    };
    read().catch((error: unknown) => {
      if (!controller.signal.aborted) {
        subscriber.error(error);
      }
    });
    return () => controller.abort();
  });
}

async function open(request: BackendSrvRequest, signal: AbortSignal): Promise<Response> {
  const url = requestUrl(request);
  try {
    return await fetch(url, requestInit(request, signal));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw failure(request, {
      status: 0,
      statusText: 'Network error',
      data: { message: `The server cannot be reached: ${message}` },
    });
  }
}

async function parseBody({ responseType }: BackendSrvRequest, response: Response): Promise<unknown> {
  if (responseType === 'blob' && response.ok) {
    return response.blob();
  }
  if (responseType === 'arraybuffer' && response.ok) {
    return response.arrayBuffer();
  }
  const text = await response.text();
  if (responseType === 'text' && response.ok) {
    return text;
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** An error always carries an object; a lone `error` text doubles as its message. */
function errorData(data: unknown, response: Response): object {
  if (typeof data !== 'object' || data === null) {
    return {
      message: typeof data === 'string' && data !== '' ? data : response.statusText || 'Unexpected error',
      error: response.statusText,
      response: data,
    };
  }
  return 'error' in data && typeof data.error === 'string' && !('message' in data)
    ? { ...data, message: data.error }
    : data;
}

const describe = (response: Response): { status: number; statusText: string; traceId?: string } => {
  const traceId = response.headers.get('grafana-trace-id');
  return { status: response.status, statusText: response.statusText, ...(traceId === null ? {} : { traceId }) };
};
