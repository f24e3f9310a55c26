// BackendSrv: HTTP for plugins, with Grafana's error shape, cancellation by requestId, toasts and what a lost session leads to.
import {
  catchError,
  filter,
  fromEvent,
  lastValueFrom,
  merge,
  mergeMap,
  Observable,
  of,
  Subject,
  tap,
  throwError,
} from 'rxjs';
import type { EventBusExtended } from '@grafana/data';
import type { BackendSrv, BackendSrvRequest, FetchResponse } from '@grafana/runtime';
import { isLocalUrl } from './request-options.ts';
import { chunks, failure, isFetchFailure, send } from './request-send.ts';
import { toastError, toastSuccess } from './request-toasts.ts';

const CANCELLED = -1;
const LOGIN_PING = '/api/login/ping';

export interface BackendSrvDependencies {
  readonly events: EventBusExtended;
  /** Leaves for the sign-in page. */
  readonly signedOut: () => void;
}

export function createBackendSrv({ events, signedOut }: BackendSrvDependencies): BackendSrv {
  const restarted = new Subject<string>();

  function fetch<T>(request: BackendSrvRequest): Observable<FetchResponse<T>> {
    if (request.requestId !== undefined) {
      restarted.next(request.requestId);
    }
    return withCancellation(request, send<T>(request)).pipe(
      catchError((error: unknown) => afterSignIn<T>(request, error)),
      tap((response) => toastSuccess(events, request, response)),
      catchError((error: unknown) => {
        if (isFetchFailure(error)) {
          toastError(events, request, error);
        }
        return throwError(() => error);
      }),
    );
  }

  /** A newer call with the same requestId, or the caller's own signal, ends this one as cancelled. */
  function withCancellation<T>(
    request: BackendSrvRequest,
    response: Observable<FetchResponse<T>>,
  ): Observable<FetchResponse<T>> {
    const { requestId, abortSignal } = request;
    const ends: Array<Observable<unknown>> = [];
    if (requestId !== undefined) {
      ends.push(restarted.pipe(filter((id) => id === requestId)));
    }
    if (abortSignal !== undefined) {
      ends.push(abortSignal.aborted ? of(null) : fromEvent(abortSignal, 'abort'));
    }
    if (ends.length === 0) {
      return response;
    }
    return new Observable((subscriber) => {
      const end = merge(...ends).subscribe(() =>
        subscriber.error(
          failure(request, { status: CANCELLED, statusText: 'Request was aborted', data: null, cancelled: true }),
        ),
      );
      end.add(response.subscribe(subscriber));
      return end;
    });
  }

  /** Grafana asks once whether the session still lives, tries again if it does, and goes to the sign-in page if not. */
  function afterSignIn<T>(request: BackendSrvRequest, error: unknown): Observable<FetchResponse<T>> {
    if (
      !isFetchFailure(error) ||
      error.status !== 401 ||
      !isLocalUrl(request.url) ||
      request.url === LOGIN_PING ||
      (request.retry ?? 0) > 0
    ) {
      return throwError(() => error);
    }
    return send<unknown>({ url: LOGIN_PING }).pipe(
      catchError((lost: unknown) => {
        signedOut();
        return throwError(() => lost);
      }),
      mergeMap(() => send<T>(request)),
    );
  }

  const request = <T>(options: BackendSrvRequest): Promise<T> =>
    lastValueFrom(fetch<T>(options)).then(({ data }) => data);

  return {
    fetch,
    request,
    datasourceRequest: (options) => lastValueFrom(fetch(options)),
    chunked: (options) => chunks(options),
    get: (url, params, requestId, options) => request({ ...options, method: 'GET', url, params, requestId }),
    delete: (url, data, options) => request({ ...options, method: 'DELETE', url, data }),
    post: (url, data, options) => request({ ...options, method: 'POST', url, data }),
    put: (url, data, options) => request({ ...options, method: 'PUT', url, data }),
    patch: (url, data, options) => request({ ...options, method: 'PATCH', url, data }),
  };
}
