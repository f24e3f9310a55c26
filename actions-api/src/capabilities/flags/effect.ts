// What a change of a flag does to every user of the directory: old and new rules, evaluated by the evaluator that hosts
// use, at the time of the change and whenever a schedule begins or ends after it.
import type { Tier } from '@admin-center/contracts/capability';
import type { FlagPreview } from '@admin-center/contracts/flags';
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';
import { evaluate } from '@cloudtolocalllm/admin-center-sdk/flags';
import { murmur3 } from '@cloudtolocalllm/admin-center-sdk/flags/bucket';
import type { FlagPolicy } from '@cloudtolocalllm/admin-center-sdk/flags/types';
import { createTally, type Revenue, type Touched } from '../../platform/blast-radius.ts';
import type { Tx } from '../../platform/database.ts';
import { policyOf, type Served } from './compile.ts';
import { same } from './diff.ts';
import { attributesIn, type Citizen, readEmails, readPopulation } from './population.ts';
import type { Draft } from './preview.ts';
import type { StoredFlag } from './store.ts';

const SAMPLE = 5;
const NO_REVENUE: readonly Revenue[] = [];

export interface Effect {
  readonly evaluated: number;
  /** Users whose variant or its value changes, now or by a schedule. */
  readonly touched: Touched;
  /** Tells one set of these users from another. */
  readonly digest: string;
  readonly before: FlagPreview['before'];
  readonly after: FlagPreview['after'];
  readonly whenOn: FlagPreview['whenOn'];
  readonly moves: FlagPreview['moves'];
  /** How many are served another variant from the beginnings and ends of schedules on; none where that is nobody. */
  readonly later: readonly { readonly at: Date; readonly users: number }[];
  /** How many keep a variant whose value changes. */
  readonly revalued: readonly { readonly variant: string; readonly users: number }[];
}

/** @param at when the change is made */
export async function evaluateEverybody(tx: Tx, draft: Draft, at: Date): Promise<Effect> {
  const { key, salt, current, next, all } = draft;
  const others = all.filter((flag) => flag.key !== key);
  const definitions = [...(current === null ? [] : [current.definition]), next.definition, ...neededBy(draft).map(({ definition }) => definition)];
  const old = policyOf(all);
  const policyWith = (state: Served['state']): FlagPolicy => policyOf([...others, { key, salt, ...next, state }]);
  const changedTo = policyWith(next.state);
  const turnedOn = next.state === 'on' ? null : policyWith('on');
  const variantIn = (policy: FlagPolicy, { context }: Citizen, time: number): string | null => evaluate(policy, key, context, { at: time }).variant;
  const revalued = new Map(revaluedIn(draft).map((variant) => [variant, { variant, users: 0 }]));
  // Before it is made and in the archive nobody asks for a flag, and coming from there it starts with its off variant.
  const isTouched = (from: string | null, to: string | null): boolean =>
    to !== null && (from === to ? revalued.has(to) : from !== null || to !== next.definition.offVariant);
  const now = at.getTime();
  const later = edgesOf(definitions, now).map((time) => ({ at: new Date(time), users: 0 }));
  const [before, after, whenOn] = [createCount(), createCount(), createCount()];
  const moves = new Map<string, { readonly from: string | null; readonly to: string | null; users: number }>();
  const tally = createTally();
  // Sums do not ask for an order.
  const digest = [0, 0];
  let evaluated = 0;
  for await (const page of readPopulation(tx, attributesIn(definitions))) {
    evaluated += page.length;
    for (const citizen of page) {
      const from = variantIn(old, citizen, now);
      const to = variantIn(changedTo, citizen, now);
      before.add(from, citizen);
      after.add(to, citizen);
      if (turnedOn !== null) {
        whenOn.add(variantIn(turnedOn, citizen, now), citizen);
      }
      let touched = isTouched(from, to);
      for (const edge of later) {
        if (isTouched(variantIn(old, citizen, edge.at.getTime()), variantIn(changedTo, citizen, edge.at.getTime()))) {
          edge.users += 1;
          touched = true;
        }
      }
      if (touched) {
        tally.add(citizen.tier, citizen.revenue ?? NO_REVENUE);
        digest.forEach((sum, seed) => (digest[seed] = sum + murmur3(citizen.id, seed)));
      }
      if (from !== to) {
        countMove(moves, from, to);
      } else if (to !== null && revalued.size > 0) {
        const count = revalued.get(to);
        if (count !== undefined) {
          count.users += 1;
        }
      }
    }
  }
  const emails = await readEmails(tx, [...after.sampled(), ...whenOn.sampled()]);
  return {
    evaluated,
    touched: tally.touched(),
    digest: digest.join(' '),
    before: before.shares(emails).map(({ variant, users }) => ({ variant, users })),
    after: after.shares(emails),
    whenOn: turnedOn === null ? null : whenOn.shares(emails),
    moves: [...moves.values()].toSorted((a, b) => b.users - a.users),
    later: later.filter(({ users }) => users > 0),
    revalued: [...revalued.values()].filter(({ users }) => users > 0),
  };
}

