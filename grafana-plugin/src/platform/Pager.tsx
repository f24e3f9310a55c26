// Pages of a list whose server hands out cursors: one can go on, and back the way one came.
import { useState } from 'react';
import { Button, Stack, Text } from '@grafana/ui';

export interface Paging {
  readonly cursor: string | undefined;
  /** 0 for the first page. */
  readonly index: number;
  readonly next: (cursor: string) => void;
  readonly previous: () => void;
}

/** @param filter whatever decides what is listed; a change starts again at the first page */
export function usePaging(filter: unknown): Paging {
  const fingerprint = JSON.stringify(filter);
  const [state, setState] = useState<{ fingerprint: string; cursors: readonly string[] }>({ fingerprint, cursors: [] });
  const cursors = state.fingerprint === fingerprint ? state.cursors : [];
  return {
    cursor: cursors[cursors.length - 1],
    index: cursors.length,
    next: (cursor) => setState({ fingerprint, cursors: [...cursors, cursor] }),
    previous: () => setState({ fingerprint, cursors: cursors.slice(0, -1) }),
  };
}

interface Props {
  readonly paging: Paging;
  readonly nextCursor: string | null;
  /** What is shown, e.g. "1–25 of 20,134 users". */
  readonly summary: string;
  readonly busy: boolean;
}

export function Pager({ paging, nextCursor, summary, busy }: Props) {
  return (
    <Stack direction="row" alignItems="center" justifyContent="space-between" gap={2} wrap="wrap">
      <div role="status" aria-live="polite">
        <Text color="secondary" variant="bodySmall">
          {summary}
        </Text>
      </div>
      <Stack direction="row" gap={1}>
        <Button size="sm" variant="secondary" icon="angle-left" disabled={paging.index === 0 || busy} onClick={paging.previous}>
          Previous
        </Button>
        <Button size="sm" variant="secondary" icon="angle-right" iconPlacement="right" disabled={nextCursor === null || busy} onClick={() => nextCursor !== null && paging.next(nextCursor)}>
          Next
        </Button>
      </Stack>
    </Stack>
  );
}
