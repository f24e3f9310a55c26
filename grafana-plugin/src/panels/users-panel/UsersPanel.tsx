// The users table in a dashboard panel: its own permissions and states, the same rows and actions as the Users page.
import { css } from '@emotion/css';
import { useState } from 'react';
import type { GrafanaTheme2, PanelProps } from '@grafana/data';
import { LinkButton, Stack, useStyles2 } from '@grafana/ui';
import { filtersToUrl, NO_FILTERS, type UserFilters } from '../../capabilities/users/filters.ts';
import { UserFilterBar } from '../../capabilities/users/UserFilterBar.tsx';
import { UsersTable } from '../../capabilities/users/UsersTable.tsx';
import { Gate } from '../../platform/Gate.tsx';
import { MeProvider } from '../../platform/me.tsx';
import { UndoBar } from '../../platform/undo/UndoBar.tsx';
import { pageUrl } from '../../routes.ts';

export interface UsersPanelOptions {
  showFilters: boolean;
  tier: UserFilters['tier'];
  state: UserFilters['state'];
  sort: UserFilters['sort'];
  pageSize: number;
}

const preset = ({ tier, state, sort }: UsersPanelOptions): UserFilters => ({ ...NO_FILTERS, tier, state, sort, order: sort === 'email' ? 'asc' : 'desc' });

export function UsersPanel({ options, width, height }: PanelProps<UsersPanelOptions>) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.panel} style={{ width, height }}>
      <MeProvider>
        <Gate permission="users:read" what="The list of users" compact>
          {/* A change in the panel's options starts the list anew. */}
          <Users key={JSON.stringify(preset(options))} options={options} />
        </Gate>
        <UndoBar />
      </MeProvider>
    </div>
  );
}

function Users({ options }: { options: UsersPanelOptions }) {
  const [filters, setFilters] = useState(() => preset(options));
  const everywhere = new URLSearchParams(Object.entries(filtersToUrl(filters)).flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
  return (
    <Stack direction="column" gap={1}>
      {options.showFilters && (
        <Stack direction="row" justifyContent="space-between" alignItems="flex-start" gap={1} wrap="wrap">
          <UserFilterBar filters={filters} onChange={setFilters} />
          <LinkButton size="sm" variant="secondary" fill="text" icon="external-link-alt" href={`${pageUrl('users')}?${everywhere}`}>
            Open in the Admin Center
          </LinkButton>
        </Stack>
      )}
      <UsersTable filters={filters} onFilters={setFilters} pageSize={options.pageSize} />
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ panel: css({ overflow: 'auto', paddingBottom: theme.spacing(1) }) });
