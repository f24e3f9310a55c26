// Makes or changes a coupon.
import { TIERS } from '@admin-center/contracts/capability';
import { promotions, type Coupon } from '@admin-center/contracts/promotions';
import { Stack, Text } from '@grafana/ui';
import { call } from '../../platform/api.ts';
import { done } from '../../platform/done.ts';
import { FormDrawer } from '../../platform/FormDrawer.tsx';
import { CheckField, RadioField, ReasonField, SelectField, TextField } from '../../platform/FormFields.tsx';
import { useForm, type Form } from '../../platform/use-form.ts';
import { couponChanges, couponValues, createCouponSchema, newCoupon, updateCouponSchema, type CouponValues } from './coupon-form.ts';
import { CURRENCY_CHOICES } from './currencies.ts';

const { createCoupon, updateCoupon } = promotions.endpoints;
const KINDS = [
  { value: 'percent', label: 'Percent' },
  { value: 'amount', label: 'Amount' },
] as const;
const DURATIONS = [
  { value: 'once', label: 'Once' },
  { value: 'repeating', label: 'Some months' },
  { value: 'forever', label: 'Forever' },
] as const;

interface Props {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function NewCoupon({ onDone, onClose }: Props) {
  const form = useForm(createCouponSchema, couponValues(), newCoupon);
  return (
    <FormDrawer
      title="New coupon"
      subtitle="A draft until it is activated: nobody can redeem it before."
      form={form}
      submitLabel="Create the coupon"
      execute={(body, idempotencyKey) => call(createCoupon, { body }, { idempotencyKey })}
      onDone={(result) => done(createCoupon.audit, result, onDone)}
      onClose={onClose}
    >
      <CouponFields form={form} />
    </FormDrawer>
  );
}

export function EditCoupon({ coupon, onDone, onClose }: Props & { readonly coupon: Coupon }) {
  const form = useForm(updateCouponSchema, couponValues(coupon), couponChanges(coupon));
  return (
    <FormDrawer
      title={`Change ${coupon.name}`}
      subtitle={coupon.state === 'draft' ? undefined : 'Discount, duration and plans are fixed since it was activated.'}
      form={form}
      submitLabel="Save the coupon"
      execute={(body, idempotencyKey) => call(updateCoupon, { params: { couponId: coupon.id }, body }, { idempotencyKey })}
      onDone={(result) => done(updateCoupon.audit, result, onDone)}
      onClose={onClose}
    >
      <CouponFields form={form} fixed={coupon.state !== 'draft'} />
    </FormDrawer>
  );
}

function CouponFields({ form, fixed = false }: { form: Form<CouponValues, unknown>; fixed?: boolean }) {
  const { kind, duration, currency } = form.values;
  return (
    <>
      <TextField form={form} name="name" label="Name" description="Customers see it on the invoice." required />
      <Stack direction="row" gap={2} wrap="wrap" alignItems="flex-end">
        <RadioField form={form} name="kind" label="Discount" options={KINDS} disabled={fixed} />
        {kind === 'percent' ? (
          <TextField form={form} name="percentOff" type="number" label="Percent off" suffix="%" complaint="More than 0, at most 100, up to two decimals." disabled={fixed} required />
        ) : (
          <>
            <TextField form={form} name="amountOffMinor" label="Amount off" suffix={currency} complaint={`An amount of ${currency}, for example 12.50.`} disabled={fixed} required />
            <SelectField form={form} name="currency" label="Currency" options={CURRENCY_CHOICES} disabled={fixed} />
          </>
        )}
      </Stack>
      <Stack direction="row" gap={2} wrap="wrap" alignItems="flex-end">
        <RadioField form={form} name="duration" label="Lasts" options={DURATIONS} disabled={fixed} />
        {duration === 'repeating' && <TextField form={form} name="months" type="number" label="Months" complaint="From 1 to 36." width={12} disabled={fixed} required />}
      </Stack>
      <Stack direction="column" gap={1}>
        <Text variant="bodySmall" weight="medium">
          Plans it is good for; none chosen means all
        </Text>
        <Stack direction="row" gap={2}>
          {TIERS.map((tier) => (
            <CheckField key={tier} form={form} name={tier} label={tier} disabled={fixed} />
          ))}
        </Stack>
      </Stack>
      <Stack direction="row" gap={2} wrap="wrap" alignItems="flex-start">
        <TextField form={form} name="maxRedemptions" type="number" label="Redemptions in all" placeholder="without limit" complaint="A whole number from 1, or nothing." />
        <TextField form={form} name="redeemBy" type="datetime-local" label="Redeem until" complaint="A date and time, or nothing." />
      </Stack>
      <ReasonField form={form} />
    </>
  );
}
