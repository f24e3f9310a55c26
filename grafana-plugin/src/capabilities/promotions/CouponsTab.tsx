// Coupons: what is taken off, for how long, how often it was used; make, change, activate, archive.
import { useState } from 'react';
import { COUPON_STATES, promotions, type Coupon } from '@admin-center/contracts/promotions';
import { Stack } from '@grafana/ui';
import { CellButton, CellLink } from '../../platform/CellButton.tsx';
import { Choice } from '../../platform/Choice.tsx';
import type { Column } from '../../platform/DataTable.tsx';
import { formatCount } from '../../platform/format.ts';
import { SearchInput } from '../../platform/SearchInput.tsx';
import { Ago } from '../../platform/time.tsx';
import { StateBadge, StripeBadge } from './badges.tsx';
import { CouponActions } from './CouponActions.tsx';
import { EditCoupon, NewCoupon } from './CouponForm.tsx';
import { NewButton } from './NewButton.tsx';
import { PagedList } from './PagedList.tsx';
import type { TabProps } from './PromotionsTabs.tsx';
import { StripeRetry } from './StripeRetry.tsx';
import { codesUrl } from './urls.ts';
import { couponText, usedText } from './words.ts';

const STATES = COUPON_STATES.map((value) => ({ value, label: value }));

export function CouponsTab({ view, onView }: TabProps) {
  const [edited, setEdited] = useState<Coupon>();
  return (
    <PagedList
      endpoint={promotions.endpoints.listCoupons}
      query={{ q: view.q || undefined, state: view.couponState || undefined }}
      label="Coupons"
      columns={(reload) => couponColumns(reload, setEdited)}
      rowKey={({ id }) => id}
      empty={view.q || view.couponState ? 'No coupon fits' : 'No coupons yet'}
      toolbar={(reload) => (
        <>
          <SearchInput label="Search coupons" placeholder="Part of the name" width={28} value={view.q} onChange={(q) => onView({ q })} />
          <Choice label="State" value={view.couponState} options={STATES} onChange={(state) => onView({ state })} />
          <NewButton label="New coupon" form={(close) => <NewCoupon onClose={close} onDone={() => (close(), reload())} />} />
          {edited && <EditCoupon coupon={edited} onClose={() => setEdited(undefined)} onDone={() => (setEdited(undefined), reload())} />}
        </>
      )}
    />
  );
}

const couponColumns = (reload: () => void, edit: (coupon: Coupon) => void): ReadonlyArray<Column<Coupon>> => [
  {
    id: 'name',
    header: 'Coupon',
    cell: (coupon) => (
      <CellButton aria-label={`Change ${coupon.name}`} disabled={coupon.state === 'archived'} onClick={() => edit(coupon)}>
        {coupon.name}
      </CellButton>
    ),
  },
  { id: 'discount', header: 'Discount', cell: couponText },
  {
    id: 'state',
    header: 'State',
    cell: ({ state, stripe }) => (
      <Stack direction="row" gap={1} wrap="wrap">
        <StateBadge state={state} />
        <StripeBadge stripe={stripe} />
      </Stack>
    ),
  },
  { id: 'plans', header: 'Plans', cell: ({ tiers }) => (tiers.length === 0 ? 'all' : tiers.join(', ')), wideOnly: true },
  { id: 'used', header: 'Redeemed', align: 'right', cell: ({ timesRedeemed, maxRedemptions }) => usedText(timesRedeemed, maxRedemptions) },
  { id: 'redeemBy', header: 'Until', cell: ({ redeemBy }) => <Ago at={redeemBy} never="no end" />, wideOnly: true },
  {
    id: 'codes',
    header: 'Codes',
    align: 'right',
    cell: ({ id, name, codes }) => (
      <CellLink align="right" href={codesUrl({ coupon: id })} aria-label={`Codes of ${name}`}>
        {formatCount(codes)}
      </CellLink>
    ),
  },
  {
    id: 'actions',
    header: 'Action',
    align: 'right',
    cell: (coupon) => (
      <Stack direction="row" gap={1} justifyContent="flex-end">
        <StripeRetry couponId={coupon.id} name={coupon.name} stripe={coupon.stripe} onDone={reload} />
        <CouponActions coupon={coupon} onChanged={reload} />
      </Stack>
    ),
  },
];
