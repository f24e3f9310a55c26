// The report of one session: who saw whose account, why, from where, each request, and what was refused.
import { useState, type ReactNode } from 'react';
import { impersonation, type ImpersonatedRequest, type ImpersonationSession } from '@admin-center/contracts/impersonation';
import { Badge, Drawer, RadioButtonGroup, Stack, Text, TextLink } from '@grafana/ui';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { Facts } from '../../platform/Facts.tsx';
import { plural, span } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { Pager, usePaging } from '../../platform/Pager.tsx';
import { Empty } from '../../platform/states.tsx';
import { formatInstant } from '../../platform/time.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { userUrl } from '../../routes.ts';
import { ScopeBadge, SessionBadge } from './badges.tsx';
import { actionClassName, causeName, reasonClassName } from './names.ts';
import { SessionActions } from './SessionActions.tsx';

const PAGE_SIZE = 25;
const SHOWN = [
  { value: '', label: 'All' },
  { value: 'true', label: 'Refused' },
  { value: 'false', label: 'Allowed' },
] as const;
type Shown = (typeof SHOWN)[number]['value'];

interface Props {
  readonly sessionId: string;
  readonly tick?: unknown;
  readonly onClose: () => void;
}

export function SessionDrawer({ sessionId, tick, onClose }: Props) {
  const result = useApi(impersonation.endpoints.get, { params: { sessionId } });
  useReload(result.reload, tick);
  return (
    <Drawer title="Session report" onClose={onClose} size="lg">
      <Loaded result={result} what="the session">
        {(session) => (
          <Stack direction="column" gap={3}>
            <Facts facts={factsOf(session)} label="The session" />
            {(session.state === 'active' || session.state === 'requested') && <SessionActions session={session} onChanged={result.reload} />}
            <Requests session={session} tick={tick} />
          </Stack>
        )}
      </Loaded>
    </Drawer>
  );
}

function factsOf(session: ImpersonationSession): ReadonlyArray<readonly [string, ReactNode]> {
  const { user, admin, consent, context, startedAt, endedAt, endCause, ticket, extensionReason } = session;
  return [
    ['State', <Stack key="state" direction="row" gap={1}><SessionBadge state={session.state} /><ScopeBadge scope={session.scope} /></Stack>],
    ['User', <TextLink key="user" href={userUrl(user.id)}>{user.email ?? user.id}</TextLink>],
    ['Admin', admin.email ?? 'erased'],
    ['Asked for', formatInstant(session.requestedAt)],
    ['From', startedAt ? formatInstant(startedAt) : 'the code was not used'],
    ['To', endedAt ? `${formatInstant(endedAt)}${endCause ? `, ${causeName(endCause)}` : ''}` : `${formatInstant(session.endsAt)} at the latest`],
    ['Reason', `${reasonClassName(session.reasonClass)}: ${session.reason}`],
    ...(consent ? [['Consent', `given ${formatInstant(consent.givenAt)}, ${consent.withdrawnAt ? `taken back ${formatInstant(consent.withdrawnAt)}` : `until ${formatInstant(consent.until)}`}`] as const] : []),
    ...(extensionReason ? [['Extended', extensionReason] as const] : []),
    ['Ticket', ticket ? <Ticket key="ticket" ticket={ticket} /> : 'none'],
    ...(context ? [['Asked from', <TextLink key="context" href={context.url}>{context.title ?? context.url}</TextLink>] as const, ['Time range there', `${formatInstant(context.from)} to ${formatInstant(context.to)}`] as const] : []),
  ];
}

const Ticket = ({ ticket }: { ticket: string }) =>
  /^https?:\/\//.test(ticket) ? (
    <TextLink href={ticket} external>
      {ticket}
    </TextLink>
  ) : (
    <>{ticket}</>
  );

function Requests({ session, tick }: { session: ImpersonationSession; tick: unknown }) {
  const [shown, setShown] = useState<Shown>('');
  const paging = usePaging([session.id, shown]);
  const result = useApi(impersonation.endpoints.report, { params: { sessionId: session.id }, query: { blocked: shown || undefined, limit: PAGE_SIZE, cursor: paging.cursor } });
  useReload(result.reload, tick);
  return (
    <Stack direction="column" gap={1}>
      <Stack direction="row" justifyContent="space-between" alignItems="center" gap={1} wrap="wrap">
        <Text element="h3" variant="h5">
          {plural(session.requests, 'request')}, {session.blocked} refused
        </Text>
        <RadioButtonGroup<Shown> size="sm" aria-label="Requests" options={[...SHOWN]} value={shown} onChange={setShown} />
      </Stack>
      <Loaded result={result} what="requests" compact>
        {({ items, nextCursor }, busy) =>
          items.length === 0 && paging.index === 0 ? (
            <Empty title={shown === 'true' ? 'Nothing was refused' : 'No request was made'} compact />
          ) : (
            <>
              <DataTable label="Requests" columns={REQUEST_COLUMNS} rows={items} rowKey={({ id }) => id} busy={busy} />
              <Pager paging={paging} nextCursor={nextCursor} busy={busy} summary={`Requests ${span(paging.index * PAGE_SIZE + 1, items.length)}, oldest first`} />
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}

const REQUEST_COLUMNS: ReadonlyArray<Column<ImpersonatedRequest>> = [
  { id: 'at', header: 'When', cell: ({ at }) => <time dateTime={at}>{formatInstant(at)}</time> },
  { id: 'request', header: 'Request', cell: ({ method, route }) => <code>{`${method} ${route}`}</code> },
  { id: 'status', header: 'Answer', align: 'right', cell: ({ status }) => status },
  { id: 'outcome', header: 'Outcome', cell: ({ blocked, actionClass }) => (blocked ? <Badge color="red" icon="ban" text={actionClass ? `refused: ${actionClassName(actionClass).toLowerCase()}` : 'refused'} /> : 'allowed') },
];
