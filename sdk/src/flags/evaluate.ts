// Which variant somebody is served, and by which rule: state, schedule, prerequisites, user lists, segments, tiers,
// experiment, rollout, default. Pure: the same policy, context and time give the same answer in any process.
import { BUCKETS, bucketOf, bucketsOf, SEEDS } from './bucket.ts';
import { fits } from './conditions.ts';
import type { Evaluation, FlagContext, FlagErrorCode, FlagExperiment, FlagPolicy, FlagReason, FlagServe, FlagSplit, PolicyFlag, TraceStep } from './types.ts';

export interface EvaluateOptions {
  /** Milliseconds since 1970; schedules are judged by it. */
  readonly at?: number;
  /** Told each rule that was looked at, in order. */
  readonly trace?: (step: TraceStep) => void;
}

/** Prerequisites of prerequisites; the Admin Center refuses cycles, this only ends one in a broken policy. */
const DEEPEST = 10;
const { hasOwn } = Object;

export const evaluate = (policy: FlagPolicy, key: string, context: FlagContext, options: EvaluateOptions = {}): Evaluation =>
  evaluateAt(policy, key, context, { at: options.at ?? Date.now(), trace: options.trace ?? null }, 0);

/** Every flag the policy has, by key. */
export const evaluateAll = (policy: FlagPolicy, context: FlagContext, options: EvaluateOptions = {}): Map<string, Evaluation> =>
  new Map(Object.keys(policy.flags).map((key) => [key, evaluate(policy, key, context, options)]));

interface Options {
  readonly at: number;
  readonly trace: NonNullable<EvaluateOptions['trace']> | null;
}

function evaluateAt(policy: FlagPolicy, key: string, context: FlagContext, options: Options, depth: number): Evaluation {
  const flag = hasOwn(policy.flags, key) ? policy.flags[key] : undefined;
  if (flag === undefined) {
    return failure('FLAG_NOT_FOUND', `There is no flag "${key}".`);
  }
  if (depth > DEEPEST) {
    return failure('GENERAL', 'The prerequisites of this flag go round in a circle.');
  }
  const served = (variant: string, reason: FlagReason, ruleId: string): Evaluation => ({ value: flag.variants[variant], variant, reason, ruleId });
  const look: Look = (step, matched, text) => {
    options.trace?.({ step, matched, text: text() });
    return matched;
  };

  if (look('state', flag.state !== 'on', () => `The flag is ${flag.state}.`)) {
    return served(flag.offVariant, 'DISABLED', flag.state);
  }
  if (!isWithin(flag, options.at) && look('schedule', true, () => 'The schedule does not hold now.')) {
    return served(flag.offVariant, 'DISABLED', 'schedule');
  }
  for (const needed of flag.prerequisites) {
    const { variant } = evaluateAt(policy, needed.flag, context, { ...options, trace: null }, depth + 1);
    const holds = variant !== null && needed.variants.includes(variant);
    look(`prerequisite:${needed.flag}`, !holds, () => `${needed.flag} serves ${variant ?? 'nothing'}; needed is ${needed.variants.join(' or ')}.`);
    if (!holds) {
      return served(flag.offVariant, 'DISABLED', `prerequisite:${needed.flag}`);
    }
  }
  return applyRules(flag, context, look, served);
}

/** Says what was looked at; the words are only made for who listens. */
type Look = (step: string, matched: boolean, text: () => string) => boolean;
type Served = (variant: string, reason: FlagReason, ruleId: string) => Evaluation;

function applyRules(flag: PolicyFlag, context: FlagContext, look: Look, served: Served): Evaluation {
  const { salt, rollout } = flag;
  const key = typeof context.targetingKey === 'string' && context.targetingKey !== '' ? context.targetingKey : null;
  for (const list of flag.users) {
    if (look(`users:${list.id}`, key !== null && setOf(list.users).has(key), () => 'A list of users.')) {
      return served(list.variant, 'TARGETING_MATCH', `users:${list.id}`);
    }
  }
  for (const rule of targetedOf(flag)) {
    const { id, serve } = rule;
    const matches = rule.matches(context);
    if (!look(id, matches, () => (matches ? 'The conditions hold.' : 'The conditions do not hold.'))) {
      continue;
    }
    const variant = variantOf(serve, salt, key);
    if (variant === MISSING_KEY) {
      return missingKey();
    }
    if (look(`${id}:share`, variant !== null, () => shareText(serve, salt, key))) {
      return served(variant as string, isWhole(serve) ? 'TARGETING_MATCH' : 'SPLIT', id);
    }
  }
  const taken = flag.experiment === null ? null : takePart(flag, flag.experiment, key, look, served);
  if (taken !== null) {
    return taken;
  }
  if (rollout !== null) {
    const variant = variantOf(rollout, salt, key);
    if (variant === MISSING_KEY) {
      return missingKey();
    }
    if (look('rollout', variant !== null, () => shareText(rollout, salt, key))) {
      return served(variant as string, isWhole(rollout) ? 'STATIC' : 'SPLIT', 'rollout');
    }
  }
  look('default', true, () => 'No rule fits.');
  return served(flag.defaultVariant, hasRules(flag) ? 'DEFAULT' : 'STATIC', 'default');
}

