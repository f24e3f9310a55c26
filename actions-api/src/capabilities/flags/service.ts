// How a flag is changed: the version it was made from, what the change makes of it, whom that touches, and whether
// another admin has to approve it. Preview and change go the same way.
import { randomUUID } from 'node:crypto';
import { blastRadius } from '@admin-center/contracts/fields';
import type { FlagChange, FlagDetail, FlagPreview } from '@admin-center/contracts/flags';
import type { ResponseOf } from '@admin-center/contracts/capability';
import type { flags } from '@admin-center/contracts/flags';
import { requireApproval } from '../../platform/approvals.ts';
import type { Work, WriteContract } from '../../platform/audited.ts';
import { requireSamePreview } from '../../platform/blast-radius.ts';
import type { RequestContext } from '../../platform/context.ts';
import { type Database, type Queryable, readSnapshot, type Tx } from '../../platform/database.ts';
import { conflict, notFound } from '../../platform/errors.ts';
import type { Services } from '../../platform/services.ts';
import { readSlo } from '../../platform/slo.ts';
import { nextOf } from './changes.ts';
import { readDetail } from './detail.ts';
import { same } from './diff.ts';
import { type Draft, previewOf } from './preview.ts';
import { type Edit, findFlag, insertFlag, lockFlags, type NextFlag, readFlags, type StoredFlag, writeFlag } from './store.ts';
import { diffSince } from './versions.ts';

type Parts = Pick<Services, 'config' | 'clock'>;
export type Written = ResponseOf<(typeof flags)['endpoints']['update']>;

export interface ChangeRequest {
  readonly reason: string;
  readonly previewToken?: string | undefined;
  /** Of the flag the change was made from; a creation has none. */
  readonly version?: number;
}

const CHANGES = { create: 'create', update: 'update', state: 'state', revert: 'revert', experiment: 'experiment' } as const satisfies Record<FlagChange['kind'], Edit['change']>;

/** For each statement of a preview; everybody is read in many. */
export const PREVIEW_MS = 8_000;

/** Of one moment: the flag, those it depends on, and everybody. @throws AppError where the change would be refused */
export async function previewChange(database: Database, parts: Parts, key: string, change: FlagChange | null): Promise<FlagPreview> {
  const [{ preview }, slo] = await Promise.all([
    readSnapshot(database, PREVIEW_MS, async (tx) => previewOf(tx, parts.config, await draftOf(tx, key, await findFlag(tx, key), change), parts.clock())),
    readSlo(parts.config),
  ]);
  return { ...preview, slo };
}

async function draftOf(database: Queryable, key: string, current: StoredFlag | null, change: FlagChange | null): Promise<Draft> {
  const all = await readFlags(database);
  const next = change === null ? asItStands(current) : await nextOf(database, key, current, all, change);
  return { key, salt: current?.salt ?? randomUUID(), current, next, all };
}

/** @throws AppError 404 */
function asItStands(current: StoredFlag | null): NextFlag {
  if (current === null) {
    throw notFound('flag');
  }
  const { state, definition, experimentState } = current;
  return { state, definition, experimentState };
}

type FlagWork = Work<StoredFlag | null, FlagDetail, Written>;

export const changeFlag = (parts: Parts, context: RequestContext<WriteContract>, key: string, change: FlagChange, request: ChangeRequest): FlagWork => ({
  reason: request.reason,
  async read(tx) {
    await lockFlags(tx);
    return findFlag(tx, key);
  },
  async run(tx, before) {
    await requireVersion(tx, key, before, request.version);
    const draft = await draftOf(tx, key, before, change);
    // To preview what is so already is no mistake: an editor asks while its own save is on the way.
    if (before !== null && same(draft.next, asItStands(before))) {
      throw conflict('nothing_changed', 'The flag is like that already.');
    }
    const { preview, fingerprint } = await previewOf(tx, parts.config, draft, parts.clock());
    requireSamePreview(preview, request.previewToken);
    if (preview.approval === 'needed') {
      await requireApproval(tx, context, { action: context.contract.audit, target: { type: 'flag', id: key }, fingerprint, summary: sentenceOf(key, change), radius: blastRadius.parse(preview) });
    }
    const edit: Edit = { change: CHANGES[change.kind], actor: context.actor, reason: request.reason, ...(change.kind === 'revert' ? { revertedTo: change.to } : {}) };
    if (before === null) {
      await insertFlag(tx, key, draft.salt, draft.next, edit);
    } else {
      await writeFlag(tx, before, draft.next, edit);
    }
    return readDetail(tx, key);
  },
  keep: ({ before, after }) => ({ before: keptOf(before), after: keptOf(after) }),
  respond: ({ result: flag }, auditSequence) => ({ flag, auditSequence, message: `${doneOf(key, change)} It is version ${flag.version} now.` }),
});

/** What an audit entry keeps of a flag. */
export const keptOf = (flag: StoredFlag | null): Record<string, unknown> | null =>
  flag === null ? null : { version: flag.version, state: flag.state, experiment: flag.experimentState, definition: flag.definition };

/** @throws AppError 404, or 409 with the present flag and what has changed since the version that was edited */
export async function requireVersion(tx: Tx, key: string, flag: StoredFlag | null, version: number | undefined): Promise<void> {
  if (version === undefined) {
    return;
  }
  if (flag === null) {
    throw notFound('flag');
  }
  if (flag.version !== version) {
    throw conflict('version_conflict', `Somebody changed the flag since you looked at it: it is version ${flag.version} now, yours is ${version}.`, {
      current: await readDetail(tx, key),
      diff: await diffSince(tx, key, version),
    });
  }
}

function sentenceOf(key: string, change: FlagChange): string {
  switch (change.kind) {
    case 'create': return `Create the flag ${key}.`;
    case 'update': return `Change the rules of the flag ${key}.`;
    case 'state': return change.state === 'killed' ? `Kill the flag ${key} for everyone.` : `Turn the flag ${key} to "${change.state}".`;
    case 'revert': return `Take the flag ${key} back to version ${change.to}.`;
    case 'experiment': return `${change.running ? 'Start' : 'Stop'} the experiment on the flag ${key}.`;
  }
}

function doneOf(key: string, change: FlagChange): string {
  switch (change.kind) {
    case 'create': return `${key} is created and off.`;
    case 'update': return `${key} is changed.`;
    case 'state': return `${key} is ${change.state}.`;
    case 'revert': return `${key} is back at version ${change.to}.`;
    case 'experiment': return `The experiment on ${key} ${change.running ? 'runs' : 'is stopped'}.`;
  }
}
