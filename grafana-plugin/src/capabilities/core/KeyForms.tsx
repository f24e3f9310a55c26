// Makes a project key, or replaces one by a new one.
import { core } from '@admin-center/contracts/core';
import type { ProjectKeyRow } from '@admin-center/contracts/core-keys';
import { call } from '../../platform/api.ts';
import { done } from '../../platform/done.ts';
import { FormDrawer } from '../../platform/FormDrawer.tsx';
import { RadioField, ReasonField, TextField } from '../../platform/FormFields.tsx';
import { useForm } from '../../platform/use-form.ts';
import type { MadeKey } from './KeySecret.tsx';

const { createKey, rotateKey } = core.endpoints;

interface Props {
  readonly onMade: (made: MadeKey) => void;
  readonly onClose: () => void;
}

const NEW = { name: '', kind: 'server' as 'server' | 'client', environment: 'live' as 'live' | 'test', reason: '' };
const asItIs = <T,>(values: T): T => values;

export function NewKey({ onMade, onClose }: Props) {
  const form = useForm(createKey.body, NEW, asItIs);
  return (
    <FormDrawer
      title="New project key"
      form={form}
      submitLabel="Create the key"
      execute={(body, idempotencyKey) => call(createKey, { body }, { idempotencyKey })}
      onDone={(result) => done(createKey.audit, result, onMade)}
      onClose={onClose}
    >
      <TextField form={form} name="name" label="Used by" description="The program or place that will hold it." placeholder="API servers" required />
      <RadioField
        form={form}
        name="kind"
        label="Kind"
        options={[
          { value: 'server', label: 'Server', description: 'A secret: the policy, reports, all flags.' },
          { value: 'client', label: 'Client', description: 'For browsers and apps, where anybody can read it: public flags only.' },
        ]}
      />
      <RadioField form={form} name="environment" label="Environment" options={[{ value: 'live', label: 'Live' }, { value: 'test', label: 'Test' }]} />
      <ReasonField form={form} />
    </FormDrawer>
  );
}

const ROTATE = { overlapHours: '24', reason: '' };
const rotateInput = ({ overlapHours, reason }: typeof ROTATE) => ({ overlapHours: overlapHours.trim() === '' ? undefined : Number(overlapHours), reason });

export function RotateKey({ keyRow, onMade, onClose }: Props & { readonly keyRow: ProjectKeyRow }) {
  const form = useForm(rotateKey.body, ROTATE, rotateInput);
  return (
    <FormDrawer
      title={`Rotate the key of ${keyRow.name}`}
      subtitle="A new key takes its place; both are good until the overlap is over."
      form={form}
      submitLabel="Create the new key"
      execute={(body, idempotencyKey) => call(rotateKey, { params: { keyId: keyRow.id }, body }, { idempotencyKey })}
      onDone={(result) => done(rotateKey.audit, result, onMade)}
      onClose={onClose}
    >
      <TextField form={form} name="overlapHours" type="number" label="Overlap" suffix="hours" width={16} description="Take 0 for a key that has leaked: it is refused at once." required />
      <ReasonField form={form} />
    </FormDrawer>
  );
}
