// Makes a batch of unique codes, in the background.
import { CODE_ALPHABET, promotions } from '@admin-center/contracts/promotions';
import { Stack } from '@grafana/ui';
import { call } from '../../platform/api.ts';
import { done } from '../../platform/done.ts';
import { FormDrawer } from '../../platform/FormDrawer.tsx';
import { ReasonField, TextField } from '../../platform/FormFields.tsx';
import { useForm } from '../../platform/use-form.ts';
import { batchInput, createBatchSchema, NEW_BATCH } from './code-form.ts';
import { OwnerFields } from './OwnerFields.tsx';
import { RestrictionFields } from './RestrictionFields.tsx';

const { createBatch } = promotions.endpoints;

/** What a code of the batch may look like: the first letters of the alphabet stand for the random part. */
const example = (prefix: string, length: number): string => `${prefix.trim().toUpperCase()}${CODE_ALPHABET.slice(0, Number.isFinite(length) ? length : 0)}`;

export function NewBatch({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const form = useForm(createBatchSchema, NEW_BATCH, batchInput);
  return (
    <FormDrawer
      title="New batch of codes"
      subtitle="Unique codes to give away one by one. They are made in the background and downloaded as CSV."
      form={form}
      submitLabel="Create the codes"
      execute={(body, idempotencyKey) => call(createBatch, { body }, { idempotencyKey })}
      onDone={(result) => done(createBatch.audit, result, onDone)}
      onClose={onClose}
    >
      <OwnerFields form={form as never} />
      <Stack direction="row" gap={2} wrap="wrap" alignItems="flex-start">
        <TextField form={form} name="count" type="number" label="How many" complaint="From 1 to 100,000." width={16} required />
        <TextField form={form} name="prefix" label="Begin with" complaint="Up to 12 letters and digits, or nothing." placeholder="nothing" width={20} />
        <TextField form={form} name="length" type="number" label="Random part" suffix="letters" complaint="From 8 to 20." width={20} description={`Such as ${example(form.values.prefix, Number(form.values.length))}`} required />
      </Stack>
      <RestrictionFields form={form as never} each="each code" />
      <ReasonField form={form} />
    </FormDrawer>
  );
}
