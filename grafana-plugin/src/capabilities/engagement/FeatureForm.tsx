// Describes a feature: who may use it, behind which flag, and which events are a use of it.
import { engagement } from '@admin-center/contracts/engagement';
import type { Feature } from '@admin-center/contracts/engagement-answers';
import { z } from 'zod';
import { call } from '../../platform/api.ts';
import { done } from '../../platform/done.ts';
import { FormDrawer } from '../../platform/FormDrawer.tsx';
import { CheckField, ReasonField, TextField } from '../../platform/FormFields.tsx';
import { useForm } from '../../platform/use-form.ts';
import { linesOf, namesOf } from './names.ts';
import { NamesField } from './NamesField.tsx';

const { setFeature } = engagement.endpoints;
const schema = z.object({ key: setFeature.params.shape.key, ...setFeature.body.shape });
const TIERS = ['free', 'premium', 'enterprise'] as const;

interface Props {
  /** Undefined: a new one. */
  readonly feature: Feature | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function FeatureForm({ feature, onDone, onClose }: Props) {
  const form = useForm(schema, valuesOf(feature), inputOf);
  return (
    <FormDrawer
      title={feature === undefined ? 'Describe a feature' : `Describe ${feature.title}`}
      subtitle="Who may use it decides whom its reach is measured against."
      form={form}
      submitLabel="Save the feature"
      execute={({ key, ...body }, idempotencyKey) => call(setFeature, { params: { key }, body }, { idempotencyKey })}
      onDone={(result) => done(setFeature.audit, result, onDone)}
      onClose={onClose}
    >
      <TextField form={form} name="key" label="Key" description="As events carry it in their property feature." disabled={feature !== undefined} required />
      <TextField form={form} name="title" label="Title" required />
      <div role="group" aria-label="Tiers that may use it">
        {TIERS.map((tier) => (
          <CheckField key={tier} form={form} name={tier} label={`Users of ${tier}`} />
        ))}
      </div>
      <TextField form={form} name="flag" label="Flag" description="Key of the flag it is behind; who it does not serve is not eligible." placeholder="none" />
      <NamesField form={form} label="Events that are a use of it" description="Names of track events, one a line, besides those with the property feature." />
      <ReasonField form={form} />
    </FormDrawer>
  );
}

interface Values {
  readonly key: string;
  readonly title: string;
  readonly free: boolean;
  readonly premium: boolean;
  readonly enterprise: boolean;
  readonly flag: string;
  readonly events: string;
  readonly reason: string;
}

const valuesOf = (feature: Feature | undefined): Values => {
  const tiers = feature?.tiers ?? [...TIERS];
  return {
    key: feature?.key ?? '', title: feature?.title ?? '', flag: feature?.flag ?? '', events: linesOf(feature?.events ?? []), reason: '',
    free: tiers.includes('free'), premium: tiers.includes('premium'), enterprise: tiers.includes('enterprise'),
  };
};

const inputOf = ({ key, title, flag, events, reason, ...may }: Values): unknown => ({ key, title, tiers: TIERS.filter((tier) => may[tier]), events: namesOf(events), flag: flag.trim() || null, reason });
