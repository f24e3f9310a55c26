// Evaluations in the words of OFREP 0.3 (https://openfeature.dev/specification/appendix-c).
import type { Evaluation, FlagContext, FlagValue } from '@cloudtolocalllm/admin-center-sdk/flags/types';
import { z } from 'zod';

export type OfrepErrorCode = 'PARSE_ERROR' | 'INVALID_CONTEXT' | 'TARGETING_KEY_MISSING' | 'FLAG_NOT_FOUND' | 'GENERAL';

export interface OfrepFailure {
  readonly key?: string;
  readonly errorCode: OfrepErrorCode;
  readonly errorDetails: string;
}

export interface OfrepSuccess {
  readonly key: string;
  readonly value: FlagValue;
  readonly variant: string | null;
  readonly reason: string;
}

/** Which rule decided stays here: rules are nobody's business outside. */
export function answerOf(key: string, { value, variant, reason, errorCode, errorMessage }: Evaluation): OfrepSuccess | OfrepFailure {
  return errorCode === undefined && value !== undefined ? { key, value, variant, reason } : { key, errorCode: errorCode ?? 'GENERAL', errorDetails: errorMessage ?? 'The flag has no such variant.' };
}

export const statusOf = (answer: OfrepSuccess | OfrepFailure): number => ('errorCode' in answer ? (answer.errorCode === 'FLAG_NOT_FOUND' ? 404 : 400) : 200);

const request = z.object({ context: z.looseObject({ targetingKey: z.string().max(500).optional() }).optional() });

/** A request without a context is one with an empty context. */
export function contextOf(body: unknown): { readonly context: FlagContext } | { readonly failure: OfrepFailure } {
  if (body !== undefined && (typeof body !== 'object' || body === null || Array.isArray(body))) {
    return { failure: { errorCode: 'PARSE_ERROR', errorDetails: 'The body must be a JSON object with a context.' } };
  }
  const parsed = request.safeParse(body ?? {});
  if (!parsed.success) {
    return { failure: { errorCode: 'INVALID_CONTEXT', errorDetails: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' ') } };
  }
  return { context: parsed.data.context ?? {} };
}
