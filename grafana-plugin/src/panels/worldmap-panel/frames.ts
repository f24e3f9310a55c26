// Numbers by country from the answer of any query: series with a label, or a table with a column of codes.
import { FieldType, type DataFrame, type Field } from '@grafana/data';
import type { Breakdown } from '@admin-center/contracts/distribution';

const CODE = /^[A-Za-z]{2}$/;

/** The last number there is. */
function lastOf({ values }: Field): number {
  for (let index = values.length - 1; index >= 0; index -= 1) {
    const value: unknown = values[index];
    if (typeof value === 'number' && Number.isFinite(value)) {
      return value;
    }
  }
  return 0;
}

/** @param label the label, or the column, that holds ISO 3166-1 codes */
export function countriesOf(frames: readonly DataFrame[], label: string): Breakdown {
  const values = new Map<string, number>();
  const add = (code: string, value: number) => values.set(CODE.test(code) ? code.toUpperCase() : code, (values.get(code) ?? 0) + value);
  for (const { fields } of frames) {
    const codes = fields.find(({ name, type }) => type === FieldType.string && name === label);
    for (const field of fields.filter(({ type }) => type === FieldType.number)) {
      const code = field.labels?.[label];
      if (code !== undefined) {
        add(code, lastOf(field));
      } else if (codes) {
        codes.values.forEach((value: unknown, index: number) => add(String(value), Number(field.values[index] ?? 0)));
      }
    }
  }
  const rows = [...values].filter(([, users]) => users > 0).map(([value, users]) => ({ value, users })).sort((a, b) => b.users - a.users);
  return { rows, other: { values: 0, users: 0 } };
}
