// The users behind the movements of recurring revenue in the page's time range.
import type { z } from 'zod';
import { subscriptions, type movement } from '@admin-center/contracts/subscriptions';
import { Badge, TextLink, type BadgeColor } from '@grafana/ui';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { formatMoney, span } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { Pager, usePaging } from '../../platform/Pager.tsx';
import type { PageRange } from '../../platform/scene/ranged.tsx';
import { Empty } from '../../platform/states.tsx';
import { Ago } from '../../platform/time.tsx';
import { useApi } from '../../platform/use-api.ts';
import { userUrl } from '../../routes.ts';
import { TierBadge } from '../users/badges.tsx';

type Movement = z.output<typeof movement>;

const PAGE_SIZE = 25;
const COLORS: Readonly<Record<Movement['component'], BadgeColor>> = { new: 'green', expansion: 'green', reactivation: 'blue', contraction: 'orange', churn: 'red' };

const signed = (amount: number, currency: string): string => `${amount > 0 ? '+' : ''}${formatMoney(amount, currency)}`;

const columns: ReadonlyArray<Column<Movement>> = [
  { id: 'at', header: 'When', cell: ({ at }) => <Ago at={at} /> },
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
  { id: 'component', header: 'Movement', cell: ({ component }) => <Badge text={component} color={COLORS[component]} /> },
  { id: 'tier', header: 'Tier', cell: ({ tier }) => <TierBadge tier={tier} />, wideOnly: true },
  { id: 'from', header: 'From', align: 'right', cell: ({ fromMinor, currency }) => formatMoney(fromMinor, currency), wideOnly: true },
  { id: 'to', header: 'To', align: 'right', cell: ({ toMinor, currency }) => formatMoney(toMinor, currency), wideOnly: true },
  { id: 'change', header: 'Change a month', align: 'right', cell: ({ fromMinor, toMinor, currency }) => signed(toMinor - fromMinor, currency) },
];

interface Props {
  readonly range: PageRange;
  readonly component: Movement['component'] | '';
}

export function MovementsTable({ range, component }: Props) {
  const query = { from: range.from, to: range.to, component: component || undefined };
  const paging = usePaging([range.chosen, component]);
  const result = useApi(subscriptions.endpoints.movements, { query: { ...query, limit: PAGE_SIZE, cursor: paging.cursor } });
  const first = paging.index * PAGE_SIZE + 1;
  return (
    <Loaded result={result} what="movements">
      {({ items, nextCursor }, busy) =>
        items.length === 0 && paging.index === 0 ? (
          <Empty title="Nothing moved in this time range">Choose a longer one above.</Empty>
        ) : (
          <>
            <DataTable label="Movements of recurring revenue" columns={columns} rows={items} rowKey={({ userId, at, component: kind }) => `${userId} ${at} ${kind}`} busy={busy} />
            <Pager paging={paging} nextCursor={nextCursor} busy={busy} summary={`Movements ${span(first, items.length)}, newest first`} />
          </>
        )
      }
    </Loaded>
  );
}
