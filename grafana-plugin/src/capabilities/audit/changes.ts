// What an action changed, field by field, out of the before and after of its audit entry.
export interface FieldChange {
  /** Path in dots, e.g. `subscription.tier`; empty for a value that is not an object. */
  readonly field: string;
  readonly before: string;
  readonly after: string;
  readonly changed: boolean;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function flatten(value: unknown, path = ''): Map<string, unknown> {
  if (!isObject(value)) {
    return new Map(value === null || value === undefined ? [] : [[path, value]]);
  }
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...flatten(inner, path === '' ? key : `${path}.${key}`)]));
}

const text = (value: unknown): string => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));

/** Fields of either side in order of appearance, changed ones first. */
export function fieldChanges(before: unknown, after: unknown): FieldChange[] {
  const [old, now] = [flatten(before), flatten(after)];
  const changes = [...new Set([...old.keys(), ...now.keys()])].map((field) => {
    const [was, is] = [text(old.get(field)), text(now.get(field))];
    return { field, before: was, after: is, changed: was !== is };
  });
  return [...changes.filter(({ changed }) => changed), ...changes.filter(({ changed }) => !changed)];
}
