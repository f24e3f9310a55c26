// A filter with few values; empty means all.
import { Combobox } from '@grafana/ui';

interface Props<T extends string> {
  readonly label: string;
  readonly value: T | '';
  readonly options: ReadonlyArray<{ readonly value: T; readonly label: string }>;
  readonly onChange: (value: T | '') => void;
}

export function Choice<T extends string>({ label, value, options, onChange }: Props<T>) {
  return (
    <Combobox<T>
      aria-label={label}
      placeholder={label}
      width={19}
      isClearable
      options={[...options]}
      value={value === '' ? null : value}
      onChange={(option) => onChange(option?.value ?? '')}
    />
  );
}
