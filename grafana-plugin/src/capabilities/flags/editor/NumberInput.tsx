// A number as one types it: what cannot be read yet is NaN, which no schema accepts, and stays on screen as it was typed.
import { useState } from 'react';
import { Input } from '@grafana/ui';

interface Props {
  readonly id?: string;
  readonly label?: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly suffix?: string;
  readonly width?: number;
  readonly invalid?: boolean;
  readonly disabled?: boolean;
}

export const readNumber = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text.replace(',', '.')));

export function NumberInput({ id, label, value, onChange, suffix, width = 12, invalid, disabled }: Props) {
  const [text, setText] = useState(() => (Number.isNaN(value) ? '' : String(value)));
  // A value from outside (undo, another admin's version) takes over; one that only echoes what was typed does not.
  const shown = Object.is(readNumber(text), value) ? text : Number.isNaN(value) ? '' : String(value);
  return (
    <Input
      id={id}
      aria-label={label}
      inputMode="decimal"
      width={width}
      value={shown}
      suffix={suffix}
      invalid={invalid}
      disabled={disabled}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        onChange(readNumber(currentTarget.value));
      }}
    />
  );
}
