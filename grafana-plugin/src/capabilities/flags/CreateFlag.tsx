// Creating a flag: its name in code, its type, and how it starts. Everything else is edited on its page.
import { useState } from 'react';
import { flags } from '@admin-center/contracts/flags';
import { FLAG_TYPES, flagDefinition, flagKey } from '@admin-center/contracts/flags-definition';
import { reason } from '@admin-center/contracts/fields';
import { locationService } from '@grafana/runtime';
import { Button } from '@grafana/ui';
import { z } from 'zod';
import { call } from '../../platform/api.ts';
import { done } from '../../platform/done.ts';
import { FormDrawer } from '../../platform/FormDrawer.tsx';
import { AreaField, CheckField, RadioField, ReasonField, TextField } from '../../platform/FormFields.tsx';
import { useForm } from '../../platform/use-form.ts';
import { flagUrl } from '../../routes.ts';
import { useMayWrite } from './FlagSwitch.tsx';
import { slug, STARTS, startingDefinition, type Start } from './new-flag.ts';

const { name, description } = flagDefinition.shape;
const schema = z.object({ key: flagKey, name, description, type: z.enum(FLAG_TYPES), start: z.enum(['switch', 'rollout', 'targeted']), public: z.boolean(), reason });
const INITIAL = { key: '', name: '', description: '', type: 'boolean' as (typeof FLAG_TYPES)[number], start: 'rollout' as Start, public: false, reason: '' };

export function CreateFlagButton({ onCreated }: { onCreated: () => void }) {
  const { refusal } = useMayWrite();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button icon="plus" disabled={refusal !== undefined} tooltip={refusal} onClick={() => setIsOpen(true)}>
        New flag
      </Button>
      {isOpen && <CreateFlag onClose={() => setIsOpen(false)} onCreated={onCreated} />}
    </>
  );
}

function CreateFlag({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const form = useForm(schema, INITIAL, (values) => values);
  const { create } = flags.endpoints;
  return (
    <FormDrawer
      title="New flag"
      subtitle="It starts turned off; nobody is served anything until you turn it on."
      form={form}
      submitLabel="Create flag"
      execute={(values, idempotencyKey) => call(create, { params: { key: values.key }, body: { definition: startingDefinition(values), reason: values.reason } }, { idempotencyKey })}
      onDone={(result) => {
        onClose();
        done(create.audit, result, onCreated);
        locationService.push(flagUrl(result.flag.key));
      }}
      onClose={onClose}
    >
      <NameField form={form} />
      <TextField form={form} name="key" label="Key" description="What code asks for. It never changes." required />
      <AreaField form={form} name="description" label="Description" />
      <RadioField form={form} name="type" label="Type of its values" options={FLAG_TYPES.map((value) => ({ value, label: value }))} />
      <RadioField form={form} name="start" label="How it starts" description={STARTS.find(({ value }) => value === form.values.start)?.description} options={STARTS} />
      <CheckField form={form} name="public" label="Public" description="Browsers and apps may read it with a client key." />
      <ReasonField form={form} />
    </FormDrawer>
  );
}

/** The key follows the name until somebody writes one of their own. */
const NameField = ({ form }: { form: ReturnType<typeof useForm<typeof schema, typeof INITIAL>> }) => {
  const { key, name: named } = form.values;
  const follows = key === slug(named);
  const set: typeof form.set = (patch) => form.set(follows && patch.name !== undefined ? { ...patch, key: slug(patch.name) } : patch);
  return <TextField form={{ ...form, set }} name="name" label="Name" required />;
};
