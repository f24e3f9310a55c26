// One condition of a segment: attribute, operator, values.
import { DIRECTORY_ATTRIBUTES, FLAG_OPERATORS } from '@admin-center/contracts/flags-definition';
import { Button, Combobox, Input, Stack } from '@grafana/ui';
import { useState } from 'react';
import type { Condition, Problems } from '../draft.ts';
import { OPERATOR_WORDS } from '../sentences.ts';
import { Complaint } from './Complaint.tsx';

interface Props {
  /** The rule it belongs to, and its place in it: "segment-1, condition 2". */
  readonly of: string;
  readonly path: string;
  readonly condition: Condition;
  readonly problems: Problems;
  readonly onChange: (condition: Condition) => void;
  readonly onRemove?: () => void;
  readonly disabled?: boolean;
}

const OPERATORS = FLAG_OPERATORS.map((value) => ({ value, label: OPERATOR_WORDS[value] }));
const ATTRIBUTES = DIRECTORY_ATTRIBUTES.map((value) => ({ value: value as string, label: value, description: 'Known to the user directory' }));
const EXAMPLES: Readonly<Partial<Record<Condition['operator'], string>>> = { version_below: '2.4.0', version_at_least: '2.4.0', before: '2026-01-31T00:00:00Z', after: '2026-01-31T00:00:00Z' };

export const readValues = (text: string): string[] =>
  text
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');

export function ConditionRow({ of, path, condition, problems, onChange, onRemove, disabled }: Props) {
  const { attribute, operator, values } = condition;
  const takesValues = operator !== 'exists' && operator !== 'not_exists';
  const attributes = attribute === '' || ATTRIBUTES.some(({ value }) => value === attribute) ? ATTRIBUTES : [{ value: attribute, label: attribute, description: 'Sent by the host' }, ...ATTRIBUTES];
  return (
    <div>
      <Stack direction="row" gap={1} alignItems="center" wrap="wrap">
        <Combobox<string>
          aria-label={`Attribute of ${of}`}
          placeholder="Attribute"
          width={22}
          createCustomValue
          options={attributes}
          value={attribute === '' ? null : attribute}
          invalid={problems.at(`${path}.attribute`) !== undefined}
          disabled={disabled}
          onChange={(option) => onChange({ ...condition, attribute: option.value })}
        />
        <Combobox<Condition['operator']> aria-label={`Operator of ${of}`} width={22} options={OPERATORS} value={operator} disabled={disabled} onChange={(option) => onChange({ ...condition, operator: option.value })} />
        {takesValues && <Values label={`Values of ${of}`} placeholder={EXAMPLES[operator] ?? 'DE, FR'} values={values} invalid={problems.within(`${path}.values`).length > 0} disabled={disabled} onChange={(next) => onChange({ ...condition, values: next })} />}
        {onRemove && <Button size="sm" variant="secondary" fill="text" icon="times" aria-label={`Remove ${of}`} disabled={disabled} onClick={onRemove} />}
      </Stack>
      <Complaint texts={problems.within(path)} />
    </div>
  );
}

interface ValuesProps {
  readonly label: string;
  readonly placeholder: string;
  readonly values: Condition['values'];
  readonly invalid: boolean;
  readonly disabled: boolean | undefined;
  readonly onChange: (values: Condition['values']) => void;
}

/** Several values are written with commas between them; the text stays as typed while it means the same. */
function Values({ label, placeholder, values, invalid, disabled, onChange }: ValuesProps) {
  const [text, setText] = useState(() => values.join(', '));
  const shown = readValues(text).join('\n') === values.map(String).join('\n') ? text : values.join(', ');
  return (
    <Input
      aria-label={label}
      placeholder={placeholder}
      width={28}
      value={shown}
      invalid={invalid}
      disabled={disabled}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        onChange(readValues(currentTarget.value));
      }}
    />
  );
}
