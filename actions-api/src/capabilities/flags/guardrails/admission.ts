// Whether guardrails can be asked at all: tried out on Prometheus when they are saved, so that a mistake shows while
// somebody looks, not in the middle of a ramp.
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';
import type { Services } from '../../../platform/services.ts';
import { AppError, type FieldError } from '../../../platform/errors.ts';
import { findFlag } from '../store.ts';
import { createGuard } from './measure.ts';

/**
 * A guardrail that stands in the flag already is not asked again. A Prometheus that is away refuses nothing: until it is
 * back the guardrail holds its ramp.
 * @throws AppError 422 with Prometheus's own words
 */
export async function admitGuardrails({ config, database, clock }: Pick<Services, 'config' | 'database' | 'clock'>, key: string, { guardrails, ramp, defaultVariant }: FlagDefinition): Promise<void> {
  const known = new Set((await findFlag(database, key))?.definition.guardrails.map(({ promql }) => promql));
  const guard = createGuard(config);
  const errors = await Promise.all(
    guardrails.map(async (guardrail, index): Promise<FieldError[]> => {
      const refusal = known.has(guardrail.promql) ? null : await guard.measure({ flag: key, variant: ramp?.variant ?? defaultVariant }, guardrail, clock());
      return refusal?.sampling.kind === 'refused' ? [{ path: `body.definition.guardrails.${index}.promql`, message: refusal.sampling.why }] : [];
    }),
  );
  const found = errors.flat();
  if (found.length > 0) {
    throw new AppError('body_invalid', 422, found.map(({ path, message }) => `${path}: ${message}`).join(' '), { errors: found });
  }
}
