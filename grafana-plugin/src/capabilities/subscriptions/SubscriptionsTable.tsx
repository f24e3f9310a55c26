// Subscriptions with their recurring amount, newest first.
import type { z } from 'zod';
import { subscriptions, type subscriptionRow } from '@admin-center/contracts/subscriptions';
import { TextLink } from '@grafana/ui';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { formatMoney, span } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { Pager, usePaging } from '../../platform/Pager.tsx';
import { StatusBadge } from '../../platform/StatusBadge.tsx';
import { Empty } from '../../platform/states.tsx';
import { Ago } from '../../platform/time.tsx';
import { useApi } from '../../platform/use-api.ts';
import { userUrl } from '../../routes.ts';
import { TierBadge } from '../users/badges.tsx';
import type { RevenueList } from './lists.ts';

type Subscription = z.output<typeof subscriptionRow>;

const PAGE_SIZE = 25;

const columns: ReadonlyArray<Column<Subscription>> = [
  {
    id: 'user',
    header: 'User',
    wrap: true,
    cell: ({ userId, email }) => (
      <TextLink href={userUrl(userId)} color="link" inline={false}>
        {email}
      </TextLink>
    ),
  },
  { id: 'tier', header: 'Tier', cell: ({ tier }) => <TierBadge tier={tier} /> },
  { id: 'state', header: 'State', cell: ({ state }) => <StatusBadge status={state} /> },
  { id: 'mrr', header: 'A month', align: 'right', cell: ({ mrrMinor, currency }) => (currency && mrrMinor !== 0 ? formatMoney(mrrMinor, currency) : '–') },
  { id: 'createdAt', header: 'Since', cell: ({ createdAt }) => <Ago at={createdAt} /> },
  { id: 'currentPeriodEnd', header: 'Paid until', cell: ({ currentPeriodEnd }) => <Ago at={currentPeriodEnd} never="–" />, wideOnly: true },
  { id: 'trialEnd', header: 'Trial ends', cell: ({ trialEnd }) => <Ago at={trialEnd} never="–" />, wideOnly: true },
  { id: 'canceledAt', header: 'Canceled', cell: ({ canceledAt }) => <Ago at={canceledAt} never="–" />, wideOnly: true },
];

export function SubscriptionsTable({ state, tier }: Pick<RevenueList, 'state' | 'tier'>) {
  const query = { state: state || undefined, tier: tier || undefined };
  const paging = usePaging(query);
  const result = useApi(subscriptions.endpoints.list, { query: { ...query, limit: PAGE_SIZE, cursor: paging.cursor } });
  const first = paging.index * PAGE_SIZE + 1;
  return (
    <Loaded result={result} what="subscriptions">
      {({ items, nextCursor }, busy) =>
        items.length === 0 && paging.index === 0 ? (
          <Empty title="No subscription fits" />
        ) : (
          <>
            <DataTable label="Subscriptions" columns={columns} rows={items} rowKey={({ id }) => id} busy={busy} />
            <Pager paging={paging} nextCursor={nextCursor} busy={busy} summary={`Subscriptions ${span(first, items.length)}, newest first`} />
          </>
        )
      }
    </Loaded>
  );
}
