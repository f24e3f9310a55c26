// Every session there was, with its filters.
import { useLocation } from 'react-router-dom';
import { impersonation, REASON_CLASSES, SESSION_STATES, type ImpersonationSession } from '@admin-center/contracts/impersonation';
import { locationService } from '@grafana/runtime';
import { Button, PanelChrome, Stack, TextLink } from '@grafana/ui';
import { Choice } from '../../platform/Choice.tsx';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { formatCount, span } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { Pager, usePaging } from '../../platform/Pager.tsx';
import { SearchInput } from '../../platform/SearchInput.tsx';
import { Empty } from '../../platform/states.tsx';
import { Ago } from '../../platform/time.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { userUrl } from '../../routes.ts';
import { SessionBadge } from './badges.tsx';
import { filtersFromUrl, filtersToUrl, isFiltered, NO_FILTERS, sessionsQuery, type SessionFilters } from './filters.ts';
import { causeName, reasonClassName, scopeName } from './names.ts';

const PAGE_SIZE = 25;
const STATES = SESSION_STATES.map((value) => ({ value, label: value }));
const REASONS = REASON_CLASSES.map((value) => ({ value, label: reasonClassName(value) }));

interface Props {
  /** Changes with each refresh of the page. */
  readonly tick: unknown;
  readonly onOpen: (sessionId: string) => void;
}

export function History({ tick, onOpen }: Props) {
  const filters = filtersFromUrl(useLocation().search);
  const setFilters = (patch: Partial<SessionFilters>) => locationService.partial(filtersToUrl({ ...filters, ...patch }), true);
  return (
    <PanelChrome title="History">
      <Stack direction="column" gap={2}>
        <Stack direction="row" gap={1} wrap="wrap" alignItems="center">
          <SearchInput label="Admin" placeholder="E-mail of the admin" width={28} value={filters.admin} onChange={(admin) => setFilters({ admin })} />
          <Choice label="State" value={filters.state} options={STATES} onChange={(state) => setFilters({ state })} />
          <Choice label="About" value={filters.reasonClass} options={REASONS} onChange={(reasonClass) => setFilters({ reasonClass })} />
          {isFiltered(filters) && (
            <Button variant="secondary" fill="text" icon="times" onClick={() => setFilters(NO_FILTERS)}>
              Clear filters
            </Button>
          )}
        </Stack>
        <Sessions filters={filters} tick={tick} onOpen={onOpen} />
      </Stack>
    </PanelChrome>
  );
}

function Sessions({ filters, tick, onOpen }: Props & { filters: SessionFilters }) {
  const paging = usePaging(filters);
  const result = useApi(impersonation.endpoints.list, { query: { ...sessionsQuery(filters), limit: PAGE_SIZE, cursor: paging.cursor } });
  useReload(result.reload, tick);
  return (
    <Loaded result={result} what="sessions">
      {({ items, nextCursor }, busy) =>
        items.length === 0 && paging.index === 0 ? (
          <Empty title={isFiltered(filters) ? 'No session fits' : 'Nobody was impersonated yet'}>{isFiltered(filters) ? 'Clear the filters to see all.' : 'Every session is kept here with what was done in it.'}</Empty>
        ) : (
          <>
            <DataTable label="Sessions" columns={historyColumns(onOpen)} rows={items} rowKey={({ id }) => id} busy={busy} />
            <Pager paging={paging} nextCursor={nextCursor} busy={busy} summary={`Sessions ${span(paging.index * PAGE_SIZE + 1, items.length)}, newest first`} />
          </>
        )
      }
    </Loaded>
  );
}

const aboutText = ({ reasonClass, ticket, scope }: ImpersonationSession): string => [reasonClassName(reasonClass), ticket, scope === 'write' ? scopeName(scope) : null].filter((part) => part !== null).join(', ');

const historyColumns = (onOpen: Props['onOpen']): ReadonlyArray<Column<ImpersonationSession>> => [
  { id: 'requestedAt', header: 'Asked for', cell: ({ requestedAt }) => <Ago at={requestedAt} /> },
  { id: 'state', header: 'State', cell: ({ state, endCause }) => <SessionBadge state={state} tooltip={endCause ? causeName(endCause) : undefined} /> },
  { id: 'admin', header: 'Admin', cell: ({ admin }) => admin.email ?? 'erased', wideOnly: true },
  {
    id: 'user',
    header: 'User',
    wrap: true,
    cell: ({ user }) => (
      <TextLink href={userUrl(user.id)} inline={false} color="link">
        {user.email ?? 'erased'}
      </TextLink>
    ),
  },
  { id: 'about', header: 'About', cell: aboutText, wrap: true, wideOnly: true },
  {
    id: 'report',
    header: 'Requests',
    align: 'right',
    cell: ({ id, user, requests, blocked }) => (
      <Button size="sm" variant="secondary" aria-label={`Report of the session with ${user.email ?? user.id}`} onClick={() => onOpen(id)}>
        {blocked === 0 ? formatCount(requests) : `${formatCount(requests)}, ${formatCount(blocked)} refused`}
      </Button>
    ),
  },
];
