// A length of time: a number and its unit. Empty means no limit, where that is allowed.
import { useState } from 'react';
import { Combobox, Field, Input, Stack } from '@grafana/ui';
import { UNITS, unitOf } from '../durations.ts';

interface Props {
  readonly label: string;
  readonly seconds: number | null;
  readonly placeholder?: string;
  readonly problem?: string;
  readonly onChange: (seconds: number | null) => void;
}

export function DurationInput({ label, seconds, placeholder, problem, onChange }: Props) {
  const [unit, setUnit] = useState<number>(seconds === null ? 86_400 : unitOf(seconds));
  const change = (count: string, per: number) => onChange(count === '' ? null : Math.round(Number(count) * per));
  const count = seconds === null ? '' : String(seconds / unit);
  return (
    <Field noMargin invalid={problem !== undefined} error={problem}>
      <Stack direction="row" gap={0.5}>
        <Input aria-label={label} type="number" min={0} width={10} placeholder={placeholder} value={count} onChange={(event) => change(event.currentTarget.value, unit)} />
        <Combobox
          aria-label={`Unit of ${label.toLowerCase()}`}
          width={13}
          options={[...UNITS]}
          value={unit}
          onChange={({ value }) => {
            setUnit(value);
            change(count, value);
          }}
        />
      </Stack>
    </Field>
  );
}
