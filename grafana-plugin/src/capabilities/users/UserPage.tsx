// Everything known about one user on one page, and what can be done about it.
import { useEffect, type ReactNode } from 'react';
import { users, type UserDetail } from '@admin-center/contracts/users';
import { LinkButton, PanelChrome, Stack } from '@grafana/ui';
import { EmbeddedScene, SceneFlexLayout, type SceneAppPage } from '@grafana/scenes';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { Loaded } from '../../platform/Loaded.tsx';
import { componentRow } from '../../platform/scene/page.ts';
import { Denied, Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { pageUrl } from '../../routes.ts';
import { nameOf } from './names.ts';
import { actionColumns, paymentColumns, sessionColumns, subscriptionColumns } from './user-columns.tsx';
import { UserFacts } from './UserFacts.tsx';

export function UserView({ userId, onLoaded }: { userId: string; onLoaded?: (user: UserDetail) => void }) {
  const result = useApi(users.endpoints.get, { params: { userId } });
  const user = result.data;
  useEffect(() => {
    if (user) {
      onLoaded?.(user);
    }
  }, [user, onLoaded]);
  if (result.status === 'failed' && (result.error.kind === 'missing' || result.error.kind === 'invalid')) {
    return <NoSuchUser />;
  }
  return (
    <Loaded result={result} what="the user">
      {(loaded) => <UserSections user={loaded} reload={result.reload} />}
    </Loaded>
  );
}

function UserSections({ user, reload }: { user: UserDetail; reload: () => void }) {
  return (
    <Stack direction="column" gap={1}>
      <UserFacts user={user} onChanged={reload} />
      <Section title="Sessions" rows={user.sessions} columns={sessionColumns} rowKey={({ id }) => id} empty="Never signed in" />
      <Section title="Subscriptions" rows={user.subscriptions} columns={subscriptionColumns} rowKey={({ id }) => id} empty="No subscription: on the free tier" />
      <Section title="Payments" rows={user.payments} columns={paymentColumns} rowKey={({ id }) => id} empty="Never paid" permission="subscriptions:read" />
      <Section title="Admin actions" rows={user.actions} columns={actionColumns(user.id)} rowKey={({ sequence }) => String(sequence)} empty="No admin has acted on this user" permission="audit:read" />
    </Stack>
  );
}

interface SectionProps<Row> {
  readonly title: string;
  /** Null: the reader's role may not see them. */
  readonly rows: readonly Row[] | null;
  readonly columns: ReadonlyArray<Column<Row>>;
  readonly rowKey: (row: Row) => string;
  readonly empty: string;
  readonly permission?: string;
}

function Section<Row>({ title, rows, columns, rowKey, empty, permission = 'users:read' }: SectionProps<Row>) {
  const shown: ReactNode =
    rows === null ? (
      <Denied permission={permission} what={title} compact />
    ) : rows.length === 0 ? (
      <Empty title={empty} compact />
    ) : (
      <DataTable label={title} rows={rows} columns={columns} rowKey={rowKey} />
    );
  return (
    <PanelChrome title={rows && rows.length > 0 ? `${title} (${rows.length})` : title} padding="none">
      {shown}
    </PanelChrome>
  );
}

const NoSuchUser = () => (
  <Empty title="There is no such user" actions={<LinkButton href={pageUrl('users')}>Search all users</LinkButton>}>
    The id is wrong, or the account was erased.
  </Empty>
);

/** @param page its title becomes the user's name once that is known */
export function userPage(userId: string, page: () => SceneAppPage): EmbeddedScene {
  const rename = (user: UserDetail) => {
    const title = nameOf(user);
    if (page().state.title !== title) {
      page().setState({ title });
    }
  };
  return new EmbeddedScene({ body: new SceneFlexLayout({ direction: 'column', children: [componentRow(() => <UserView userId={userId} onLoaded={rename} />)] }) });
}
