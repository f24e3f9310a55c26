// A read of the actions API as React state, with the states every part of a page shows: loading, ready, failed. A reload
// keeps what is on screen until the new answer is there.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ClientRequest, EndpointContract, ResponseOf } from '@admin-center/contracts/capability';
import { call } from './api.ts';
import { ApiError, isAborted, toApiError } from './api-error.ts';

export type ApiState<T> =
  | { readonly status: 'loading'; readonly data?: T }
  | { readonly status: 'ready'; readonly data: T }
  | { readonly status: 'failed'; readonly error: ApiError; readonly data?: T };

export type ApiResult<T> = ApiState<T> & { readonly reload: () => void };

/** @param request null means: not yet; nothing is asked and the state stays `loading` */
export function useApi<E extends EndpointContract>(endpoint: E, request: ClientRequest<E> | null): ApiResult<ResponseOf<E>> {
  const [state, setState] = useState<ApiState<ResponseOf<E>>>({ status: 'loading' });
  const [generation, setGeneration] = useState(0);
  const fingerprint = request === null ? null : JSON.stringify(request);
  const shown = useRef<string | null>(null);

  useEffect(() => {
    if (fingerprint === null) {
      return;
    }
    const abort = new AbortController();
    // The rows of the last filter stay while the next ones load; a failure does not, it would look like their answer.
    setState((before) => ({ status: 'loading', data: before.data }));
    call(endpoint, JSON.parse(fingerprint) as ClientRequest<E>, { signal: abort.signal }).then(
      (data) => {
        if (!abort.signal.aborted) {
          shown.current = fingerprint;
          setState({ status: 'ready', data });
        }
      },
      (error: unknown) => {
        if (!abort.signal.aborted && !isAborted(error)) {
          // A background reload that fails leaves the last good answer beside the error.
          setState((before) => ({ status: 'failed', error: toApiError(error), data: shown.current === fingerprint ? before.data : undefined }));
        }
      }
    );
    return () => abort.abort();
  }, [endpoint, fingerprint, generation]);

  const reload = useCallback(() => setGeneration((count) => count + 1), []);
  return { ...state, reload };
}
