// The tables of a user's page: sessions, subscriptions, payments, admin actions.
import type { z } from 'zod';
import type { userAction, userPayment, userSession, userSubscription } from '@admin-center/contracts/users';
import { Badge, TextLink, Tooltip } from '@grafana/ui';
import type { Column } from '../../platform/DataTable.tsx';
import { formatMoney, words } from '../../platform/format.ts';
import { StatusBadge } from '../../platform/StatusBadge.tsx';
import { Ago } from '../../platform/time.tsx';
import { auditEntryUrl } from '../../routes.ts';
import { TierBadge } from './badges.tsx';
import { describeAgent } from './user-agent.ts';

type Session = z.output<typeof userSession>;
type Subscription = z.output<typeof userSubscription>;
type Payment = z.output<typeof userPayment>;
type Action = z.output<typeof userAction>;

export const sessionColumns: ReadonlyArray<Column<Session>> = [
  { id: 'live', header: 'State', cell: ({ live }) => (live ? <Badge text="live" color="green" /> : <Badge text="ended" color="darkgrey" />) },
  {
    id: 'client',
    header: 'Client',
    cell: ({ userAgent }) => (
      <Tooltip content={userAgent ?? 'No user agent was recorded.'}>
        <span>{describeAgent(userAgent)}</span>
      </Tooltip>
    ),
  },
  { id: 'ip', header: 'Address', cell: ({ ip }) => ip ?? '–', wideOnly: true },
  { id: 'startedAt', header: 'Started', cell: ({ startedAt }) => <Ago at={startedAt} /> },
  { id: 'lastActivityAt', header: 'Last used', cell: ({ lastActivityAt }) => <Ago at={lastActivityAt} /> },
];

export const subscriptionColumns: ReadonlyArray<Column<Subscription>> = [
  { id: 'tier', header: 'Tier', cell: ({ tier }) => <TierBadge tier={tier} /> },
  { id: 'status', header: 'State', cell: ({ status }) => <StatusBadge status={status} /> },
  { id: 'createdAt', header: 'Since', cell: ({ createdAt }) => <Ago at={createdAt} /> },
  {
    id: 'end',
    header: 'Until',
    cell: ({ canceledAt, cancelAtPeriodEnd, currentPeriodEnd }) =>
      canceledAt ? (
        <>
          canceled <Ago at={canceledAt} />
        </>
      ) : (
        <>
          <Ago at={currentPeriodEnd} never="–" />
          {cancelAtPeriodEnd && ' (will end)'}
        </>
      ),
  },
  { id: 'trialEnd', header: 'Trial ends', cell: ({ trialEnd }) => <Ago at={trialEnd} never="–" />, wideOnly: true },
  { id: 'source', header: 'Source', cell: ({ grantedByHand }) => (grantedByHand ? 'granted by hand' : 'paid'), wideOnly: true },
];

export const paymentColumns: ReadonlyArray<Column<Payment>> = [
  { id: 'createdAt', header: 'When', cell: ({ createdAt }) => <Ago at={createdAt} /> },
  { id: 'amount', header: 'Amount', align: 'right', cell: ({ amountMinor, currency }) => formatMoney(amountMinor, currency) },
  { id: 'refunded', header: 'Refunded', align: 'right', cell: ({ refundedMinor, currency }) => (refundedMinor === 0 ? '–' : formatMoney(refundedMinor, currency)) },
  { id: 'status', header: 'Result', cell: ({ status }) => <StatusBadge status={status} /> },
  { id: 'failure', header: 'Why it failed', cell: ({ failureCode }) => (failureCode ? words(failureCode) : '–') },
  { id: 'method', header: 'Paid with', cell: ({ method }) => method ?? '–', wideOnly: true },
];

/** @param userId whose actions; each leads to its entry in the audit log */
export const actionColumns = (userId: string): ReadonlyArray<Column<Action>> => [
  { id: 'at', header: 'When', cell: ({ at }) => <Ago at={at} /> },
  {
    id: 'action',
    header: 'Action',
    cell: ({ action, sequence }) => (
      <TextLink href={auditEntryUrl(sequence, userId)} color="link" inline={false}>
        {action}
      </TextLink>
    ),
  },
  { id: 'outcome', header: 'Outcome', cell: ({ outcome }) => <StatusBadge status={outcome} /> },
  { id: 'actor', header: 'By', cell: ({ actor }) => actor },
  { id: 'reason', header: 'Reason', cell: ({ reason }) => reason ?? '–', wrap: true, wideOnly: true },
];
