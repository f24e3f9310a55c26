// A list of promotions with its states and pages, and what stands above it.
import type { ReactNode } from 'react';
import type { ClientRequest, EndpointContract, ResponseOf } from '@admin-center/contracts/capability';
import { Stack } from '@grafana/ui';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { span } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { Pager, usePaging } from '../../platform/Pager.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';

const PAGE_SIZE = 25;

interface PageOf<Row> {
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
}
type RowOf<E extends EndpointContract> = ResponseOf<E> extends PageOf<infer Row> ? Row : never;

interface Props<E extends EndpointContract> {
  readonly endpoint: E;
  readonly query: NonNullable<ClientRequest<E>['query']>;
  readonly label: string;
  readonly columns: (reload: () => void) => ReadonlyArray<Column<RowOf<E>>>;
  readonly rowKey: (row: RowOf<E>) => string;
  readonly empty: string;
  readonly toolbar?: (reload: () => void) => ReactNode;
  readonly pageSize?: number;
  /** Changes with each refresh of the page. */
  readonly tick?: unknown;
}

export function PagedList<E extends EndpointContract>({ endpoint, query, label, columns, rowKey, empty, toolbar, pageSize = PAGE_SIZE, tick }: Props<E>) {
  const paging = usePaging(query);
  const result = useApi(endpoint, { query: { ...query, limit: pageSize, cursor: paging.cursor } } as ClientRequest<E>);
  useReload(result.reload, tick);
  return (
    <Stack direction="column" gap={2}>
      {toolbar && (
        <Stack direction="row" gap={1} wrap="wrap" alignItems="center">
          {toolbar(result.reload)}
        </Stack>
      )}
      <Loaded result={result} what={label.toLowerCase()}>
        {(answer, busy) => {
          const { items, nextCursor } = answer as PageOf<RowOf<E>>;
          return items.length === 0 && paging.index === 0 ? (
            <Empty title={empty} compact />
          ) : (
            <>
              <DataTable label={label} columns={columns(result.reload)} rows={items} rowKey={rowKey} busy={busy} />
              <Pager paging={paging} nextCursor={nextCursor} busy={busy} summary={`${label} ${span(paging.index * pageSize + 1, items.length)}, newest first`} />
            </>
          );
        }}
      </Loaded>
    </Stack>
  );
}
