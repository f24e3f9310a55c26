// A field for names of events, one a line, beside a way to pick those that are there.
import { useId } from 'react';
import { Combobox, Field, Stack, TextArea } from '@grafana/ui';
import type { Form } from '../../platform/use-form.ts';
import { findEvents } from './find-events.ts';
import { linesOf, namesOf } from './names.ts';

interface Props<Values extends { events: string }> {
  readonly form: Form<Values, unknown>;
  readonly label: string;
  readonly description: string;
}

export function NamesField<Values extends { events: string }>({ form, label, description }: Props<Values>) {
  const id = useId();
  const error = form.error('events');
  const set = (events: string) => form.set({ events } as Partial<Values>);
  return (
    <Stack direction="column" gap={1}>
      <Field label={label} description={description} htmlFor={id} invalid={error !== undefined} error={error} noMargin>
        <TextArea id={id} rows={5} value={form.values.events} onChange={(event) => set(event.currentTarget.value)} />
      </Field>
      <Combobox<string> aria-label="Add an event" placeholder="Add an event of the last 30 days" options={findEvents} value={null} onChange={(option) => set(linesOf(namesOf(`${form.values.events}\n${option.value}`)))} />
    </Stack>
  );
}
