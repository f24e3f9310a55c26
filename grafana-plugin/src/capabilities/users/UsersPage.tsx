// The Users page: sign-ups and suspensions as graphs, the list with its filters below them.
import { useLocation } from 'react-router-dom';
import { locationService } from '@grafana/runtime';
import { Stack } from '@grafana/ui';
import type { EmbeddedScene } from '@grafana/scenes';
import { componentRow, graphPage, panelRow, type PageContext } from '../../platform/scene/page.ts';
import { filtersFromUrl, filtersToUrl } from './filters.ts';
import { signups, suspended } from './panels.ts';
import { UserFilterBar } from './UserFilterBar.tsx';
import { UsersTable } from './UsersTable.tsx';

const PAGE_SIZE = 25;

/** The list keeps its filters in the URL, so that a view can be sent to a colleague and the back button works. */
function UsersList() {
  const filters = filtersFromUrl(useLocation().search);
  const setFilters = (next: typeof filters) => locationService.partial(filtersToUrl(next), next.q !== filters.q);
  return (
    <Stack direction="column" gap={1}>
      <UserFilterBar filters={filters} onChange={setFilters} />
      <UsersTable filters={filters} onFilters={setFilters} pageSize={PAGE_SIZE} />
    </Stack>
  );
}

export const usersPage = (context: PageContext): EmbeddedScene => graphPage({ rows: [panelRow([signups, suspended], context, 190), componentRow(UsersList)] });
