// What the evaluator reads and answers. A policy is plain JSON: the Admin Center makes it, hosts hold it in memory.

export type FlagValue = boolean | string | number | { readonly [name: string]: unknown };
/** Why a value was served, in OpenFeature's words. */
export type FlagReason = 'STATIC' | 'TARGETING_MATCH' | 'SPLIT' | 'DEFAULT' | 'DISABLED' | 'ERROR' | 'STALE';
/** What kept a flag from being evaluated, in OpenFeature's words. */
export type FlagErrorCode = 'FLAG_NOT_FOUND' | 'TARGETING_KEY_MISSING' | 'GENERAL';

export type FlagOperator =
  | 'in' | 'not_in' | 'contains' | 'starts_with' | 'ends_with'
  | 'less_than' | 'at_most' | 'greater_than' | 'at_least'
  | 'version_below' | 'version_at_least' | 'before' | 'after' | 'exists' | 'not_exists';

export interface FlagCondition {
  readonly attribute: string;
  readonly operator: FlagOperator;
  readonly values: readonly (string | number | boolean)[];
}

/** Relative weights of variants. */
export type FlagSplit = readonly { readonly variant: string; readonly weight: number }[];

export interface FlagServe {
  /** 0 to 100, in thousandths. */
  readonly percentage: number;
  readonly split: FlagSplit;
}

export interface FlagExperiment {
  readonly weights: FlagSplit;
  /** Per cent of the users who never take part. */
  readonly holdOut: number;
  /** Takes the users whose place in the group, 0 to 100, is in this range. */
  readonly exclusionGroup: { readonly name: string; readonly from: number; readonly to: number } | null;
}

export interface PolicyFlag {
  readonly type: 'boolean' | 'string' | 'number' | 'object';
  readonly state: 'on' | 'off' | 'killed';
  /** Visible to client keys. */
  readonly public: boolean;
  readonly salt: string;
  readonly variants: Readonly<Record<string, FlagValue>>;
  readonly offVariant: string;
  readonly defaultVariant: string;
  readonly schedule: { readonly from: string | null; readonly until: string | null };
  readonly prerequisites: readonly { readonly flag: string; readonly variants: readonly string[] }[];
  readonly users: readonly { readonly id: string; readonly variant: string; readonly users: readonly string[] }[];
  readonly segments: readonly { readonly id: string; readonly conditions: readonly FlagCondition[]; readonly serve: FlagServe }[];
  readonly tiers: readonly { readonly id: string; readonly tier: string; readonly serve: FlagServe }[];
  /** Only while it runs. */
  readonly experiment: FlagExperiment | null;
  readonly rollout: FlagServe | null;
}

export interface FlagPolicy {
  readonly flags: Readonly<Record<string, PolicyFlag>>;
}

/** Who is asked about. Without a targeting key only rules that need none can be evaluated. */
export interface FlagContext {
  readonly targetingKey?: string | undefined;
  readonly [attribute: string]: unknown;
}

export interface Evaluation {
  /** Undefined on an error: the caller's own default holds. */
  readonly value: FlagValue | undefined;
  readonly variant: string | null;
  readonly reason: FlagReason;
  readonly ruleId: string | null;
  readonly errorCode?: FlagErrorCode;
  readonly errorMessage?: string;
}

/** One rule that was looked at on the way to an answer. */
export interface TraceStep {
  readonly step: string;
  readonly matched: boolean;
  readonly text: string;
}
