// Shows an answer of the API through its states: loading, failed with a way to try again, and the last good answer with a
// warning when only a refresh failed.
import type { ReactNode } from 'react';
import { Alert } from '@grafana/ui';
import { Failed, Loading } from './states.tsx';
import type { ApiResult } from './use-api.ts';

interface Props<T> {
  readonly result: ApiResult<T>;
  /** What is loaded, as the end of "Loading …" and "Could not load …". */
  readonly what: string;
  readonly compact?: boolean;
  readonly children: (data: T, busy: boolean) => ReactNode;
}

export function Loaded<T>({ result, what, compact, children }: Props<T>) {
  if (result.data === undefined) {
    return result.status === 'failed' ? <Failed what={what} error={result.error} onRetry={result.reload} compact={compact} /> : <Loading what={what} compact={compact} />;
  }
  return (
    <>
      {result.status === 'failed' && (
        <Alert severity="warning" title={`Could not refresh ${what}`} bottomSpacing={1}>
          {result.error.message}
        </Alert>
      )}
      {children(result.data, result.status === 'loading')}
    </>
  );
}
