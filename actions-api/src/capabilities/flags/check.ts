// What the schema of a definition cannot say: names that must exist, values of the flag's type, and rules between flags.
import { type FlagDefinition, flagPercentage } from '@admin-center/contracts/flags-definition';
import { AppError, conflict, type FieldError } from '../../platform/errors.ts';
import type { Served } from './compile.ts';

/** @throws AppError 422 with one line per field */
export function checkDefinition(key: string, definition: FlagDefinition, others: readonly Served[]): void {
  const errors = [...ownErrors(definition), ...prerequisiteErrors(key, definition, others)];
  if (errors.length > 0) {
    throw new AppError('body_invalid', 422, errors.map(({ path, message }) => `${path}: ${message}`).join(' '), { errors });
  }
}

const at = (path: string, message: string): FieldError => ({ path: `body.definition.${path}`, message });
const duplicates = (names: readonly string[]): string[] => names.filter((name, index) => names.indexOf(name) !== index);

function ownErrors(definition: FlagDefinition): FieldError[] {
  const { type, variants, users, segments, tiers, rollout, experiment, ramp, guardrails, schedule } = definition;
  const keys = new Set(variants.map(({ key }) => key));
  const known = (path: string, variant: string): FieldError[] => (keys.has(variant) ? [] : [at(path, `There is no variant "${variant}".`)]);
  const split = (path: string, parts: readonly { readonly variant: string; readonly weight: number }[]): FieldError[] => [
    ...parts.flatMap(({ variant }, index) => known(`${path}.${index}.variant`, variant)),
    ...duplicates(parts.map(({ variant }) => variant)).map((variant) => at(path, `"${variant}" has more than one weight.`)),
    ...(parts.some(({ weight }) => weight > 0) ? [] : [at(path, 'One of the weights must be above 0.')]),
  ];
  return [
    ...duplicates(variants.map((variant) => variant.key)).map((key) => at('variants', `There are two variants "${key}".`)),
    ...variants.flatMap(({ value }, index) => (typeof value === type ? [] : [at(`variants.${index}.value`, `The flag is of type ${type}; this is a ${typeof value}.`)])),
    ...known('offVariant', definition.offVariant),
    ...known('defaultVariant', definition.defaultVariant),
    ...duplicates([...users, ...segments, ...tiers].map(({ id }) => id)).map((id) => at('users', `Two rules have the id "${id}".`)),
    ...users.flatMap(({ variant }, index) => known(`users.${index}.variant`, variant)),
    ...segments.flatMap(({ serve, conditions }, index) => [
      ...split(`segments.${index}.serve.split`, serve.split),
      ...conditions.flatMap(({ operator, values }, place) => (values.length > 0 || operator === 'exists' || operator === 'not_exists' ? [] : [at(`segments.${index}.conditions.${place}.values`, 'It needs a value to compare with.')])),
    ]),
    ...tiers.flatMap(({ serve }, index) => split(`tiers.${index}.serve.split`, serve.split)),
    ...duplicates(tiers.map(({ tier }) => tier)).map((tier) => at('tiers', `There are two rules for the tier "${tier}".`)),
    ...(rollout === null ? [] : split('rollout.split', rollout.split)),
    ...(schedule.from !== null && schedule.until !== null && Date.parse(schedule.from) >= Date.parse(schedule.until) ? [at('schedule.until', 'It must be after the beginning.')] : []),
    ...duplicates(guardrails.map(({ name }) => name)).map((name) => at('guardrails', `There are two guardrails "${name}".`)),
    ...(experiment === null ? [] : experimentErrors(experiment, guardrails.map(({ name }) => name), split)),
    ...(ramp === null ? [] : rampErrors(ramp, rollout)),
  ];
}

type SplitCheck = (path: string, parts: readonly { readonly variant: string; readonly weight: number }[]) => FieldError[];

function experimentErrors({ weights, holdOut, exclusionGroup, guardrails }: NonNullable<FlagDefinition['experiment']>, known: readonly string[], split: SplitCheck): FieldError[] {
  return [
    ...split('experiment.weights', weights),
    ...(flagPercentage.safeParse(holdOut).success ? [] : [at('experiment.holdOut', 'At most three decimals.')]),
    ...(weights.filter(({ weight }) => weight > 0).length < 2 ? [at('experiment.weights', 'An experiment compares at least two variants.')] : []),
    ...(exclusionGroup !== null && exclusionGroup.from >= exclusionGroup.to ? [at('experiment.exclusionGroup.to', 'It must be above the beginning of the range.')] : []),
    ...guardrails.flatMap((name, index) => (known.includes(name) ? [] : [at(`experiment.guardrails.${index}`, `There is no guardrail "${name}".`)])),
  ];
}

function rampErrors({ variant, steps }: NonNullable<FlagDefinition['ramp']>, rollout: FlagDefinition['rollout']): FieldError[] {
  const served = rollout?.split.some((part) => part.variant === variant && part.weight > 0) === true;
  return [
    ...(served ? [] : [at('ramp.variant', 'It must have a weight in the rollout, whose percentage the ramp raises.')]),
    ...steps.flatMap(({ percentage }, index) => (index > 0 && percentage <= (steps[index - 1]?.percentage ?? 0) ? [at(`ramp.steps.${index}.percentage`, 'Each step must be above the one before.')] : [])),
  ];
}

function prerequisiteErrors(key: string, { prerequisites }: FlagDefinition, others: readonly Served[]): FieldError[] {
  const byKey = new Map(others.filter((other) => other.key !== key).map((other) => [other.key, other]));
  return prerequisites.flatMap(({ flag, variants }, index) => {
    const path = `prerequisites.${index}`;
    const other = byKey.get(flag);
    if (flag === key || (other !== undefined && needs(other, key, byKey, new Set()))) {
      return [at(`${path}.flag`, `"${flag}" depends on this flag itself, so the two would go round in a circle.`)];
    }
    if (other === undefined || other.state === 'archived') {
      return [at(`${path}.flag`, `There is no flag "${flag}" that is served.`)];
    }
    const known = other.definition.variants.map((variant) => variant.key);
    return variants.flatMap((variant, place) => (known.includes(variant) ? [] : [at(`${path}.variants.${place}`, `"${flag}" has no variant "${variant}".`)]));
  });
}

/** Whether a flag needs another, directly or by way of others. */
function needs(flag: Served, wanted: string, byKey: ReadonlyMap<string, Served>, seen: Set<string>): boolean {
  if (seen.has(flag.key)) {
    return false;
  }
  seen.add(flag.key);
  return flag.definition.prerequisites.some(({ flag: needed }) => {
    const other = byKey.get(needed);
    return needed === wanted || (other !== undefined && needs(other, wanted, byKey, seen));
  });
}

/** Flags that name this one as a prerequisite and are served. */
export const dependentsOf = (key: string, others: readonly Served[]): string[] =>
  others.filter(({ state, definition }) => state !== 'archived' && definition.prerequisites.some(({ flag }) => flag === key)).map((other) => other.key);

/** @throws AppError 409 when a flag that depends on a variant would lose it */
export function keepDependents(key: string, definition: FlagDefinition, others: readonly Served[]): void {
  const variants = new Set(definition.variants.map((variant) => variant.key));
  for (const other of others.filter(({ state }) => state !== 'archived')) {
    const lost = other.definition.prerequisites.filter(({ flag }) => flag === key).flatMap((needed) => needed.variants).find((variant) => !variants.has(variant));
    if (lost !== undefined) {
      throw conflict('variant_needed', `The flag "${other.key}" needs the variant "${lost}" of this one. Change it first.`);
    }
  }
}
