// A stored flag as the evaluator takes it: without what only people read, and with its experiment only while that runs.
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';
import type { FlagPolicy, PolicyFlag } from '@cloudtolocalllm/admin-center-sdk/flags/types';

/** The parts of a flag that decide what it serves. */
export interface Served {
  readonly key: string;
  readonly salt: string;
  readonly state: 'on' | 'off' | 'killed' | 'archived';
  readonly definition: FlagDefinition;
  readonly experimentState: 'draft' | 'running' | 'stopped' | null;
}

export const compile = ({ salt, state, definition, experimentState }: Served): PolicyFlag => ({
  type: definition.type,
  state: state === 'archived' ? 'off' : state,
  public: definition.public,
  salt,
  variants: Object.fromEntries(definition.variants.map(({ key, value }) => [key, value])),
  offVariant: definition.offVariant,
  defaultVariant: definition.defaultVariant,
  schedule: definition.schedule,
  prerequisites: definition.prerequisites,
  users: definition.users,
  segments: definition.segments.map(({ id, conditions, serve }) => ({ id, conditions, serve })),
  tiers: definition.tiers,
  experiment: experimentState === 'running' && definition.experiment !== null ? pickPlan(definition.experiment) : null,
  rollout: definition.rollout,
});

const pickPlan = ({ weights, holdOut, exclusionGroup }: NonNullable<FlagDefinition['experiment']>) => ({ weights, holdOut, exclusionGroup });

/** Archived flags are served no more. */
export const policyOf = (flags: readonly Served[]): FlagPolicy => ({
  flags: Object.fromEntries(flags.filter(({ state }) => state !== 'archived').map((flag) => [flag.key, compile(flag)])),
});
