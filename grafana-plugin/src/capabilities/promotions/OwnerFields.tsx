// Which coupon a code gives, and which campaign it belongs to.
import { SelectField } from '../../platform/FormFields.tsx';
import type { Form } from '../../platform/use-form.ts';
import { findCampaigns, findCoupons } from './find.ts';

interface OwnerValues {
  readonly couponId: string;
  readonly campaignId: string;
}

export function OwnerFields({ form: given }: { form: Form<never, unknown> }) {
  const form = given as unknown as Form<OwnerValues, unknown>;
  return (
    <>
      <SelectField form={form} name="couponId" label="Coupon" placeholder="Find a coupon" options={findCoupons} complaint="Choose a coupon." required />
      <SelectField form={form} name="campaignId" label="Campaign" placeholder="none" options={findCampaigns} isClearable />
    </>
  );
}
