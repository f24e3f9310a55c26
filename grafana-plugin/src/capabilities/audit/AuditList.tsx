// The audit log: filters, the entries, one of them opened.
import { useState } from 'react';
import { useLocation } from 'react-router-dom';
import { audit, AUDIT_ACTIONS, OUTCOMES, type AuditEntry } from '@admin-center/contracts/audit';
import { locationService } from '@grafana/runtime';
import { Button, Stack } from '@grafana/ui';
import { Choice } from '../../platform/Choice.tsx';
import { DataTable } from '../../platform/DataTable.tsx';
import { span } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { Pager, usePaging } from '../../platform/Pager.tsx';
import type { PageRange } from '../../platform/scene/ranged.tsx';
import { SearchInput } from '../../platform/SearchInput.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { auditColumns } from './audit-columns.tsx';
import { AuditDrawer } from './AuditDrawer.tsx';
import { ExportButton } from './ExportButton.tsx';
import { auditQuery, filtersFromUrl, filtersToUrl, isFiltered, NO_FILTERS, type AuditFilters } from './filters.ts';

const PAGE_SIZE = 25;
const choices = <T extends string>(values: readonly T[]) => values.map((value) => ({ value, label: value }));

export function AuditList({ range }: { range: PageRange }) {
  const { search } = useLocation();
  const filters = filtersFromUrl(search);
  const setFilters = (next: AuditFilters) => locationService.partial(filtersToUrl(next), true);
  return (
    <Stack direction="column" gap={2}>
      <Stack direction="row" gap={1} wrap="wrap" alignItems="center">
        <SearchInput label="Admin" placeholder="E-mail of the admin" width={28} value={filters.actor} onChange={(actor) => setFilters({ ...filters, actor })} />
        <Choice label="Action" value={filters.action} options={choices(AUDIT_ACTIONS)} onChange={(action) => setFilters({ ...filters, action })} />
        <Choice label="Outcome" value={filters.outcome} options={choices(OUTCOMES)} onChange={(outcome) => setFilters({ ...filters, outcome })} />
        <SearchInput label="Target" placeholder="Id of the user or thing" width={38} value={filters.targetId} onChange={(targetId) => setFilters({ ...filters, targetId })} />
        {isFiltered(filters) && (
          <Button variant="secondary" fill="text" icon="times" onClick={() => setFilters(NO_FILTERS)}>
            Clear filters
          </Button>
        )}
        <ExportButton filters={filters} range={range} />
      </Stack>
      <Entries filters={filters} range={range} linked={Number(new URLSearchParams(search).get('entry'))} />
    </Stack>
  );
}

/** @param linked number of the entry that the URL opens, or NaN/0 */
function Entries({ filters, range, linked }: { filters: AuditFilters; range: PageRange; linked: number }) {
  const [opened, setOpened] = useState<AuditEntry>();
  const paging = usePaging([filters, range.chosen]);
  const result = useApi(audit.endpoints.list, { query: { ...auditQuery(filters, range), limit: PAGE_SIZE, cursor: paging.cursor } });
  useReload(result.reload);
  const first = paging.index * PAGE_SIZE + 1;
  const close = () => {
    setOpened(undefined);
    locationService.partial({ entry: null }, true);
  };
  return (
    <Loaded result={result} what="audit entries">
      {({ items, nextCursor }, busy) => {
        const entry = opened ?? items.find(({ sequence }) => sequence === linked);
        return items.length === 0 && paging.index === 0 ? (
          <NoEntries filtered={isFiltered(filters)} />
        ) : (
          <>
            <DataTable label="Audit entries" columns={auditColumns(setOpened)} rows={items} rowKey={({ sequence }) => String(sequence)} busy={busy} />
            <Pager paging={paging} nextCursor={nextCursor} busy={busy} summary={`Entries ${span(first, items.length)}, newest first`} />
            {entry && <AuditDrawer entry={entry} onClose={close} onErased={setOpened} />}
          </>
        );
      }}
    </Loaded>
  );
}

const NoEntries = ({ filtered }: { filtered: boolean }) =>
  filtered ? (
    <Empty title="No entry fits">Widen the time range or clear the filters.</Empty>
  ) : (
    <Empty title="No admin did anything in this time range">Every action is recorded here from the day the Admin Center was installed. Suspend a user and it appears at once.</Empty>
  );
