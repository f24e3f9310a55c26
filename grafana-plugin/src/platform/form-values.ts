// What fields hold as text, as a request carries it: an empty field is null, what cannot be read is what a schema refuses.
export const numberOrNull = (text: string): number | null => (text.trim() === '' ? null : Number(text));

/** A field of type `datetime-local` speaks the browser's local time. */
export function instantOrNull(text: string): string | null {
  if (text === '') {
    return null;
  }
  const at = new Date(text);
  return Number.isNaN(at.valueOf()) ? text : at.toISOString();
}

export function localOf(instant: string | null): string {
  if (instant === null) {
    return '';
  }
  const at = new Date(instant);
  return new Date(at.valueOf() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The fields whose values differ, for a request that names only what it changes. */
export function changesOf<T extends object>(before: Partial<T>, after: T): Partial<T> {
  return Object.fromEntries(Object.entries(after).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key as keyof T]))) as Partial<T>;
}
