// Promotion codes, the batches they were made in, and what a code would do to somebody's next invoice.
import { promotions, type PromotionCode } from '@admin-center/contracts/promotions';
import { Button, PanelChrome, Stack } from '@grafana/ui';
import { ActionButton } from '../../platform/ActionButton.tsx';
import { call } from '../../platform/api.ts';
import type { Column } from '../../platform/DataTable.tsx';
import { SearchInput } from '../../platform/SearchInput.tsx';
import { Ago } from '../../platform/time.tsx';
import { CodeBadge, StripeBadge } from './badges.tsx';
import { Batches } from './Batches.tsx';
import { NewBatch } from './BatchForm.tsx';
import { NewCode } from './CodeForm.tsx';
import { NewButton } from './NewButton.tsx';
import { PagedList } from './PagedList.tsx';
import { PricePreview } from './PricePreview.tsx';
import type { TabProps } from './PromotionsTabs.tsx';
import { StripeRetry } from './StripeRetry.tsx';
import { limitsText, usedText } from './words.ts';

const { listCodes, activateCode, deactivateCode } = promotions.endpoints;

export function CodesTab({ view, onView, tick }: TabProps) {
  const narrowed = view.couponId !== '' || view.campaignId !== '';
  return (
    <Stack direction="column" gap={2}>
      <PagedList
        endpoint={listCodes}
        query={{ q: view.q || undefined, couponId: view.couponId || undefined, campaignId: view.campaignId || undefined }}
        label="Codes"
        columns={codeColumns}
        rowKey={({ id }) => id}
        empty={view.q || narrowed ? 'No code fits' : 'No codes yet'}
        tick={tick}
        toolbar={(reload) => (
          <>
            <SearchInput label="Search codes" placeholder="Beginning of the code" width={28} value={view.q} onChange={(q) => onView({ q })} />
            {narrowed && (
              <Button variant="secondary" fill="text" icon="times" onClick={() => onView({ coupon: '', campaign: '' })}>
                Show all codes
              </Button>
            )}
            <NewButton label="New code" form={(close) => <NewCode onClose={close} onDone={() => (close(), reload())} />} />
            <NewButton label="New batch" variant="secondary" form={(close) => <NewBatch onClose={close} onDone={() => (close(), reload())} />} />
          </>
        )}
      />
      <PanelChrome title="What would a code do?">
        <PricePreview />
      </PanelChrome>
      <PanelChrome title="Batches">
        <Batches couponId={view.couponId} campaignId={view.campaignId} />
      </PanelChrome>
    </Stack>
  );
}

const codeColumns = (reload: () => void): ReadonlyArray<Column<PromotionCode>> => [
  { id: 'code', header: 'Code', cell: ({ code }) => <code>{code}</code> },
  {
    id: 'state',
    header: 'State',
    cell: (code) => (
      <Stack direction="row" gap={1} wrap="wrap">
        <CodeBadge {...code} />
        <StripeBadge stripe={code.stripe} />
      </Stack>
    ),
  },
  { id: 'coupon', header: 'Coupon', cell: ({ coupon }) => coupon.name },
  { id: 'campaign', header: 'Campaign', cell: ({ campaign }) => campaign?.name ?? '–', wideOnly: true },
  { id: 'used', header: 'Redeemed', align: 'right', cell: ({ timesRedeemed, maxRedemptions }) => usedText(timesRedeemed, maxRedemptions) },
  { id: 'limits', header: 'Limits', cell: limitsText, wrap: true, wideOnly: true },
  { id: 'expiresAt', header: 'Expires', cell: ({ expiresAt }) => <Ago at={expiresAt} />, wideOnly: true },
  {
    id: 'actions',
    header: 'Action',
    align: 'right',
    cell: (code) => (
      <Stack direction="row" gap={1} justifyContent="flex-end">
        <StripeRetry couponId={code.coupon.id} name={code.code} stripe={code.stripe} onDone={reload} />
        <CodeSwitch code={code} onChanged={reload} />
      </Stack>
    ),
  },
];

function CodeSwitch({ code, onChanged }: { code: PromotionCode; onChanged: () => void }) {
  const [endpoint, inverse] = code.active ? [deactivateCode, activateCode] : [activateCode, deactivateCode];
  const params = { codeId: code.id };
  return (
    <ActionButton
      label={code.active ? 'Switch off' : 'Switch on'}
      on={code.code}
      icon={code.active ? 'ban' : 'play'}
      permission="promotions:write"
      audit={endpoint.audit}
      title={`${code.active ? 'Switch off' : 'Switch on'} ${code.code}`}
      explanation={code.active ? 'It cannot be redeemed until somebody switches it on again. Discounts that were given stay.' : 'It can be redeemed again, if its coupon and campaign allow it.'}
      confirmLabel={code.active ? 'Switch the code off' : 'Switch the code on'}
      destructive={code.active}
      execute={({ reason }, idempotencyKey) => call(endpoint, { params, body: { reason, version: code.version } }, { idempotencyKey })}
      undo={({ code: { version } }) => ({ audit: inverse.audit, label: `Switch ${code.code} ${code.active ? 'on' : 'off'} again`, execute: (body, idempotencyKey) => call(inverse, { params, body: { ...body, version } }, { idempotencyKey }) })}
      onDone={onChanged}
    />
  );
}
