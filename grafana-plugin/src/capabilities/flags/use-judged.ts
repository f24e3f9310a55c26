// The draft of a flag as it is judged while one edits: by the contract at once, by the API when typing pauses. The API also
// tells who would get what, so both come from one question.
import { useMemo } from 'react';
import { flags, type FlagDetail, type FlagPreview } from '@admin-center/contracts/flags';
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';
import { useApi, type ApiResult } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { judge, problemsOf, type Problems } from './draft.ts';
import type { Editing } from './draft-store.ts';
import { useDebounced } from './use-debounced.ts';

const PAUSE_MS = 400;
const IN_BODY = /^body\.definition\./;

export interface Judged {
  readonly problems: Problems;
  /** Undefined while the contract refuses the draft. */
  readonly definition: FlagDefinition | undefined;
  readonly preview: ApiResult<FlagPreview>;
  /** The answer is about what was in the editor a moment ago. */
  readonly isBehind: boolean;
}

/** @param allowed whether the reader may preview; asking without the permission would be recorded as an attempt */
export function useJudged(flag: FlagDetail, { draft, isDirty }: Editing, allowed: boolean): Judged {
  const { definition, problems } = useMemo(() => judge(draft), [draft]);
  const asked = useMemo(() => ({ definition, isDirty }), [definition, isDirty]);
  const settled = useDebounced(asked, PAUSE_MS);
  const change = settled.isDirty && settled.definition ? ({ kind: 'update', definition: settled.definition } as const) : null;
  const preview = useApi(flags.endpoints.preview, allowed ? { params: { key: flag.key }, body: { change } } : null);
  // The same question has another answer once the flag is another.
  useReload(preview.reload, flag.version);
  const isBehind = settled !== asked || preview.status === 'loading';
  const refused = isDirty && definition && !isBehind && preview.status === 'failed' ? preview.error.errors : undefined;
  return {
    definition,
    problems: refused && refused.length > 0 ? problemsOf(refused.map(({ path, message }) => ({ path: path.replace(IN_BODY, ''), message }))) : problems,
    preview,
    isBehind,
  };
}

export interface Shares {
  readonly now: FlagPreview['before'];
  /** What the rules in the editor do; null while there is nothing unsaved. */
  readonly edited: FlagPreview['after'] | null;
  /** Both are about the flag as if it were on. */
  readonly onceOn: boolean;
}

/** Which shares to show: of the stored rules alone, or of them beside the edited ones. */
export function sharesOf({ before, after, whenOn }: FlagPreview, isDirty: boolean, state: FlagDetail['state']): Shares {
  if (!isDirty) {
    return state === 'on' ? { now: before, edited: null, onceOn: false } : { now: whenOn ?? after, edited: null, onceOn: true };
  }
  return { now: before, edited: whenOn ?? after, onceOn: whenOn !== null };
}
