// The list of users with its states and pages; the Users page and the dashboard panel share it.
import { css } from '@emotion/css';
import { useMemo, type ReactNode } from 'react';
import { users, type UserSummary } from '@admin-center/contracts/users';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Stack, TextLink, useStyles2 } from '@grafana/ui';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { formatAmounts, formatCount, span } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { Pager, usePaging } from '../../platform/Pager.tsx';
import { Empty } from '../../platform/states.tsx';
import { Ago } from '../../platform/time.tsx';
import { useApi } from '../../platform/use-api.ts';
import { userUrl } from '../../routes.ts';
import { ImpersonateButton } from '../impersonation/ImpersonateButton.tsx';
import { StateBadge, TierBadge } from './badges.tsx';
import { isFiltered, NO_FILTERS, usersQuery, type UserFilters, type UserSort } from './filters.ts';
import { UserActionButton } from './UserActionButton.tsx';
import { givenName, nameOf } from './names.ts';

interface Props {
  readonly filters: UserFilters;
  readonly onFilters: (filters: UserFilters) => void;
  readonly pageSize: number;
  /** Milliseconds since 1970; injected so that "the last 7 days" can be tested. */
  readonly clock?: () => number;
}

export function UsersTable({ filters, onFilters, pageSize, clock = Date.now }: Props) {
  const paging = usePaging([filters, pageSize]);
  const fingerprint = JSON.stringify(filters);
  // "In the last 7 days" starts when the filter is set, so that the pages of one list fit together.
  const query = useMemo(() => usersQuery(JSON.parse(fingerprint) as UserFilters, clock(), pageSize), [fingerprint, clock, pageSize]);
  const result = useApi(users.endpoints.list, { query: { ...query, cursor: paging.cursor } });
  const columns = useMemo(() => userColumns(result.reload), [result.reload]);

  const first = paging.index * pageSize + 1;

  return (
    <Loaded result={result} what="users">
      {({ items, total, totalIsExact, nextCursor }, busy) =>
        items.length === 0 && paging.index === 0 ? (
          <NoUsers filters={filters} onFilters={onFilters} />
        ) : (
          <>
            <DataTable
              label="Users"
              columns={columns}
              rows={items}
              rowKey={(user) => user.id}
              sort={{ key: filters.sort, order: filters.order }}
              onSort={({ key, order }) => onFilters({ ...filters, sort: key as UserSort, order })}
              busy={busy}
            />
            <Pager
              paging={paging}
              nextCursor={nextCursor}
              busy={busy}
              summary={`${span(first, items.length)} of ${formatCount(total)}${totalIsExact ? '' : '+'} users`}
            />
          </>
        )
      }
    </Loaded>
  );
}

function NoUsers({ filters, onFilters }: Pick<Props, 'filters' | 'onFilters'>): ReactNode {
  return isFiltered(filters) ? (
    <Empty
      title="No user fits"
      actions={
        <Button variant="secondary" onClick={() => onFilters({ ...NO_FILTERS, sort: filters.sort, order: filters.order })}>
          Clear the filters
        </Button>
      }
    >
      Search takes a part of an e-mail or name, or a whole id. New sign-ups can be found after 15 seconds.
    </Empty>
  ) : (
    <Empty title="No users yet">They appear here within 15 seconds of signing up.</Empty>
  );
}

const userColumns = (reload: () => void): ReadonlyArray<Column<UserSummary>> => [
  { id: 'user', header: 'User', sortKey: 'email', cell: (user) => <UserName user={user} />, wrap: true },
  { id: 'tier', header: 'Tier', cell: ({ tier }) => <TierBadge tier={tier} /> },
  { id: 'state', header: 'State', cell: ({ state }) => <StateBadge state={state} /> },
  { id: 'createdAt', header: 'Signed up', sortKey: 'createdAt', cell: ({ createdAt }) => <Ago at={createdAt} />, wideOnly: true },
  { id: 'lastSeenAt', header: 'Last seen', sortKey: 'lastSeenAt', cell: ({ lastSeenAt }) => <Ago at={lastSeenAt} /> },
  { id: 'mrr', header: 'Recurring', align: 'right', cell: ({ mrr }) => formatAmounts(mrr, '–'), wideOnly: true },
  { id: 'actions', header: 'Action', align: 'right', cell: (user) => <UserActions user={user} reload={reload} /> },
];

const UserActions = ({ user, reload }: { user: UserSummary; reload: () => void }) => (
  <Stack direction="row" gap={1} justifyContent="flex-end">
    <ImpersonateButton user={user} />
    <UserActionButton user={user} onChanged={reload} />
  </Stack>
);

function UserName({ user }: { user: UserSummary }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.name}>
      <TextLink href={userUrl(user.id)} inline={false} color="link">
        {nameOf(user)}
      </TextLink>
      {givenName(user) !== null && <span className={styles.email}>{user.email}</span>}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  name: css({ display: 'flex', flexDirection: 'column', maxWidth: '36ch', overflow: 'hidden', '& > *': { overflow: 'hidden', textOverflow: 'ellipsis' } }),
  email: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
});
