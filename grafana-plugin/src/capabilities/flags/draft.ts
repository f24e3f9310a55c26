// A flag while it is edited: what the editor holds, how lists in it change, and what is wrong with it where.
import { flagDefinition, type FlagDefinition } from '@admin-center/contracts/flags-definition';
import type { FieldError } from '../../platform/api-error.ts';
import { complaint } from '../../platform/complaints.ts';

/** As the contract has it, except that a half-typed number is NaN and a half-typed object undefined until it can be read. */
export type Draft = FlagDefinition;
export type Variant = Draft['variants'][number];
export type Segment = Draft['segments'][number];
export type Condition = Segment['conditions'][number];
export type UserList = Draft['users'][number];
export type TierRule = Draft['tiers'][number];
export type Serve = Segment['serve'];
export type Split = Serve['split'];

export const replacedAt = <T>(list: readonly T[], index: number, item: T): T[] => list.map((each, position) => (position === index ? item : each));
export const withoutAt = <T>(list: readonly T[], index: number): T[] => list.filter((_, position) => position !== index);

/** The list with one item moved; positions outside of it leave it as it is. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) {
    return [...list];
  }
  const rest = withoutAt(list, from);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}

/** `segment-3`: the first number that no rule of the flag has; ids stay with their rule, so evaluations can name it. */
export function freeId(prefix: string, { users, segments, tiers }: Pick<Draft, 'users' | 'segments' | 'tiers'>): string {
  const taken = new Set([...users, ...segments, ...tiers].map(({ id }) => id));
  let number = 1;
  while (taken.has(`${prefix}-${number}`)) {
    number += 1;
  }
  return `${prefix}-${number}`;
}

/** A new rule serves the variant an admin most likely wants: the first that is not the default. */
export const interestingVariant = ({ variants, defaultVariant }: Pick<Draft, 'variants' | 'defaultVariant'>): string =>
  variants.find(({ key }) => key !== defaultVariant)?.key ?? defaultVariant;

export const everyone = (variant: string): Serve => ({ percentage: 100, split: [{ variant, weight: 1 }] });

/** Every mention of a variant takes its new name, so that renaming one breaks no rule. */
export function renamedVariant(draft: Draft, from: string, to: string): Draft {
  const name = (variant: string): string => (variant === from ? to : variant);
  const split = (list: Split): Split => list.map((part) => ({ ...part, variant: name(part.variant) }));
  const serve = (each: Serve): Serve => ({ ...each, split: split(each.split) });
  return {
    ...draft,
    variants: draft.variants.map((variant) => ({ ...variant, key: name(variant.key) })),
    offVariant: name(draft.offVariant),
    defaultVariant: name(draft.defaultVariant),
    users: draft.users.map((list) => ({ ...list, variant: name(list.variant) })),
    segments: draft.segments.map((segment) => ({ ...segment, serve: serve(segment.serve) })),
    tiers: draft.tiers.map((rule) => ({ ...rule, serve: serve(rule.serve) })),
    rollout: draft.rollout && serve(draft.rollout),
    ramp: draft.ramp && { ...draft.ramp, variant: name(draft.ramp.variant) },
    experiment: draft.experiment && { ...draft.experiment, weights: split(draft.experiment.weights) },
  };
}

export interface Problems {
  /** The complaint about exactly this field, e.g. `segments.0.serve.percentage`. */
  readonly at: (path: string) => string | undefined;
  /** Complaints about this field or anything in it. */
  readonly within: (path: string) => readonly string[];
  readonly count: number;
}

export function problemsOf(errors: readonly FieldError[]): Problems {
  return {
    at: (path) => errors.find((error) => error.path === path)?.message,
    within: (path) => errors.filter((error) => error.path === path || error.path.startsWith(`${path}.`)).map(({ message }) => message),
    count: errors.length,
  };
}

/** What the contract says is wrong, as one types. */
export function judge(draft: Draft): { readonly definition: FlagDefinition | undefined; readonly problems: Problems } {
  const parsed = flagDefinition.safeParse(draft, { error: complaint });
  return { definition: parsed.data, problems: problemsOf((parsed.error?.issues ?? []).map(({ path, message }) => ({ path: path.join('.'), message }))) };
}

export const sameDefinition = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
