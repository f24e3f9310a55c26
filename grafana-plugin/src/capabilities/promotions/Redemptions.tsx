// Who redeemed the codes of a campaign, for how much.
import { promotions, type Redemption } from '@admin-center/contracts/promotions';
import { TextLink } from '@grafana/ui';
import type { Column } from '../../platform/DataTable.tsx';
import { formatMoney } from '../../platform/format.ts';
import { Ago } from '../../platform/time.tsx';
import { userUrl } from '../../routes.ts';
import { PagedList } from './PagedList.tsx';

export const Redemptions = ({ campaignId, tick }: { campaignId: string; tick?: unknown }) => (
  <PagedList endpoint={promotions.endpoints.listRedemptions} query={{ campaignId }} label="Redemptions" columns={() => COLUMNS} rowKey={({ id }) => id} empty="Nothing was redeemed yet" tick={tick} />
);

const COLUMNS: ReadonlyArray<Column<Redemption>> = [
  { id: 'at', header: 'When', cell: ({ at }) => <Ago at={at} /> },
  {
    id: 'user',
    header: 'User',
    wrap: true,
    cell: ({ userId, email }) => (
      <TextLink href={userUrl(userId)} inline={false} color="link">
        {email ?? 'erased'}
      </TextLink>
    ),
  },
  { id: 'code', header: 'Code', cell: ({ code }) => <code>{code}</code> },
  { id: 'coupon', header: 'Coupon', cell: ({ coupon }) => coupon.name, wideOnly: true },
  { id: 'subtotal', header: 'Invoice', align: 'right', cell: ({ subtotalMinor, currency }) => formatMoney(subtotalMinor, currency) },
  { id: 'discount', header: 'Discount', align: 'right', cell: ({ discountMinor, currency }) => formatMoney(discountMinor, currency) },
  { id: 'committed', header: 'Of the budget', align: 'right', cell: ({ committedMinor, currency }) => formatMoney(committedMinor, currency), wideOnly: true },
];
