// What one version changed of another, in the form of a JSON Patch (RFC 6902) that also says what was there before.
import type { flagDiff } from '@admin-center/contracts/flags';
import type { z } from 'zod';

export type Diff = z.output<typeof flagDiff>;
type Change = Diff[number];

/** Lists whose elements have a name are compared by it, so that one that moved or was put in front is told as that. */
const NAMES = ['key', 'id', 'name', 'variant', 'flag'] as const;

export function diff(before: unknown, after: unknown, path = ''): Diff {
  if (JSON.stringify(before) === JSON.stringify(after)) {
    return [];
  }
  const [left, right] = [membersOf(before, after), membersOf(after, before)];
  if (left === null || right === null) {
    return [replaced(path, before, after)];
  }
  const changes: Change[] = [];
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    const at = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!right.has(name)) {
      changes.push({ op: 'remove', path: at, from: left.get(name) });
    } else if (!left.has(name)) {
      changes.push({ op: 'add', path: at, value: right.get(name) });
    } else {
      changes.push(...diff(left.get(name), right.get(name), at));
    }
  }
  // The same rules in another order: the first that fits decides. The order of an object's members means nothing.
  const reordered = Array.isArray(before) && changes.length === 0 && [...left.keys()].join(' ') !== [...right.keys()].join(' ');
  return reordered ? [replaced(path, before, after)] : changes;
}

function replaced(path: string, before: unknown, after: unknown): Change {
  return { op: 'replace', path, from: before, value: after };
}

/** Null where the two cannot be compared member by member. */
function membersOf(value: unknown, other: unknown): Map<string, unknown> | null {
  if (Array.isArray(value)) {
    const name = Array.isArray(other) ? nameOf([...value, ...other]) : null;
    return name === null ? null : new Map(value.map((element) => [String((element as Record<string, unknown>)[name]), element]));
  }
  return typeof value === 'object' && value !== null && typeof other === 'object' && other !== null && !Array.isArray(other) ? new Map(Object.entries(value)) : null;
}

function nameOf(elements: readonly unknown[]): string | null {
  const objects = elements.filter((element): element is Record<string, unknown> => typeof element === 'object' && element !== null);
  return objects.length < elements.length ? null : (NAMES.find((name) => objects.every((element) => typeof element[name] === 'string')) ?? null);
}

export const same = (before: unknown, after: unknown): boolean => diff(before, after).length === 0;
