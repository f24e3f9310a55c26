// A form over a zod schema of contracts/: judged as one types, each field from its first change on and all of them once
// somebody tried to send it. The API's own complaints about fields stay until the field is changed.
import { useMemo, useState } from 'react';
import type { z } from 'zod';
import type { FieldError } from './api-error.ts';
import { complaint } from './complaints.ts';

export interface Form<Values, Output> {
  readonly values: Values;
  readonly set: (patch: Partial<Values>) => void;
  /** What is wrong with a field, once it is time to say so. `name` is part of its path in the schema. */
  readonly error: (name: string) => string | undefined;
  /** What would be sent; undefined while something is wrong. */
  readonly output: Output | undefined;
  /** Shows everything that is wrong; returns what to send when nothing is. */
  readonly check: () => Output | undefined;
  readonly refuse: (errors: readonly FieldError[]) => void;
}

/**
 * @param schema of the request's body
 * @param toInput what the fields hold, as the request would carry it
 */
export function useForm<S extends z.ZodType, Values extends object>(schema: S, initial: Values, toInput: (values: Values) => unknown): Form<Values, z.output<S>> {
  const [values, setValues] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<string>>(() => new Set());
  const [all, setAll] = useState(false);
  const [refused, setRefused] = useState<readonly FieldError[]>([]);
  const parsed = useMemo(() => schema.safeParse(toInput(values), { error: complaint }), [schema, toInput, values]);

  const error = (name: string): string | undefined => {
    const refusal = refused.find(({ path }) => path.split('.').includes(name));
    if (refusal) {
      return refusal.message;
    }
    return all || touched.has(name) ? parsed.error?.issues.find(({ path }) => path.includes(name))?.message : undefined;
  };

  return {
    values,
    set: (patch) => {
      const names = Object.keys(patch);
      setValues((before) => ({ ...before, ...patch }));
      setTouched((before) => new Set([...before, ...names]));
      setRefused((before) => before.filter(({ path }) => !path.split('.').some((part) => names.includes(part))));
    },
    error,
    output: parsed.data,
    check: () => {
      setAll(true);
      return parsed.data;
    },
    refuse: setRefused,
  };
}