/** Null: the experiment takes other users. */
function takePart({ salt, defaultVariant }: PolicyFlag, { weights, holdOut, exclusionGroup: group }: FlagExperiment, key: string | null, look: Look, served: Served): Evaluation | null {
  if (key === null) {
    return missingKey();
  }
  if (look('experiment:hold-out', bucketOf(salt, key, SEEDS.holdOut) < bucketsOf(holdOut), () => `${holdOut}% of the users never take part.`)) {
    return served(defaultVariant, 'SPLIT', 'experiment:hold-out');
  }
  const place = group === null ? 0 : bucketOf(group.name, key, SEEDS.group);
  const isMine = group === null || (place >= bucketsOf(group.from) && place < bucketsOf(group.to));
  look('experiment', isMine, () => (group === null ? 'The experiment takes everybody else.' : `It takes ${group.from} to ${group.to}% of the group ${group.name}.`));
  return isMine ? served(pick(weights, salt, key), 'SPLIT', 'experiment') : null;
}

interface Targeted {
  readonly id: string;
  readonly serve: FlagServe;
  matches(context: FlagContext): boolean;
}

/** Segments and tiers as one list; a policy is never changed in place, so it is made once per flag. */
const targetedOf = cached((flag: PolicyFlag): readonly Targeted[] => [
  ...flag.segments.map(({ id, conditions, serve }) => ({ id: `segment:${id}`, serve, matches: (context: FlagContext) => conditions.every((condition) => fits(condition, context)) })),
  ...flag.tiers.map(({ id, tier, serve }) => ({ id: `tier:${id}`, serve, matches: (context: FlagContext) => context['tier'] === tier })),
]);

const MISSING_KEY: unique symbol = Symbol('missing key');

/** Null: outside of the percentage. The key is only needed where it decides something. */
function variantOf(serve: FlagServe, salt: string, key: string | null): string | null | typeof MISSING_KEY {
  const buckets = bucketsOf(serve.percentage);
  if (buckets === 0) {
    return null;
  }
  const only = onlyVariant(serve.split);
  if (key === null) {
    return buckets === BUCKETS && only !== null ? only : MISSING_KEY;
  }
  if (buckets < BUCKETS && bucketOf(salt, key) >= buckets) {
    return null;
  }
  return only ?? pick(serve.split, salt, key);
}

/** By another draw than the percentage's, so that who is in stays with their variant while it rises. */
function pick(split: FlagSplit, salt: string, key: string): string {
  const total = totalOf(split);
  const drawn = (bucketOf(salt, key, SEEDS.variant) * total) / BUCKETS;
  let reached = 0;
  for (const { variant, weight } of split) {
    reached += weight;
    if (drawn < reached) {
      return variant;
    }
  }
  return (split.at(-1) as FlagSplit[number]).variant;
}

const totalOf = cached((split: FlagSplit): number => split.reduce((sum, { weight }) => sum + weight, 0));

/** The one variant that has a weight; null when several do. */
const onlyVariant = cached((split: FlagSplit): string | null => {
  const [first, second] = split.length === 1 ? split : split.filter(({ weight }) => weight > 0);
  return first !== undefined && second === undefined ? first.variant : null;
});

const isWhole = ({ percentage, split }: FlagServe): boolean => bucketsOf(percentage) === BUCKETS && onlyVariant(split) !== null;
const hasRules = ({ users, segments, tiers, experiment, rollout }: PolicyFlag): boolean => users.length + segments.length + tiers.length > 0 || experiment !== null || rollout !== null;

const isWithin = ({ schedule: { from, until } }: PolicyFlag, at: number): boolean => (from === null || at >= Date.parse(from)) && (until === null || at < Date.parse(until));

const shareText = ({ percentage }: FlagServe, salt: string, key: string | null): string =>
  key === null ? `${percentage}%.` : `${percentage}% serves buckets below ${bucketsOf(percentage)}; this key is in ${bucketOf(salt, key)}.`;

const failure = (errorCode: FlagErrorCode, errorMessage: string): Evaluation => ({ value: undefined, variant: null, reason: 'ERROR', ruleId: null, errorCode, errorMessage });
const missingKey = (): Evaluation => failure('TARGETING_KEY_MISSING', 'This flag is served to a share of the users, so the context needs a targetingKey.');

const setOf = cached((users: readonly string[]): ReadonlySet<string> => new Set(users));

/** Kept as long as the part of the policy it was made from. */
function cached<Part extends object, Made>(make: (part: Part) => Made): (part: Part) => Made {
  const made = new WeakMap<Part, { readonly made: Made }>();
  return (part) => {
    let known = made.get(part);
    if (known === undefined) {
      known = { made: make(part) };
      made.set(part, known);
    }
    return known.made;
  };
}
