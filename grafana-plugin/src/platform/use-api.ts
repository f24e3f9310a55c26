// A read of the actions API as React state, with the states every part of a page shows: loading, ready, failed. A reload
// keeps what is on screen until the new answer is there.
import { useCallback, useEffect, useState } from 'react';
import type { ClientRequest, EndpointContract, ResponseOf } from '@admin-center/contracts/capability';
import { call } from './api.ts';
import { isAborted, toApiError, type ApiError } from './api-error.ts';

export type ApiState<T> =
  | { readonly status: 'loading'; readonly data?: T }
  | { readonly status: 'ready'; readonly data: T }
  | { readonly status: 'failed'; readonly error: ApiError; readonly data?: T };

export type ApiResult<T> = ApiState<T> & { readonly reload: () => void };

/** The last answer, and what it answers. */
interface Settled<T> {
  readonly key: string;
  readonly fingerprint: string;
  readonly data?: T;
  readonly error?: ApiError;
}

/** @param request null asks nothing: the state stays `loading`, for what the reader may not ask */
export function useApi<E extends EndpointContract>(endpoint: E, request: ClientRequest<E> | null): ApiResult<ResponseOf<E>> {
  const [settled, setSettled] = useState<Settled<ResponseOf<E>>>();
  const [generation, setGeneration] = useState(0);
  const fingerprint = JSON.stringify(request);
  const key = `${generation} ${fingerprint}`;

  useEffect(() => {
    const asked = JSON.parse(fingerprint) as ClientRequest<E> | null;
    if (asked === null) {
      return;
    }
    const abort = new AbortController();
    call(endpoint, asked, { signal: abort.signal }).then(
      (data) => !abort.signal.aborted && setSettled({ key, fingerprint, data }),
      (error: unknown) => {
        if (!abort.signal.aborted && !isAborted(error)) {
          // A refresh that fails leaves the last good answer beside the error; the answer to another question it does not.
          setSettled((before) => ({ key, fingerprint, error: toApiError(error), data: before?.fingerprint === fingerprint ? before.data : undefined }));
        }
      }
    );
    return () => abort.abort();
  }, [endpoint, fingerprint, key]);

  const reload = useCallback(() => setGeneration((count) => count + 1), []);
  return { ...stateOf(settled, key), reload };
}

/** While the next answer is on its way the last one stays on screen. */
function stateOf<T>(settled: Settled<T> | undefined, key: string): ApiState<T> {
  if (settled?.key !== key) {
    return { status: 'loading', data: settled?.data };
  }
  if (settled.error) {
    return { status: 'failed', error: settled.error, data: settled.data };
  }
  return { status: 'ready', data: settled.data as T };
}
