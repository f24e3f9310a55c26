// The rules of a flag as sentences, so that a difference between two versions reads as what it means.
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';
import { formatShare, plural } from '../../platform/format.ts';
import type { Condition, Segment, Serve, Split, TierRule, UserList, Variant } from './draft.ts';

export const OPERATOR_WORDS: Readonly<Record<Condition['operator'], string>> = {
  in: 'is',
  not_in: 'is not',
  contains: 'contains',
  starts_with: 'starts with',
  ends_with: 'ends with',
  less_than: 'is less than',
  at_most: 'is at most',
  greater_than: 'is greater than',
  at_least: 'is at least',
  version_below: 'is a version below',
  version_at_least: 'is at least version',
  before: 'is before',
  after: 'is after',
  exists: 'is known',
  not_exists: 'is not known',
};

const or = new Intl.ListFormat('en', { type: 'disjunction' });
const and = new Intl.ListFormat('en', { type: 'conjunction' });

export const conditionSentence = ({ attribute, operator, values }: Condition): string =>
  [attribute || '…', OPERATOR_WORDS[operator], or.format(values.map(String))].filter((part) => part !== '').join(' ');

/** One variant by its name, several with their shares. */
export function splitSentence(split: Split): string {
  const total = split.reduce((sum, { weight }) => sum + weight, 0);
  const [only] = split;
  if (split.length === 1 && only) {
    return only.variant;
  }
  return and.format(split.map(({ variant, weight }) => `${variant} ${formatShare(weight, total)}`));
}

export const serveSentence = ({ percentage, split }: Serve): string => (percentage === 100 ? splitSentence(split) : `${percentage}% get ${splitSentence(split)}`);

export const variantValue = ({ value }: Pick<Variant, 'value'>): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '…'));
export const userListSentence = ({ users, variant }: UserList): string => `${plural(users.length, 'user')} (${users.slice(0, 5).join(', ')}${users.length > 5 ? ', …' : ''}) → ${variant}`;
export const segmentSentence = ({ conditions, serve }: Segment): string => `${and.format(conditions.map(conditionSentence))} → ${serveSentence(serve)}`;
export const tierSentence = ({ tier, serve }: TierRule): string => `tier ${tier} → ${serveSentence(serve)}`;

/** Rules of a list under their ids, with their place where there are several: order decides. */
const inOrder = <T extends { id: string }>(list: readonly T[], sentence: (item: T) => string): Record<string, string> =>
  Object.fromEntries(list.map((item, index) => [item.id, list.length > 1 ? `${index + 1}. ${sentence(item)}` : sentence(item)]));

/** A definition in words, field by field; two of them are compared by `fieldChanges`. */
export const readable = (definition: FlagDefinition): Record<string, unknown> => ({
  name: definition.name,
  description: definition.description,
  public: definition.public,
  permanent: definition.permanent,
  variant: Object.fromEntries(definition.variants.map((variant) => [variant.key, variantValue(variant)])),
  'when off': definition.offVariant,
  'otherwise': definition.defaultVariant,
  'active from': definition.schedule.from,
  'active until': definition.schedule.until,
  prerequisite: Object.fromEntries(definition.prerequisites.map(({ flag, variants }) => [flag, or.format(variants)])),
  users: inOrder(definition.users, userListSentence),
  segment: inOrder(definition.segments, segmentSentence),
  tier: inOrder(definition.tiers, tierSentence),
  rollout: definition.rollout && serveSentence(definition.rollout),
  guardrail: Object.fromEntries(definition.guardrails.map(({ name, promql, comparison, threshold }) => [name, `${promql} ${comparison} ${threshold}`])),
  ramp: definition.ramp && `${definition.ramp.variant}: ${definition.ramp.steps.map(({ percentage, holdMinutes }) => `${percentage}% for ${holdMinutes} min`).join(', ')}`,
  experiment: definition.experiment && {
    hypothesis: definition.experiment.hypothesis,
    metric: definition.experiment.metric,
    variants: splitSentence(definition.experiment.weights),
    'left out': `${definition.experiment.holdOut}%`,
    size: definition.experiment.plannedN,
    'exclusion group': definition.experiment.exclusionGroup && `${definition.experiment.exclusionGroup.name} ${definition.experiment.exclusionGroup.from}–${definition.experiment.exclusionGroup.to}%`,
    guardrails: definition.experiment.guardrails.join(', '),
  },
});
