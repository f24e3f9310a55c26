// Who is served another variant by a change (M9): old and new rules, evaluated for every user of the directory by the
// evaluator that hosts use.
import { createHash } from 'node:crypto';
import type { FlagPreview } from '@admin-center/contracts/flags';
import { evaluate } from '@cloudtolocalllm/admin-center-sdk/flags';
import type { FlagPolicy } from '@cloudtolocalllm/admin-center-sdk/flags/types';
import type { Config } from '../../config.ts';
import { approvalFor, measure, previewToken } from '../../platform/blast-radius.ts';
import type { Queryable } from '../../platform/database.ts';
import { dependentsOf } from './check.ts';
import { policyOf } from './compile.ts';
import { diff, same } from './diff.ts';
import { type Citizen, readPopulation, unknownAttributes } from './population.ts';
import type { NextFlag, StoredFlag } from './store.ts';

const SAMPLE = 5;

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

export async function previewOf(database: Queryable, { APPROVAL_USER_THRESHOLD }: Pick<Config, 'APPROVAL_USER_THRESHOLD'>, draft: Draft, at: Date): Promise<Preview> {
  const { key, current, next, all } = draft;
  const seen = await evaluateEverybody(database, draft, at.getTime());
  const touched = await measure(database, seen.changed.length === seen.evaluated ? 'everyone' : seen.changed);
  const dependents = dependentsOf(key, all);
  const fingerprint = previewToken([key, current?.version ?? 0, next]);
  const approval = approvalFor(touched, APPROVAL_USER_THRESHOLD);
  // Neither an emergency nor an approval must fail because somebody signed up meanwhile; pages find the approval by the token.
  const token = next.state === 'killed' || approval === 'needed' ? fingerprint : previewToken([fingerprint, seen.moves, createHash('sha256').update(seen.changed.join(' ')).digest('hex')]);
  const unknown = unknownAttributes(next.definition);
  const preview: FlagPreview = {
    ...touched,
    sessions: 0,
    experiments: [...all.filter((flag) => (flag.key === key || dependents.includes(flag.key)) && flag.experimentState === 'running').map((flag) => flag.key), ...(next.experimentState === 'running' && current?.experimentState !== 'running' ? [key] : [])],
    slo: null,
    approval,
    warnings: warningsOf(draft, dependents, unknown),
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

interface Seen {
  readonly evaluated: number;
  /** Ids of the users whose variant changes, in order. */
  readonly changed: readonly string[];
  readonly before: FlagPreview['before'];
  readonly after: FlagPreview['after'];
  readonly whenOn: FlagPreview['whenOn'];
  readonly moves: FlagPreview['moves'];
}

async function evaluateEverybody(database: Queryable, { key, salt, next, all }: Draft, at: number): Promise<Seen> {
  const old = policyOf(all);
  const policyWith = (state: NextFlag['state']): FlagPolicy => policyOf([...all.filter((flag) => flag.key !== key), { key, salt, ...next, state }]);
  const changedTo = policyWith(next.state);
  const turnedOn = next.state === 'on' ? null : policyWith('on');
  const variantIn = (policy: FlagPolicy, citizen: Citizen): string | null => evaluate(policy, key, citizen.context, { at }).variant;
  const changed: string[] = [];
  const before = createCount();
  const after = createCount();
  const whenOn = createCount();
  const moves = new Map<string, { from: string | null; to: string | null; users: number }>();
  let evaluated = 0;
  for await (const citizen of readPopulation(database)) {
    evaluated += 1;
    const from = variantIn(old, citizen);
    const to = variantIn(changedTo, citizen);
    before.add(from, citizen);
    after.add(to, citizen);
    if (turnedOn !== null) {
      whenOn.add(variantIn(turnedOn, citizen), citizen);
    }
    if (from === to) {
      continue;
    }
    // Before it is made and in the archive nobody asks for a flag, and coming from there it starts with its off variant.
    if (to !== null && (from !== null || to !== next.definition.offVariant)) {
      changed.push(citizen.id);
    }
    const name = `${from} ${to}`;
    const move = moves.get(name) ?? { from, to, users: 0 };
    moves.set(name, { ...move, users: move.users + 1 });
  }
  return {
    evaluated,
    changed,
    before: before.shares().map(({ variant, users }) => ({ variant, users })),
    after: after.shares(),
    whenOn: turnedOn === null ? null : whenOn.shares(),
    moves: [...moves.values()].toSorted((a, b) => b.users - a.users),
  };
}

function createCount() {
  const counts = new Map<string, { users: number; readonly sample: { id: string; email: string; tier: Citizen['tier'] }[] }>();
  return {
    /** Nobody counts for a flag that is not served. */
    add(variant: string | null, { id, email, tier }: Citizen): void {
      if (variant === null) {
        return;
      }
      const count = counts.get(variant) ?? { users: 0, sample: [] };
      counts.set(variant, count);
      count.users += 1;
      if (count.sample.length < SAMPLE) {
        count.sample.push({ id, email, tier });
      }
    },
    shares: () => [...counts].map(([variant, count]) => ({ variant, ...count })).toSorted((a, b) => b.users - a.users || (a.variant < b.variant ? -1 : 1)),
  };
}

function warningsOf({ current, next }: Draft, dependents: readonly string[], unknown: readonly string[]): string[] {
  const { definition } = next;
  return [
    ...(next.state !== 'on' && current?.state !== 'on' && next.state === (current?.state ?? 'off') && !same(definition, current?.definition) ? [`The flag is ${next.state}, so this has no effect until it is turned on.`] : []),
    ...(dependents.length > 0 ? [`Other flags depend on this one and may change with it: ${dependents.join(', ')}.`] : []),
    ...(unknown.length > 0 ? [`Only the host knows these attributes, so nobody is counted as matching them here: ${unknown.join(', ')}.`] : []),
    ...(current?.experimentState === 'running' && JSON.stringify(current.definition.rollout) !== JSON.stringify(definition.rollout) ? ['An experiment runs on this flag; users outside of it are moved.'] : []),
    ...(current !== null && current.definition.public !== definition.public && definition.public ? ['Client keys, which anybody can read, will see this flag\'s variants.'] : []),
  ];
}
