// The sessions under way, the one that ends first on top, with what is left of each.
import { impersonation, type ImpersonationSession } from '@admin-center/contracts/impersonation';
import { TextLink } from '@grafana/ui';
import { Countdown } from '../../platform/Countdown.tsx';
import { CellButton } from '../../platform/CellButton.tsx';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { Loaded } from '../../platform/Loaded.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { userUrl } from '../../routes.ts';
import { ScopeBadge, SessionBadge } from './badges.tsx';
import { reasonClassName } from './names.ts';
import { SessionActions } from './SessionActions.tsx';

interface Props {
  /** Changes with each refresh of the page. */
  readonly tick?: unknown;
  readonly onOpen: (sessionId: string) => void;
}

export function ActiveSessions({ tick, onOpen }: Props) {
  const result = useApi(impersonation.endpoints.active, {});
  useReload(result.reload, tick);
  return (
    <Loaded result={result} what="the sessions under way" compact>
      {({ items }, busy) =>
        items.length === 0 ? (
          <Empty title="Nobody is impersonated now" compact>
            Sessions appear here while they last.
          </Empty>
        ) : (
          <DataTable label="Sessions under way" columns={activeColumns(result.reload, onOpen)} rows={items} rowKey={({ id }) => id} busy={busy} />
        )
      }
    </Loaded>
  );
}

const person = ({ email }: { email: string | null }): string => email ?? 'erased';

const activeColumns = (reload: () => void, onOpen: Props['onOpen']): ReadonlyArray<Column<ImpersonationSession>> => [
  {
    id: 'left',
    header: 'Left',
    cell: (session) => (
      <Countdown seconds={session.remainingSeconds} label={session.state === 'requested' ? `Time left to use the code for ${person(session.user)}` : `Time left of the session with ${person(session.user)}`} over="over" onOver={reload} />
    ),
  },
  { id: 'state', header: 'State', cell: ({ state, scope }) => (state === 'requested' ? <SessionBadge state={state} /> : <ScopeBadge scope={scope} />) },
  {
    id: 'user',
    header: 'User',
    wrap: true,
    cell: ({ user }) => (
      <TextLink href={userUrl(user.id)} inline={false} color="link">
        {person(user)}
      </TextLink>
    ),
  },
  { id: 'admin', header: 'Admin', cell: ({ admin }) => person(admin) },
  { id: 'reason', header: 'Reason', cell: ({ reasonClass, reason }) => `${reasonClassName(reasonClass)}: ${reason}`, wrap: true, wideOnly: true },
  {
    id: 'requests',
    header: 'Requests',
    align: 'right',
    cell: (session) => (
      <CellButton align="right" aria-label={`Report of the session with ${person(session.user)}`} onClick={() => onOpen(session.id)}>
        {session.blocked === 0 ? session.requests : `${session.requests}, ${session.blocked} refused`}
      </CellButton>
    ),
  },
  { id: 'actions', header: 'Action', align: 'right', cell: (session) => <SessionActions session={session} onChanged={reload} /> },
];
