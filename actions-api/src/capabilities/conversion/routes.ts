// Endpoints of conversion: rates, funnels and their results.
import { conversion } from '@admin-center/contracts/conversion';
import { requirePermission } from '../../platform/auth/admins.ts';
import { readSnapshot } from '../../platform/database.ts';
import { type Route, route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import { experimentRoutes } from './experiments/routes.ts';
import { changeFunnel, createFunnel, removeFunnel } from './funnels/changes.ts';
import { readEventNames } from './funnels/event-names.ts';
import { previewChange, previewDefinition } from './funnels/preview.ts';
import { listPersons, readResult, resultCsv } from './funnels/result.ts';
import { listFunnels, readFunnel, readHistory, shown } from './funnels/store.ts';
import { readRates } from './rates.ts';

const { endpoints } = conversion;
const PATIENCE_MS = 20_000;
const target = (key: string) => ({ type: 'funnel', id: key });

export function conversionRoutes(services: Services): Route[] {
  return [...funnelRoutes(services), ...experimentRoutes(services)];
}

const funnelRoutes = ({ database, recorder, clock }: Services): Route[] => [
  route(endpoints.rates, ({ query }) => readRates(database, query, clock())),
  route(endpoints.listFunnels, ({ query }) => listFunnels(database, query)),
  route(endpoints.getFunnel, async ({ params: { key } }) => shown(await readFunnel(database, key))),
  route(endpoints.funnelHistory, ({ params: { key }, query }) => readSnapshot(database, PATIENCE_MS, (tx) => readHistory(tx, key, query))),
  route(endpoints.funnelResult, ({ params: { key }, query }) => readResult(database, key, query)),
  route(endpoints.funnelCsv, ({ params: { key }, query }) => resultCsv(database, key, query)),
  route(endpoints.funnelUsers, ({ params: { key }, query }, { actor }) => {
    requirePermission(actor, 'users:read');
    return listPersons(database, key, query);
  }),
  route(endpoints.eventNames, () => readEventNames(database, clock())),
  route(endpoints.previewFunnel, ({ body: { definition, days } }) => previewDefinition(database, definition, days, clock())),
  route(endpoints.previewFunnelChange, ({ params: { key }, body: { change } }) => readSnapshot(database, PATIENCE_MS, async (tx) => previewChange(tx, await readFunnel(tx, key), change))),
  route(endpoints.createFunnel, ({ params: { key }, body: { definition, reason } }, context) =>
    recorder.audited(context, 'conversion.funnel_create', target(key), createFunnel(key, definition, reason, context.actor)),
  ),
  route(endpoints.updateFunnel, ({ params: { key }, body: { definition, ...request } }, context) =>
    recorder.audited(context, 'conversion.funnel_update', target(key), changeFunnel(key, { kind: 'update', definition }, request, context.actor)),
  ),
  route(endpoints.setFunnelState, ({ params: { key }, body: { state, ...request } }, context) =>
    recorder.audited(context, 'conversion.funnel_state', target(key), changeFunnel(key, { kind: state === 'archived' ? 'archive' : 'restore' }, request, context.actor)),
  ),
  route(endpoints.deleteFunnel, ({ params: { key }, body }, context) =>
    recorder.audited(context, 'conversion.funnel_delete', target(key), removeFunnel(key, body)),
  ),
];
