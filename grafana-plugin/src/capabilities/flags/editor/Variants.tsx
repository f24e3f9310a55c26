// The variants of a flag with their values, and which of them is served when no rule decides or the flag is off.
import { useId, useState } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Combobox, Field, Input, TextArea, useStyles2, useTheme2 } from '@grafana/ui';
import { renamedVariant, withoutAt, type Draft, type Variant } from '../draft.ts';
import { paint } from '../variant-colors.ts';
import { Complaint } from './Complaint.tsx';
import { NumberInput } from './NumberInput.tsx';
import type { EditorProps } from './rules.tsx';
import { AddButton, Section } from './Section.tsx';
import { VariantSelect } from './VariantSelect.tsx';

const EMPTY: Readonly<Record<Draft['type'], Variant['value']>> = { boolean: true, string: '', number: 0, object: {} };

export function Variants({ draft, set, problems, colors, disabled }: EditorProps) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const { type, variants, offVariant } = draft;
  const add = () => {
    let number = variants.length + 1;
    while (variants.some(({ key }) => key === `variant-${number}`)) {
      number += 1;
    }
    set({ variants: [...variants, { key: `variant-${number}`, value: EMPTY[type], description: '' }] });
  };
  const change = (index: number, patch: Partial<Variant>) => set({ variants: variants.map((variant, place) => (place === index ? { ...variant, ...patch } : variant)) });
  const offId = useId();
  const action = type !== 'boolean' && (
    <AddButton disabled={disabled || variants.length >= 20} onClick={add}>
      Add a variant
    </AddButton>
  );
  return (
    <Section title="Variants" text="What code can be told." action={action}>
      <ul className={styles.list} aria-label="Variants">
        {variants.map((variant, index) => (
          // The key of a variant is edited in place, so its position is what stays.
          <li key={index} className={styles.variant}>
            <span className={styles.dot} style={{ background: paint(theme, colors[variant.key] ?? 'text') }} />
            <Input aria-label={`Name of variant ${index + 1}`} width={20} value={variant.key} disabled={disabled} invalid={problems.at(`variants.${index}.key`) !== undefined} onChange={({ currentTarget }) => set(renamedVariant(draft, variant.key, currentTarget.value))} />
            <ValueInput label={`Value of ${variant.key}`} type={type} value={variant.value} disabled={disabled} invalid={problems.within(`variants.${index}.value`).length > 0} onChange={(value) => change(index, { value })} />
            <Input aria-label={`Description of ${variant.key}`} placeholder="What it does" value={variant.description} disabled={disabled} onChange={({ currentTarget }) => change(index, { description: currentTarget.value })} />
            <Button size="sm" variant="secondary" fill="text" icon="times" aria-label={`Remove variant ${variant.key}`} disabled={disabled || variants.length <= 2} onClick={() => set({ variants: withoutAt(variants, index) })} />
            <Complaint texts={problems.within(`variants.${index}`)} />
          </li>
        ))}
      </ul>
      <Complaint texts={[problems.at('variants')]} />
      <Field label="When it is off" description="Also when killed, or outside of its schedule." htmlFor={offId} invalid={problems.at('offVariant') !== undefined} error={problems.at('offVariant')} noMargin>
        <VariantSelect id={offId} label="When it is off" variants={variants} value={offVariant} disabled={disabled} onChange={(variant) => set({ offVariant: variant })} />
      </Field>
    </Section>
  );
}

interface ValueProps {
  readonly label: string;
  readonly type: Draft['type'];
  readonly value: Variant['value'];
  readonly invalid: boolean;
  readonly disabled: boolean;
  readonly onChange: (value: Variant['value']) => void;
}

const BOOLEANS = [
  { value: 'true', label: 'true' },
  { value: 'false', label: 'false' },
];

function ValueInput({ label, type, value, invalid, disabled, onChange }: ValueProps) {
  switch (type) {
    case 'boolean':
      return <Combobox<string> aria-label={label} width={14} options={BOOLEANS} value={String(value)} disabled={disabled} onChange={(option) => onChange(option.value === 'true')} />;
    case 'number':
      return <NumberInput label={label} width={14} value={Number(value)} invalid={invalid} disabled={disabled} onChange={onChange} />;
    case 'string':
      return <Input aria-label={label} width={24} value={String(value)} invalid={invalid} disabled={disabled} onChange={({ currentTarget }) => onChange(currentTarget.value)} />;
    case 'object':
      return <ObjectInput label={label} value={value} invalid={invalid} disabled={disabled} onChange={onChange} />;
  }
}

/** Undefined, which no schema accepts, while the text is not a JSON object. */
export function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function ObjectInput({ label, value, invalid, disabled, onChange }: Omit<ValueProps, 'type'>) {
  const [text, setText] = useState(() => JSON.stringify(value, null, 2) ?? '');
  const shown = JSON.stringify(readObject(text)) === JSON.stringify(value) ? text : JSON.stringify(value, null, 2);
  return (
    <TextArea
      aria-label={label}
      rows={3}
      cols={28}
      value={shown}
      invalid={invalid}
      disabled={disabled}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        onChange(readObject(currentTarget.value) as Variant['value']);
      }}
    />
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', gap: theme.spacing(1) }),
  variant: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), flexWrap: 'wrap', '& > div:nth-of-type(3)': { flexGrow: 1, width: 'auto' } }),
  dot: css({ width: 10, height: 10, flexShrink: 0, borderRadius: theme.shape.radius.circle }),
});
