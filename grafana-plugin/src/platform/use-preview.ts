// The dry run of a write as React state, so that a dialog can show what would be touched and look again.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { BlastRadius } from '@admin-center/contracts/fields';
import { isAborted, toApiError, type ApiError } from './api-error.ts';

export type Preview<Radius extends BlastRadius = BlastRadius> =
  { readonly status: 'none' } | { readonly status: 'loading' } | { readonly status: 'failed'; readonly error: ApiError } | { readonly status: 'ready'; readonly radius: Radius };

export type LoadPreview<Radius extends BlastRadius = BlastRadius> = (signal: AbortSignal) => Promise<Radius>;

const NONE = { status: 'none' } as const;
const LOADING = { status: 'loading' } as const;

/** @param load undefined for writes that touch nobody */
export function usePreview<Radius extends BlastRadius = BlastRadius>(load: LoadPreview<Radius> | undefined): { preview: Preview<Radius>; reload: () => void } {
  const [generation, setGeneration] = useState(0);
  const [answer, setAnswer] = useState<{ generation: number; preview: Preview<Radius> }>();
  // Callers pass a new function on every render; only a reload asks again.
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  }, [load]);

  useEffect(() => {
    const abort = new AbortController();
    const settle = (preview: Preview<Radius>) => !abort.signal.aborted && setAnswer({ generation, preview });
    latest.current?.(abort.signal).then(
      (radius) => settle({ status: 'ready', radius }),
      (error: unknown) => !isAborted(error) && settle({ status: 'failed', error: toApiError(error) })
    );
    return () => abort.abort();
  }, [generation]);

  const reload = useCallback(() => setGeneration((count) => count + 1), []);
  const preview = answer?.generation === generation ? answer.preview : LOADING;
  return { preview: load ? preview : NONE, reload };
}
