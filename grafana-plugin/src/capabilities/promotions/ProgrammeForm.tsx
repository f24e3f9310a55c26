// Changes the referral programme.
import { promotions, type ReferralProgramme } from '@admin-center/contracts/promotions';
import { Stack } from '@grafana/ui';
import { call } from '../../platform/api.ts';
import { done } from '../../platform/done.ts';
import { FormDrawer } from '../../platform/FormDrawer.tsx';
import { CheckField, ReasonField, SelectField, TextField } from '../../platform/FormFields.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useForm } from '../../platform/use-form.ts';
import { CURRENCY_CHOICES } from './currencies.ts';
import { findCoupons } from './find.ts';
import { programmeInput, programmeSchema, programmeValues } from './programme-form.ts';

const { getCoupon, setReferralProgramme } = promotions.endpoints;

interface Props {
  readonly programme: ReferralProgramme;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function ProgrammeForm({ programme, onDone, onClose }: Props) {
  const form = useForm(programmeSchema, programmeValues(programme), programmeInput(programme.version));
  const { refereeCouponId } = programme;
  const coupon = useApi(getCoupon, refereeCouponId === null ? null : { params: { couponId: refereeCouponId } }).data;
  return (
    <FormDrawer
      title="Change the referral programme"
      subtitle="Referrals on hold keep the reward they were promised."
      form={form}
      submitLabel="Save the programme"
      execute={(body, idempotencyKey) => call(setReferralProgramme, { body }, { idempotencyKey })}
      onDone={(result) => done(setReferralProgramme.audit, result, onDone)}
      onClose={onClose}
    >
      <CheckField form={form} name="enabled" label="On" description="Links are counted and rewards are given." />
      <Stack direction="row" gap={2} wrap="wrap" alignItems="flex-end">
        <TextField form={form} name="amountMinor" label="Reward" complaint="An amount, more than nothing." required />
        <SelectField form={form} name="currency" label="Currency" options={CURRENCY_CHOICES} />
        <TextField form={form} name="maxRewardsPerReferrer" type="number" label="Rewards per referrer" placeholder="without limit" complaint="A whole number from 1, or nothing." />
      </Stack>
      <Stack direction="row" gap={2} wrap="wrap" alignItems="flex-start">
        <TextField form={form} name="windowDays" type="number" label="A click counts" suffix="days" complaint="From 1 to 365." width={16} />
        <TextField form={form} name="holdDays" type="number" label="On hold" suffix="days" complaint="From 0 to 90." width={16} />
        <TextField form={form} name="clawbackDays" type="number" label="Taken back on a refund within" suffix="days" complaint="From 0 to 365." width={16} />
      </Stack>
      <SelectField form={form} name="refereeCouponId" label="Coupon for those who were referred" placeholder="none" options={findCoupons} chosen={coupon && coupon.id === form.values.refereeCouponId ? { value: coupon.id, label: coupon.name } : undefined} isClearable />
      <ReasonField form={form} />
    </FormDrawer>
  );
}
