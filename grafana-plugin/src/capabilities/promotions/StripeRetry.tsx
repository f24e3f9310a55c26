// Pushes a coupon, and what failed of its codes, to Stripe again; offered where something failed.
import { promotions, type StripeSync } from '@admin-center/contracts/promotions';
import { ActionButton } from '../../platform/ActionButton.tsx';
import { call } from '../../platform/api.ts';

const { syncCoupon } = promotions.endpoints;

interface Props {
  readonly couponId: string;
  /** Of the coupon or code that failed. */
  readonly name: string;
  readonly stripe: StripeSync;
  readonly onDone: () => void;
}

export function StripeRetry({ couponId, name, stripe, onDone }: Props) {
  if (stripe?.state !== 'failed') {
    return null;
  }
  return (
    <ActionButton
      label="Push again"
      on={name}
      icon="sync"
      permission="promotions:write"
      audit={syncCoupon.audit}
      title={`Push ${name} to Stripe again`}
      explanation={`Stripe said: ${stripe.error ?? 'nothing'}. The coupon is pushed again, and what failed of its codes.`}
      confirmLabel="Push to Stripe"
      execute={({ reason }, idempotencyKey) => call(syncCoupon, { params: { couponId }, body: { reason } }, { idempotencyKey })}
      onDone={onDone}
    />
  );
}
