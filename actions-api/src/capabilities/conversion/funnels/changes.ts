// How a funnel is made, changed, archived and deleted: the version it was changed from, and what the preview showed.
import type { ResponseOf } from '@admin-center/contracts/capability';
import type { conversion } from '@admin-center/contracts/conversion';
import type { Funnel, FunnelChange, FunnelDefinition } from '@admin-center/contracts/conversion-funnels';
import type { Work } from '../../../platform/audited.ts';
import { requireSamePreview } from '../../../platform/blast-radius.ts';
import type { Actor } from '../../../platform/context.ts';
import { conflict, notFound } from '../../../platform/errors.ts';
import { needsRebuild, previewChange } from './preview.ts';
import { deleteFunnel, insertFunnel, lockFunnel, readFunnel, shown, type StoredFunnel, writeFunnel } from './store.ts';

type Written = ResponseOf<(typeof conversion)['endpoints']['updateFunnel']>;
type Deleted = ResponseOf<(typeof conversion)['endpoints']['deleteFunnel']>;
type FunnelWork<Body> = Work<StoredFunnel | null, Funnel | null, Body>;

export interface ChangeRequest {
  readonly reason: string;
  readonly version: number;
  readonly previewToken?: string | undefined;
}

/** What an audit entry keeps of a funnel. */
const keptOf = (funnel: StoredFunnel | null) => (funnel === null ? null : { version: funnel.version, state: funnel.state, definition: funnel.definition });

export const createFunnel = (key: string, definition: FunnelDefinition, reason: string, actor: Actor): FunnelWork<Written> => ({
  reason,
  read: (tx) => lockFunnel(tx, key),
  async run(tx, before) {
    if (before !== null) {
      throw conflict('key_taken', `There is a funnel "${key}"${before.state === 'archived' ? ' in the archive' : ''} already.`);
    }
    await insertFunnel(tx, key, definition, { change: 'create', actor, reason });
    return shown(await readFunnel(tx, key));
  },
  keep: ({ before, after }) => ({ before: keptOf(before), after: keptOf(after) }),
  respond: ({ result }, auditSequence) => ({ funnel: result as Funnel, auditSequence, message: `${definition.name} is made. Its past is being worked out.` }),
});

const DONE = { update: 'is changed', archive: 'is in the archive', restore: 'is back' } as const;

/** @throws AppError 404, or 409 with the present funnel */
function requireVersion(funnel: StoredFunnel | null, version: number): asserts funnel is StoredFunnel {
  if (funnel === null) {
    throw notFound('funnel');
  }
  if (funnel.version !== version) {
    throw conflict('version_conflict', `Somebody changed the funnel since you looked at it: it is version ${funnel.version} now, yours is ${version}.`, { current: shown(funnel) });
  }
}

export const changeFunnel = (key: string, change: Exclude<FunnelChange, { kind: 'delete' }>, { reason, version, previewToken }: ChangeRequest, actor: Actor): FunnelWork<Written> => ({
  reason,
  read: (tx) => lockFunnel(tx, key),
  async run(tx, before) {
    requireVersion(before, version);
    requireSamePreview(await previewChange(tx, before, change), previewToken);
    const definition = change.kind === 'update' ? change.definition : before.definition;
    const rebuild = change.kind !== 'update' || needsRebuild(before.definition, definition);
    await writeFunnel(tx, key, { state: change.kind === 'archive' ? 'archived' : 'active', definition }, rebuild, { change: change.kind, actor, reason });
    return shown(await readFunnel(tx, key));
  },
  keep: ({ before, after }) => ({ before: keptOf(before), after: keptOf(after) }),
  respond: ({ result }, auditSequence) => ({ funnel: result as Funnel, auditSequence, message: `${result?.definition.name} ${DONE[change.kind]}. It is version ${result?.version} now.` }),
});

export const removeFunnel = (key: string, { reason, version, previewToken }: ChangeRequest): FunnelWork<Deleted> => ({
  reason,
  read: (tx) => lockFunnel(tx, key),
  async run(tx, before) {
    requireVersion(before, version);
    requireSamePreview(await previewChange(tx, before, { kind: 'delete' }), previewToken);
    await deleteFunnel(tx, key);
    return null;
  },
  keep: ({ before }) => ({ before: keptOf(before), after: null }),
  respond: (_, auditSequence) => ({ auditSequence, message: `The funnel ${key} is deleted.` }),
});
