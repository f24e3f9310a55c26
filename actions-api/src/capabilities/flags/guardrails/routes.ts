// Endpoints of ramps and their guardrails.
import { flags } from '@admin-center/contracts/flags';
import type { RampChange } from '@admin-center/contracts/flags-ramp';
import { databaseTime, readSnapshot } from '../../../platform/database.ts';
import { AppError } from '../../../platform/errors.ts';
import { type Route, route } from '../../../platform/route.ts';
import type { Services } from '../../../platform/services.ts';
import { readFlag } from '../store.ts';
import { createGuard } from './measure.ts';
import { previewRampChange, workOnRamp } from './service.ts';
import { readHistory } from './store.ts';

const { endpoints } = flags;
const READ_MS = 5_000;
const target = (key: string) => ({ type: 'flag', id: key });

export function rampRoutes(services: Services): Route[] {
  const { config, database, recorder } = services;
  const guard = createGuard(config);
  const without = (kind: 'pause' | 'resume' | 'abort'): RampChange => ({ kind });
  return [
    route(endpoints.previewRamp, ({ params: { key }, body: { change } }) => previewRampChange(database, services, key, change)),
    route(endpoints.startRamp, ({ params: { key }, body: { approvedStep, ...request } }, context) =>
      recorder.audited(context, 'flags.ramp', target(key), workOnRamp(services, context, key, { kind: 'start', approvedStep }, request)),
    ),
    route(endpoints.promoteRamp, ({ params: { key }, body: { approvedStep, now, ...request } }, context) =>
      recorder.audited(context, 'flags.ramp', target(key), workOnRamp(services, context, key, { kind: 'promote', approvedStep, now }, request)),
    ),
    route(endpoints.pauseRamp, ({ params: { key }, body }, context) => recorder.audited(context, 'flags.ramp', target(key), workOnRamp(services, context, key, without('pause'), body))),
    route(endpoints.resumeRamp, ({ params: { key }, body }, context) => recorder.audited(context, 'flags.ramp', target(key), workOnRamp(services, context, key, without('resume'), body))),
    route(endpoints.abortRamp, ({ params: { key }, body }, context) => recorder.audited(context, 'flags.ramp', target(key), workOnRamp(services, context, key, without('abort'), body))),
    route(endpoints.checkGuardrail, async ({ params: { key }, body: { guardrail, variant } }) => {
      const { sampling, finding } = await guard.measure({ flag: key, variant }, guardrail, await databaseTime(database));
      if (sampling.kind === 'refused') {
        throw new AppError('body_invalid', 422, sampling.why, { errors: [{ path: 'body.guardrail.promql', message: sampling.why }] });
      }
      const value = finding.value !== null && Number.isFinite(finding.value) ? finding.value : null;
      return { query: finding.query, value, series: sampling.kind === 'numbers' ? sampling.values.length : 0, message: finding.why };
    }),
    route(endpoints.guardrailHistory, ({ params: { key }, query: { guardrail, limit } }) =>
      readSnapshot(database, READ_MS, async (tx) => {
        await readFlag(tx, key);
        return { items: await readHistory(tx, key, guardrail ?? null, limit) };
      }),
    ),
  ];
}
