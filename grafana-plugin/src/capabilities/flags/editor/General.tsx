// What people read about a flag, and who may read its values.
import { useId } from 'react';
import { Field, Input, Stack, TextArea } from '@grafana/ui';
import { CheckBox } from '../../../platform/CheckBox.tsx';
import type { EditorProps } from './rules.tsx';

export function General({ draft, set, problems, disabled }: EditorProps) {
  const ids = { name: useId(), description: useId() };
  return (
    <Stack direction="column" gap={2}>
      <Field label="Name" htmlFor={ids.name} invalid={problems.at('name') !== undefined} error={problems.at('name')} required noMargin>
        <Input id={ids.name} value={draft.name} disabled={disabled} onChange={({ currentTarget }) => set({ name: currentTarget.value })} />
      </Field>
      <Field label="Description" htmlFor={ids.description} invalid={problems.at('description') !== undefined} error={problems.at('description')} noMargin>
        <TextArea id={ids.description} rows={2} value={draft.description} disabled={disabled} onChange={({ currentTarget }) => set({ description: currentTarget.value })} />
      </Field>
      <CheckBox label="Public" description="Browsers and apps may read it with a client key." value={draft.public} disabled={disabled} onChange={({ currentTarget }) => set({ public: currentTarget.checked })} />
      <CheckBox label="Permanent" description="Meant to stay, so it never counts as stale." value={draft.permanent} disabled={disabled} onChange={({ currentTarget }) => set({ permanent: currentTarget.checked })} />
    </Stack>
  );
}
