// The fields of what limits a code.
import { Stack } from '@grafana/ui';
import { CheckField, SelectField, TextField } from '../../platform/FormFields.tsx';
import type { Form } from '../../platform/use-form.ts';
import { CURRENCY_CHOICES } from './currencies.ts';
import type { RestrictionValues } from './restrictions.ts';

const WHOLE = 'A whole number from 1, or nothing.';

/** @param each what one redeems: "code", or "each code" of a batch */
export function RestrictionFields({ form: given, each }: { form: Form<never, unknown>; each: string }) {
  const form = given as unknown as Form<RestrictionValues, unknown>;
  return (
    <>
      <Stack direction="row" gap={2} wrap="wrap" alignItems="flex-start">
        <TextField form={form} name="maxRedemptions" type="number" label={`Redemptions of ${each}`} placeholder="without limit" complaint={WHOLE} width={20} />
        <TextField form={form} name="maxPerUser" type="number" label="Per user" placeholder="without limit" complaint={WHOLE} width={20} />
        <TextField form={form} name="expiresAt" type="datetime-local" label="Expires" complaint="A date and time, or nothing." />
      </Stack>
      <Stack direction="row" gap={2} wrap="wrap" alignItems="flex-end">
        <TextField form={form} name="amountMinor" label="Smallest invoice" placeholder="any" complaint="An amount, for example 12.50." width={20} />
        <SelectField form={form} name="minimumCurrency" label="Its currency" options={CURRENCY_CHOICES} />
      </Stack>
      <CheckField form={form} name="firstTimeTransaction" label="First payment only" description="For users who never paid." />
    </>
  );
}
