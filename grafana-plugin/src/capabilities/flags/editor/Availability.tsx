// When a flag's rules count at all: inside of its schedule, and while other flags serve what it builds on.
import { useId } from 'react';
import { Button, Combobox, Field, Input, MultiCombobox, Stack, Text } from '@grafana/ui';
import { replacedAt, withoutAt, type Draft, type Problems } from '../draft.ts';
import { Complaint } from './Complaint.tsx';
import type { EditorProps } from './rules.tsx';

const two = (value: number): string => String(value).padStart(2, '0');

/** An instant as a field for local date and time writes it; empty for none. */
export function toLocal(instant: string | null): string {
  const date = instant === null ? undefined : new Date(instant);
  return date === undefined || Number.isNaN(date.valueOf()) ? '' : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

export const fromLocal = (text: string): string | null => (text === '' || Number.isNaN(Date.parse(text)) ? null : new Date(text).toISOString());

export function Schedule({ draft, set, problems, disabled }: EditorProps) {
  const { schedule } = draft;
  const ids = { from: useId(), until: useId() };
  const field = (name: 'from' | 'until', label: string) => (
    <Field label={label} htmlFor={ids[name]} noMargin>
      <Input id={ids[name]} type="datetime-local" width={28} value={toLocal(schedule[name])} disabled={disabled} onChange={({ currentTarget }) => set({ schedule: { ...schedule, [name]: fromLocal(currentTarget.value) } })} />
    </Field>
  );
  const backwards = schedule.from !== null && schedule.until !== null && Date.parse(schedule.until) <= Date.parse(schedule.from);
  return (
    <Stack direction="column" gap={0.5}>
      <Stack direction="row" gap={2} wrap="wrap">
        {field('from', 'Active from')}
        {field('until', 'Active until')}
      </Stack>
      <Text color="secondary" variant="bodySmall">
        In the time zone of this browser. Outside of it the off variant is served.
      </Text>
      <Complaint texts={[...problems.within('schedule'), backwards ? 'It ends before it starts.' : undefined]} />
    </Stack>
  );
}

interface PrerequisitesProps extends EditorProps {
  /** Other flags with their variants. */
  readonly others: ReadonlyArray<{ readonly key: string; readonly variants: readonly string[] }>;
}

export function Prerequisites({ draft, set, problems, disabled, others }: PrerequisitesProps) {
  const { prerequisites } = draft;
  const change = (next: Draft['prerequisites']) => set({ prerequisites: next });
  const free = others.find(({ key }) => !prerequisites.some(({ flag }) => flag === key));
  return (
    <Stack direction="column" gap={1}>
      {prerequisites.map((prerequisite, index) => (
        <Prerequisite
          key={prerequisite.flag}
          prerequisite={prerequisite}
          others={others.filter(({ key }) => key === prerequisite.flag || !prerequisites.some(({ flag }) => flag === key))}
          problems={problems}
          path={`prerequisites.${index}`}
          disabled={disabled}
          onChange={(next) => change(replacedAt(prerequisites, index, next))}
          onRemove={() => change(withoutAt(prerequisites, index))}
        />
      ))}
      <div>
        <Button size="sm" variant="secondary" icon="plus" disabled={disabled || free === undefined} onClick={() => free && change([...prerequisites, { flag: free.key, variants: free.variants.slice(0, 1) }])}>
          Add a prerequisite
        </Button>
      </div>
    </Stack>
  );
}

interface PrerequisiteProps extends Pick<PrerequisitesProps, 'others' | 'disabled'> {
  readonly prerequisite: Draft['prerequisites'][number];
  readonly problems: Problems;
  readonly path: string;
  readonly onChange: (prerequisite: Draft['prerequisites'][number]) => void;
  readonly onRemove: () => void;
}

function Prerequisite({ prerequisite: { flag, variants }, others, problems, path, disabled, onChange, onRemove }: PrerequisiteProps) {
  const id = useId();
  const known = others.find(({ key }) => key === flag);
  return (
    <div>
      <Stack direction="row" gap={1} alignItems="center" wrap="wrap">
        <label htmlFor={`${id}-flag`}>
          <Text color="secondary">The flag</Text>
        </label>
        <Combobox<string>
          id={`${id}-flag`}
          width={28}
          options={[...new Set([flag, ...others.map(({ key }) => key)])].map((value) => ({ value, label: value }))}
          value={flag}
          disabled={disabled}
          onChange={({ value }) => onChange({ flag: value, variants: others.find(({ key }) => key === value)?.variants.slice(0, 1) ?? [] })}
        />
        <label htmlFor={`${id}-variants`}>
          <Text color="secondary">must serve</Text>
        </label>
        <MultiCombobox<string>
          id={`${id}-variants`}
          width={30}
          options={[...new Set([...(known?.variants ?? []), ...variants])].map((value) => ({ value, label: value }))}
          value={[...variants]}
          disabled={disabled}
          onChange={(options) => onChange({ flag, variants: options.map(({ value }) => value) })}
        />
        <Button size="sm" variant="secondary" fill="text" icon="times" aria-label={`Remove the prerequisite ${flag}`} disabled={disabled} onClick={onRemove} />
      </Stack>
      <Complaint texts={problems.within(path)} />
    </div>
  );
}
