// What one user or context is served, and why: by the stored rules, or by a draft of them that nobody has saved.
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';
import type { ResponseOf } from '@admin-center/contracts/capability';
import type { flags } from '@admin-center/contracts/flags';
import { evaluate } from '@cloudtolocalllm/admin-center-sdk/flags';
import { bucketOf } from '@cloudtolocalllm/admin-center-sdk/flags/bucket';
import type { FlagContext, TraceStep } from '@cloudtolocalllm/admin-center-sdk/flags/types';
import type { Queryable } from '../../platform/database.ts';
import { notFound } from '../../platform/errors.ts';
import { checkDefinition } from './check.ts';
import { policyOf, type Served } from './compile.ts';
import { findCitizen } from './population.ts';
import { readFlags } from './store.ts';

type Explanation = ResponseOf<(typeof flags)['endpoints']['explain']>;

interface Question {
  readonly userId?: string | undefined;
  readonly context: Readonly<Record<string, unknown>>;
  readonly definition?: FlagDefinition | undefined;
}

/** @throws AppError 404, or 422 for a draft that does not hold */
export async function explain(database: Queryable, key: string, { userId, context, definition }: Question, at: Date): Promise<Explanation> {
  const all = await readFlags(database);
  const stored = all.find((flag) => flag.key === key);
  if (definition !== undefined) {
    checkDefinition(key, definition, all);
  }
  // A flag that is being made is explained as if it were on.
  const asked: Served | undefined =
    definition === undefined ? stored : { ...(stored ?? { key, salt: key, state: 'on', experimentState: null }), definition };
  if (asked === undefined) {
    throw notFound('flag');
  }
  const citizen = userId === undefined ? null : await findCitizen(database, userId);
  if (userId !== undefined && citizen === null) {
    throw notFound('user');
  }
  const full: FlagContext = { ...citizen?.context, ...context };
  const policy = policyOf([...all.filter((flag) => flag.key !== key), asked.state === 'archived' ? { ...asked, state: 'off' } : asked]);
  const trace: TraceStep[] = [];
  const { value, variant, reason, ruleId, errorMessage } = evaluate(policy, key, full, { at: at.getTime(), trace: (step) => trace.push(step) });
  return {
    value, variant, reason, ruleId, context: full,
    bucket: typeof full.targetingKey === 'string' && full.targetingKey !== '' ? bucketOf(asked.salt, full.targetingKey) : null,
    trace: errorMessage === undefined ? trace : [...trace, { step: 'error', matched: true, text: errorMessage }],
  };
}
