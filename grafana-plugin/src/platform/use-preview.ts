// The dry run of a write as React state, so that a dialog can show what would be touched and look again.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { BlastRadius } from '@admin-center/contracts/fields';
import { isAborted, toApiError, type ApiError } from './api-error.ts';

export type Preview = { readonly status: 'none' } | { readonly status: 'loading' } | { readonly status: 'failed'; readonly error: ApiError } | { readonly status: 'ready'; readonly radius: BlastRadius };

export type LoadPreview = (signal: AbortSignal) => Promise<BlastRadius>;

/** @param load undefined for writes that touch nobody */
export function usePreview(load: LoadPreview | undefined): { preview: Preview; reload: () => void } {
  const [preview, setPreview] = useState<Preview>(load ? { status: 'loading' } : { status: 'none' });
  const [generation, setGeneration] = useState(0);
  // Callers pass a new function on every render; only a reload asks again.
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  }, [load]);

  useEffect(() => {
    if (!latest.current) {
      return;
    }
    const abort = new AbortController();
    setPreview({ status: 'loading' });
    latest.current(abort.signal).then(
      (radius) => !abort.signal.aborted && setPreview({ status: 'ready', radius }),
      (error: unknown) => !abort.signal.aborted && !isAborted(error) && setPreview({ status: 'failed', error: toApiError(error) })
    );
    return () => abort.abort();
  }, [generation]);

  const reload = useCallback(() => setGeneration((count) => count + 1), []);
  return { preview, reload };
}
