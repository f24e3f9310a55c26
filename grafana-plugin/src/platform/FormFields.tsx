// Fields of a form (use-form.ts) with their label, explanation and complaint. Each is named after the value it edits.
import { useId, useState, type ReactElement, type ReactNode } from 'react';
import { Combobox, Field, Input, RadioButtonGroup, TextArea, type ComboboxOption } from '@grafana/ui';
import { CheckBox } from './CheckBox.tsx';
import type { Form } from './use-form.ts';

/** A field of a date and a time speaks the browser's time, whatever Grafana shows; said where nothing else has to be. */
const LOCAL_TIME = 'In the time zone of this browser.';

/** Names of the values of one type. */
type NamesOf<Values, T> = { [K in keyof Values & string]: Values[K] extends T ? K : never }[keyof Values & string];

interface Common<Values> {
  readonly form: Form<Values, unknown>;
  readonly label: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly disabled?: boolean;
  /** Said instead of the schema's own words, where those would help nobody. */
  readonly complaint?: string;
}

interface FrameProps {
  readonly form: Form<never, unknown>;
  readonly name: string;
  readonly label: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly id?: string;
  readonly complaint?: string;
  readonly children: ReactElement<Record<string, unknown>>;
}

function Frame({ form, name, label, description, required, id, complaint, children }: FrameProps) {
  const problem = form.error(name);
  const error = problem === undefined ? undefined : (complaint ?? problem);
  return (
    <Field label={label} description={description} htmlFor={id} required={required} invalid={error !== undefined} error={error} noMargin>
      {children}
    </Field>
  );
}

const frame = <Values,>(form: Form<Values, unknown>) => form as unknown as Form<never, unknown>;

interface TextProps<Values> extends Common<Values> {
  readonly name: NamesOf<Values, string>;
  readonly type?: 'text' | 'number' | 'datetime-local' | 'time';
  readonly placeholder?: string;
  readonly prefix?: ReactNode;
  readonly suffix?: ReactNode;
  readonly width?: number;
}

export function TextField<Values>({ form, name, label, description, required, disabled, complaint, type = 'text', ...rest }: TextProps<Values>) {
  const id = useId();
  const explained = description ?? (type === 'datetime-local' ? LOCAL_TIME : undefined);
  return (
    <Frame form={frame(form)} {...{ name, label, description: explained, required, id, complaint }}>
      <Input id={id} type={type} value={form.values[name] as string} disabled={disabled} autoComplete="off" step={type === 'number' ? 'any' : undefined} {...rest} onChange={(event) => form.set({ [name]: event.currentTarget.value } as Partial<Values>)} />
    </Frame>
  );
}

export function AreaField<Values>({ form, name, label, description, required }: Common<Values> & { readonly name: NamesOf<Values, string> }) {
  const id = useId();
  return (
    <Frame form={frame(form)} {...{ name, label, description, required, id }}>
      <TextArea id={id} rows={3} maxLength={500} value={form.values[name] as string} onChange={(event) => form.set({ [name]: event.currentTarget.value } as Partial<Values>)} />
    </Frame>
  );
}

/** Every audited write has one. */
export const ReasonField = <Values extends { reason: string }>({ form }: { readonly form: Form<Values, unknown> }) => (
  <AreaField form={form} name={'reason' as NamesOf<Values, string>} label="Reason" description="Kept in the audit log beside the action, at least 10 characters." required />
);

interface ChoiceProps<Values, T extends string> extends Common<Values> {
  readonly name: NamesOf<Values, T>;
  readonly options: ReadonlyArray<{ readonly value: T; readonly label: string; readonly description?: string }>;
}

/** Few values, all of them to be seen. */
export function RadioField<Values, T extends string>({ form, name, label, description, disabled, options }: ChoiceProps<Values, T>) {
  return (
    <Frame form={frame(form)} {...{ name, label, description }}>
      <RadioButtonGroup<T> aria-label={label} options={[...options]} disabled={disabled} value={form.values[name] as T} onChange={(value) => form.set({ [name]: value } as unknown as Partial<Values>)} />
    </Frame>
  );
}

interface SelectProps<Values> extends Common<Values> {
  readonly name: NamesOf<Values, string>;
  /** A function is asked as one types. */
  readonly options: Array<ComboboxOption<string>> | ((input: string) => Promise<Array<ComboboxOption<string>>>);
  readonly placeholder?: string;
  readonly isClearable?: boolean;
  /** What stands for the value before it was chosen from the options. */
  readonly chosen?: ComboboxOption<string> | null;
  readonly onChosen?: (option: ComboboxOption<string> | null) => void;
}

export function SelectField<Values>({ form, name, label, description, required, disabled, complaint, options, placeholder, isClearable = false, chosen, onChosen }: SelectProps<Values>) {
  const id = useId();
  const value = form.values[name] as string;
  // Options that are asked for as one types are gone once the list closes; the chosen one keeps its words.
  const [picked, setPicked] = useState<ComboboxOption<string> | null>(null);
  const choose = (option: ComboboxOption<string> | null) => {
    form.set({ [name]: option?.value ?? '' } as Partial<Values>);
    setPicked(option);
    onChosen?.(option);
  };
  const shown = value === '' ? null : (chosen ?? (picked?.value === value ? picked : value));
  return (
    <Frame form={frame(form)} {...{ name, label, description, required, id, complaint }}>
      {isClearable ? (
        <Combobox<string> id={id} aria-label={label} options={options} disabled={disabled} placeholder={placeholder} value={shown} isClearable onChange={choose} />
      ) : (
        <Combobox<string> id={id} aria-label={label} options={options} disabled={disabled} placeholder={placeholder} value={shown} onChange={choose} />
      )}
    </Frame>
  );
}

export function CheckField<Values>({ form, name, label, description, disabled }: Common<Values> & { readonly name: NamesOf<Values, boolean> }) {
  return <CheckBox label={label} description={description} disabled={disabled} value={form.values[name] as boolean} onChange={(event) => form.set({ [name]: event.currentTarget.checked } as Partial<Values>)} />;
}