/** Variants that keep their name and mean something else. */
const revaluedIn = ({ current, next }: Draft): string[] =>
  next.definition.variants.filter(({ key, value }) => current?.definition.variants.some((before) => before.key === key && !same(before.value, value)) === true).map(({ key }) => key);

/** The flags that this one depends on, before and after the change, directly or by way of others. */
export function neededBy({ key, current, next, all }: Draft): StoredFlag[] {
  const found = new Set<StoredFlag>();
  const look = (definition: FlagDefinition): void => {
    for (const other of all.filter((flag) => flag.key !== key && definition.prerequisites.some((needed) => needed.flag === flag.key) && !found.has(flag))) {
      found.add(other);
      look(other.definition);
    }
  };
  [...(current === null ? [] : [current.definition]), next.definition].forEach(look);
  return [...found];
}

/** What else decides whom the change touches: an approval of it is none once one of these is another. */
export const versionsOf = (flags: readonly StoredFlag[]): (readonly [string, number])[] => flags.map(({ key, version }) => [key, version] as const);

/** When schedules begin and end after a time, in milliseconds. */
const edgesOf = (definitions: readonly FlagDefinition[], now: number): number[] =>
  [...new Set(definitions.flatMap(({ schedule: { from, until } }) => [from, until].flatMap((edge) => (edge === null ? [] : [Date.parse(edge)]))))].filter((edge) => edge > now).toSorted((a, b) => a - b);

function countMove(moves: Map<string, { readonly from: string | null; readonly to: string | null; users: number }>, from: string | null, to: string | null): void {
  const name = `${from} ${to}`;
  const move = moves.get(name);
  if (move === undefined) {
    moves.set(name, { from, to, users: 1 });
  } else {
    move.users += 1;
  }
}

function createCount() {
  const counts = new Map<string, { users: number; readonly sample: { readonly id: string; readonly tier: Tier }[] }>();
  return {
    /** Nobody counts for a flag that is not served. */
    add(variant: string | null, { id, tier }: Citizen): void {
      if (variant === null) {
        return;
      }
      const count = counts.get(variant) ?? { users: 0, sample: [] };
      counts.set(variant, count);
      count.users += 1;
      if (count.sample.length < SAMPLE) {
        count.sample.push({ id, tier });
      }
    },
    sampled: (): string[] => [...counts.values()].flatMap(({ sample }) => sample.map(({ id }) => id)),
    shares: (emails: ReadonlyMap<string, string>) =>
      [...counts]
        .map(([variant, { users, sample }]) => ({ variant, users, sample: sample.map((user) => ({ ...user, email: emails.get(user.id) ?? '' })) }))
        .toSorted((a, b) => b.users - a.users || (a.variant < b.variant ? -1 : 1)),
  };
}
