// Flags for a host's code: evaluated in its own process, with the code's default for whatever goes wrong. Whom a running
// experiment serves a variant is told as an exposure.
import type { EventSender } from '../events/events.ts';
import type { PolicySource } from '../policy/source.ts';
import type { Reporter } from '../reports/reporter.ts';
import { evaluate } from './evaluate.ts';
import type { FlagContext, FlagReason } from './types.ts';

export interface FlagDetails<T> {
  readonly value: T;
  /** Null where the code's default is served. */
  readonly variant: string | null;
  readonly reason: FlagReason;
  /** Why the code's default is served. */
  readonly errorMessage?: string;
}

export interface Flags {
  boolean(key: string, otherwise: boolean, context?: FlagContext): boolean;
  string(key: string, otherwise: string, context?: FlagContext): string;
  number(key: string, otherwise: number, context?: FlagContext): number;
  object<T extends object>(key: string, otherwise: T, context?: FlagContext): T;
  /** The same with variant and reason; the type asked for is that of `otherwise`. */
  details<T extends boolean | string | number | object>(key: string, otherwise: T, context?: FlagContext): FlagDetails<T>;
}

/** The rule that serves those who take part; who is held out is served by another. */
const EXPERIMENT_RULE = 'experiment';

export function flagClient(source: PolicySource, reporter: Pick<Reporter, 'evaluation'>, events: Pick<EventSender, 'exposure'>): Flags {
  const judge = <T>(key: string, otherwise: T, context: FlagContext): FlagDetails<T> => {
    const policy = source.current()?.document.flags;
    if (policy === undefined) {
      return { value: otherwise, variant: null, reason: 'ERROR', errorMessage: 'There is no policy yet.' };
    }
    const { value, variant, reason, ruleId, errorMessage } = evaluate(policy, key, context);
    if (value === undefined) {
      return { value: otherwise, variant: null, reason, ...(errorMessage === undefined ? {} : { errorMessage }) };
    }
    if (typeof value !== typeof otherwise) {
      return { value: otherwise, variant: null, reason: 'ERROR', errorMessage: `The flag "${key}" is of the type ${typeof value}, and ${typeof otherwise} was asked for.` };
    }
    if (ruleId === EXPERIMENT_RULE && variant !== null && context.targetingKey !== undefined) {
      events.exposure(context.targetingKey, key, variant);
    }
    return { value: value as T, variant, reason };
  };
  const details: Flags['details'] = (key, otherwise, context = {}) => {
    const answer = judge(key, otherwise, context);
    reporter.evaluation(key, answer.variant, answer.reason);
    return answer;
  };
  return {
    details,
    boolean: (key, otherwise, context) => details(key, otherwise, context).value,
    string: (key, otherwise, context) => details(key, otherwise, context).value,
    number: (key, otherwise, context) => details(key, otherwise, context).value,
    object: (key, otherwise, context) => details(key, otherwise, context).value,
  };
}
