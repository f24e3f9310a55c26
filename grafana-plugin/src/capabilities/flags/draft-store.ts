// What is being edited, kept outside of the page: changing tabs loses nothing, and all tabs of a flag edit one draft.
import { useCallback, useSyncExternalStore } from 'react';
import type { FlagDetail } from '@admin-center/contracts/flags';
import { sameDefinition, type Draft } from './draft.ts';
import { redoOnTop } from './redo.ts';

interface Entry {
  /** The version the edits were made from. */
  readonly version: number;
  readonly base: Draft;
  readonly draft: Draft;
}

const entries = new Map<string, Entry>();
const listeners = new Set<() => void>();

function put(key: string, entry: Entry | undefined): void {
  if (entry) {
    entries.set(key, entry);
  } else {
    entries.delete(key);
  }
  for (const listener of listeners) {
    listener();
  }
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export interface Editing {
  readonly draft: Draft;
  /** The definition the edits started from, and its version. */
  readonly base: Draft;
  readonly version: number;
  readonly isDirty: boolean;
  readonly set: (patch: Partial<Draft>) => void;
  readonly discard: () => void;
  /** Puts the edits on top of a newer version. */
  readonly redo: (newer: Pick<FlagDetail, 'version' | 'definition'>) => readonly string[];
}

export function useDraft(flag: Pick<FlagDetail, 'key' | 'version' | 'definition'>): Editing {
  const stored = useSyncExternalStore(subscribe, () => entries.get(flag.key));
  const { version, base, draft } = stored ?? { version: flag.version, base: flag.definition, draft: flag.definition };
  const { key } = flag;

  const set = useCallback(
    (patch: Partial<Draft>) => {
      const before = entries.get(key) ?? { version: flag.version, base: flag.definition, draft: flag.definition };
      const next = { ...before, draft: { ...before.draft, ...patch } };
      put(key, sameDefinition(next.draft, next.base) ? undefined : next);
    },
    [key, flag.version, flag.definition]
  );
  const discard = useCallback(() => put(key, undefined), [key]);
  const redo = (newer: Pick<FlagDetail, 'version' | 'definition'>): readonly string[] => {
    const { definition, contested } = redoOnTop(base, draft, newer.definition);
    put(key, { version: newer.version, base: newer.definition, draft: definition });
    return contested;
  };
  return { draft, base, version, isDirty: stored !== undefined, set, discard, redo };
}
