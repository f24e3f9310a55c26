// The blast radius of a change of a flag (M9): who is served another variant, what is to be known before, and the token
// that ties the change to what was shown.
import type { FlagPreview } from '@admin-center/contracts/flags';
import type { Config } from '../../config.ts';
import { approvalFor, previewToken } from '../../platform/blast-radius.ts';
import type { Tx } from '../../platform/database.ts';
import { dependentsOf } from './check.ts';
import { diff, same } from './diff.ts';
import { type Effect, evaluateEverybody, neededBy, versionsOf } from './effect.ts';
import { unknownAttributes } from './population.ts';
import type { NextFlag, StoredFlag } from './store.ts';

export interface Draft {
  readonly key: string;
  readonly salt: string;
  readonly current: StoredFlag | null;
  readonly next: NextFlag;
  /** Every flag, this one with them. */
  readonly all: readonly StoredFlag[];
}

export interface Preview {
  readonly preview: FlagPreview;
  /** What an approval is of: the change itself. Users who sign up while somebody decides do not void it. */
  readonly fingerprint: string;
}

export async function previewOf(tx: Tx, { APPROVAL_USER_THRESHOLD }: Pick<Config, 'APPROVAL_USER_THRESHOLD'>, draft: Draft, at: Date): Promise<Preview> {
  const { key, current, next, all } = draft;
  const seen = await evaluateEverybody(tx, draft, at);
  const dependents = dependentsOf(key, all);
  const fingerprint = previewToken([key, current?.version ?? 0, next, versionsOf(neededBy(draft))]);
  const approval = approvalFor(seen.touched, APPROVAL_USER_THRESHOLD);
  // Neither an emergency nor an approval must fail because somebody signed up meanwhile; pages find the approval by the token.
  const token = next.state === 'killed' || approval === 'needed' ? fingerprint : previewToken([fingerprint, seen.moves, seen.digest]);
  const unknown = unknownAttributes(next.definition);
  const preview: FlagPreview = {
    ...seen.touched,
    sessions: 0,
    experiments: [...all.filter((flag) => (flag.key === key || dependents.includes(flag.key)) && flag.experimentState === 'running').map((flag) => flag.key), ...(next.experimentState === 'running' && current?.experimentState !== 'running' ? [key] : [])],
    slo: null,
    approval,
    warnings: warningsOf(draft, seen, dependents, unknown),
    token,
    evaluated: seen.evaluated,
    before: seen.before,
    after: seen.after,
    whenOn: seen.whenOn,
    moves: seen.moves,
    unknownAttributes: unknown,
    diff: diff(current === null ? null : { state: current.state, experiment: current.experimentState, definition: current.definition }, { state: next.state, experiment: next.experimentState, definition: next.definition }),
  };
  return { preview, fingerprint };
}

function warningsOf({ current, next }: Draft, { later, revalued }: Effect, dependents: readonly string[], unknown: readonly string[]): string[] {
  const { definition } = next;
  return [
    ...(next.state !== 'on' && current?.state !== 'on' && next.state === (current?.state ?? 'off') && !same(definition, current?.definition) ? [`The flag is ${next.state}, so this has no effect until it is turned on.`] : []),
    ...revalued.map(({ variant, users }) => `The variant ${variant} gets another value, which changes what it serves to ${usersOf(users)}.`),
    ...later.map(({ at, users }) => `By the schedule, from ${at.toISOString()} on, something else than otherwise is served to ${usersOf(users)}.`),
    ...(dependents.length > 0 ? [`Other flags depend on this one and may change with it: ${dependents.join(', ')}.`] : []),
    ...(unknown.length > 0 ? [`Only the host knows these attributes, so nobody is counted as matching them here: ${unknown.join(', ')}.`] : []),
    ...(current?.experimentState === 'running' && JSON.stringify(current.definition.rollout) !== JSON.stringify(definition.rollout) ? ['An experiment runs on this flag; users outside of it are moved.'] : []),
    ...(current !== null && current.definition.public !== definition.public && definition.public ? ['Client keys, which anybody can read, will see this flag\'s variants.'] : []),
  ];
}

const usersOf = (users: number): string => `${users} ${users === 1 ? 'user' : 'users'}`;
