// Activates a draft, archives what was activated; each with what it touches.
import { promotions, type Coupon } from '@admin-center/contracts/promotions';
import { Stack } from '@grafana/ui';
import { ActionButton } from '../../platform/ActionButton.tsx';
import { call } from '../../platform/api.ts';
import { promotionFacts } from './facts.ts';
import { couponText } from './words.ts';

const PERMISSION = 'promotions:write';
const { activateCoupon, activateCouponPreview, archiveCoupon, archiveCouponPreview } = promotions.endpoints;

interface Props {
  readonly coupon: Coupon;
  readonly onChanged: () => void;
}

export function CouponActions({ coupon, onChanged }: Props) {
  const params = { couponId: coupon.id };
  const common = { on: coupon.name, permission: PERMISSION, facts: promotionFacts, onDone: onChanged };
  return (
    <Stack direction="row" gap={1} justifyContent="flex-end">
      {coupon.state === 'draft' && (
        <ActionButton
          {...common}
          label="Activate"
          icon="play"
          audit={activateCoupon.audit}
          title={`Activate ${coupon.name}`}
          explanation={`${couponText(coupon)}. Its codes can be redeemed from now on, and its discount, duration and plans are fixed for good.`}
          confirmLabel="Activate the coupon"
          preview={(signal) => call(activateCouponPreview, { params }, { signal })}
          execute={({ reason, previewToken = '' }, idempotencyKey) => call(activateCoupon, { params, body: { reason, previewToken, version: coupon.version } }, { idempotencyKey })}
        />
      )}
      {coupon.state !== 'archived' && (
        <ActionButton
          {...common}
          label="Archive"
          icon="trash-alt"
          audit={archiveCoupon.audit}
          title={`Archive ${coupon.name}`}
          explanation="Its codes stop working for good. Discounts that were given stay."
          confirmLabel="Archive the coupon"
          destructive
          preview={(signal) => call(archiveCouponPreview, { params }, { signal })}
          execute={({ reason, previewToken = '' }, idempotencyKey) => call(archiveCoupon, { params, body: { reason, previewToken, version: coupon.version } }, { idempotencyKey })}
        />
      )}
    </Stack>
  );
}
