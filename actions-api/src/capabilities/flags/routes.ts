// Endpoints of the flags capability.
import { flags } from '@admin-center/contracts/flags';
import { readSnapshot } from '../../platform/database.ts';
import { type Route, route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import { listFlags, readDetail } from './detail.ts';
import { explain } from './explain.ts';
import { admitGuardrails } from './guardrails/admission.ts';
import { rampRoutes } from './guardrails/routes.ts';
import { cancelPlan, planChange, previewPlan } from './planned.ts';
import { changeFlag, previewChange } from './service.ts';
import { readHistory } from './versions.ts';

const { endpoints } = flags;
/** A flag, its ramp and its plans lie in several tables, and guardrails change them while somebody looks. */
const READ_MS = 5_000;
const target = (key: string) => ({ type: 'flag', id: key });

export const flagsRoutes = (services: Services): Route[] => {
  const { database, recorder, clock } = services;
  return [
    route(endpoints.list, ({ query }) => readSnapshot(database, READ_MS, (tx) => listFlags(tx, query))),
    route(endpoints.get, ({ params: { key } }) => readSnapshot(database, READ_MS, (tx) => readDetail(tx, key))),
    route(endpoints.history, ({ params: { key }, query }) => readSnapshot(database, READ_MS, (tx) => readHistory(tx, key, query))),
    route(endpoints.explain, ({ params: { key }, body }) => readSnapshot(database, READ_MS, (tx) => explain(tx, key, body, clock()))),
    route(endpoints.preview, async ({ params: { key }, body: { change } }) => {
      if (change?.kind === 'create' || change?.kind === 'update') {
        await admitGuardrails(services, key, change.definition);
      }
      return previewChange(database, services, key, change);
    }),
    route(endpoints.create, async ({ params: { key }, body: { definition, ...request } }, context) => {
      await admitGuardrails(services, key, definition);
      return recorder.audited(context, 'flags.create', target(key), changeFlag(services, context, key, { kind: 'create', definition }, request));
    }),
    route(endpoints.update, async ({ params: { key }, body: { definition, ...request } }, context) => {
      await admitGuardrails(services, key, definition);
      return recorder.audited(context, 'flags.update', target(key), changeFlag(services, context, key, { kind: 'update', definition }, request));
    }),
    route(endpoints.setState, ({ params: { key }, body: { state, ...request } }, context) =>
      recorder.audited(context, 'flags.state', target(key), changeFlag(services, context, key, { kind: 'state', state }, request)),
    ),
    route(endpoints.revert, ({ params: { key }, body: { to, ...request } }, context) =>
      recorder.audited(context, 'flags.revert', target(key), changeFlag(services, context, key, { kind: 'revert', to }, request)),
    ),
    route(endpoints.startExperiment, ({ params: { key }, body }, context) =>
      recorder.audited(context, 'flags.experiment', target(key), changeFlag(services, context, key, { kind: 'experiment', running: true }, body)),
    ),
    route(endpoints.stopExperiment, ({ params: { key }, body }, context) =>
      recorder.audited(context, 'flags.experiment', target(key), changeFlag(services, context, key, { kind: 'experiment', running: false }, body)),
    ),
    route(endpoints.previewPlan, ({ params: { key }, body }) => previewPlan(services, key, body)),
    route(endpoints.plan, ({ params: { key }, body: { at, effect, ...request } }, context) =>
      recorder.audited(context, 'flags.plan', target(key), planChange(services, context, key, { at, effect }, request)),
    ),
    route(endpoints.cancelPlanned, ({ params: { key, plannedId }, body: { reason } }, context) =>
      recorder.audited(context, 'flags.plan', target(key), cancelPlan(key, plannedId, reason, context.actor)),
    ),
    ...rampRoutes(services),
  ];
};
