// Retention with its toggles, its grid, the definition under it, and the users behind each cell: on the page and as a panel.
import { useState } from 'react';
import { engagement } from '@admin-center/contracts/engagement';
import { Stack, Text } from '@grafana/ui';
import { formatCount } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { UsersBehind } from '../../platform/UsersBehind.tsx';
import { CsvButton } from './CsvButton.tsx';
import { DefinedBy } from './DefinedBy.tsx';
import { basisText, cellTitle, retentionCsv, retentionQuery, retentionTitle, type RetentionView } from './retention-view.ts';
import { RetentionGrid } from './RetentionGrid.tsx';
import { RetentionToolbar } from './RetentionToolbar.tsx';

const { endpoints } = engagement;

interface Props {
  readonly view: RetentionView;
  readonly onView: (patch: Partial<RetentionView>) => void;
  readonly showToggles?: boolean;
  readonly tick?: unknown;
}

export function Retention({ view, onView, showToggles = true, tick }: Props) {
  const query = retentionQuery(view);
  const result = useApi(endpoints.retention, { query });
  useReload(result.reload, tick);
  const [opened, setOpened] = useState<{ cohort: string; n: number }>();
  const title = retentionTitle(view);
  return (
    <Stack direction="column" gap={2}>
      <Stack direction="row" justifyContent="space-between" alignItems="center" gap={2} wrap="wrap">
        <Text element="h3" variant="h5">
          {title}
        </Text>
        {result.data && <CsvButton title={title} header={retentionCsv(result.data).header} rows={() => (result.data ? retentionCsv(result.data).rows : [])} />}
      </Stack>
      {showToggles && <RetentionToolbar view={view} onView={onView} />}
      <Loaded result={result} what="retention" compact>
        {(retention, busy) => (
          <>
            {retention.cohorts.every(({ users }) => users === 0) ? (
              <Empty title="Nobody began in these cohorts" compact>
                Users begin with their first qualifying event, or with the event chosen above.
              </Empty>
            ) : (
              <RetentionGrid label={title} retention={retention} busy={busy} onOpen={(cohort, n) => setOpened({ cohort, n })} />
            )}
            <DefinedBy
              definition={retention.definition}
              more={`${basisText(view)} ${retention.source === 'stream' ? 'This pair of events was computed now from the events of these cohorts only.' : 'Hatched cells have not ended; they are left out of the weighted line.'}`}
            />
            {opened && (
              <UsersBehind
                endpoint={endpoints.retentionUsers}
                query={{ ...query, cohorts: undefined, cohort: opened.cohort, n: opened.n, since: retention.cohorts[0]?.cohort }}
                title={cellTitle(view, opened.cohort, opened.n)}
                definition={`${formatCount(usersOf(retention.cohorts, opened))} users. ${basisText(view)}`}
                onClose={() => setOpened(undefined)}
              />
            )}
          </>
        )}
      </Loaded>
    </Stack>
  );
}

const usersOf = (cohorts: ReadonlyArray<{ readonly cohort: string; readonly cells: ReadonlyArray<{ readonly users: number | null }> }>, { cohort, n }: { readonly cohort: string; readonly n: number }): number =>
  cohorts.find((row) => row.cohort === cohort)?.cells[n]?.users ?? 0;
