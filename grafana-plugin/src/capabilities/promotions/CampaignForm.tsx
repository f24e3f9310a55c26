// Makes or changes a campaign.
import { useState } from 'react';
import { promotions, type Campaign } from '@admin-center/contracts/promotions';
import { Stack } from '@grafana/ui';
import { call } from '../../platform/api.ts';
import { done } from '../../platform/done.ts';
import { FormDrawer } from '../../platform/FormDrawer.tsx';
import { ReasonField, SelectField, TextField } from '../../platform/FormFields.tsx';
import { useForm, type Form } from '../../platform/use-form.ts';
import { BudgetsField } from './BudgetsField.tsx';
import { campaignChanges, campaignValues, createCampaignSchema, newCampaign, updateCampaignSchema, type CampaignValues } from './campaign-form.ts';
import { CURRENCY_CHOICES } from './currencies.ts';
import { OpeningsField } from './OpeningsField.tsx';

const { createCampaign, updateCampaign } = promotions.endpoints;

interface Props {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function NewCampaign({ onDone, onClose }: Props) {
  const [now] = useState(() => new Date().toISOString());
  const form = useForm(createCampaignSchema, campaignValues(now), newCampaign);
  return (
    <FormDrawer
      title="New campaign"
      subtitle="A draft until it is activated: its codes do not work before."
      form={form}
      submitLabel="Create the campaign"
      execute={(body, idempotencyKey) => call(createCampaign, { body }, { idempotencyKey })}
      onDone={(result) => done(createCampaign.audit, result, onDone)}
      onClose={onClose}
    >
      <TextField form={form} name="key" label="Key" description="Its name in metrics and marks; fixed." placeholder="black-friday-2026" required />
      <CampaignFields form={form} />
    </FormDrawer>
  );
}

export function EditCampaign({ campaign, onDone, onClose }: Props & { readonly campaign: Campaign }) {
  const form = useForm(updateCampaignSchema, campaignValues(campaign.startsAt, campaign), campaignChanges(campaign));
  return (
    <FormDrawer
      title={`Change ${campaign.name}`}
      form={form}
      submitLabel="Save the campaign"
      execute={(body, idempotencyKey) => call(updateCampaign, { params: { campaignId: campaign.id }, body }, { idempotencyKey })}
      onDone={(result) => done(updateCampaign.audit, result, onDone)}
      onClose={onClose}
    >
      <CampaignFields form={form} fixed={campaign.state !== 'draft'} />
    </FormDrawer>
  );
}

function CampaignFields({ form, fixed = false }: { form: Form<CampaignValues, unknown>; fixed?: boolean }) {
  return (
    <>
      <TextField form={form} name="name" label="Name" required />
      <Stack direction="row" gap={2} wrap="wrap" alignItems="flex-start">
        <TextField form={form} name="startsAt" type="datetime-local" label="Starts" complaint="A date and time." required />
        <TextField form={form} name="endsAt" type="datetime-local" label="Ends" complaint="A date and time, or nothing." description="Empty: by hand, or with its budget." />
      </Stack>
      <OpeningsField form={form} />
      <BudgetsField form={form} />
      <Stack direction="row" gap={2} wrap="wrap" alignItems="flex-start">
        <TextField form={form} name="holdoutShare" type="number" label="Left out to compare" suffix="%" complaint="From 0 to 50." disabled={fixed} width={16} description={fixed ? 'Fixed since it was activated.' : 'Without, its return is attributed, not incremental.'} />
        <TextField form={form} name="marginShare" type="number" label="Margin of revenue" suffix="%" complaint="From 0 to 100." width={16} />
        <SelectField form={form} name="reportingCurrency" label="Currency of its return" options={CURRENCY_CHOICES} />
      </Stack>
      <ReasonField form={form} />
    </>
  );
}
