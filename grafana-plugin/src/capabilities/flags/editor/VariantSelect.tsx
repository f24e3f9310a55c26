// Choosing one of a flag's variants.
import { Combobox } from '@grafana/ui';
import type { Variant } from '../draft.ts';

interface Props {
  readonly id?: string;
  readonly label: string;
  readonly variants: readonly Variant[];
  readonly value: string;
  readonly onChange: (variant: string) => void;
  readonly disabled?: boolean;
}

export function VariantSelect({ id, label, variants, value, onChange, disabled }: Props) {
  // A variant that was removed stays visible as the choice it was, so that one sees what has to be replaced.
  const known = variants.some(({ key }) => key === value);
  const options = [...variants.map(({ key, description }) => ({ value: key, label: key, description: description || undefined })), ...(known ? [] : [{ value, label: `${value} (removed)` }])];
  return <Combobox<string> id={id} aria-label={label} options={options} value={value} width={20} invalid={!known} disabled={disabled} onChange={(option) => onChange(option.value)} />;
}
