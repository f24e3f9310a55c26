// Endpoints of engagement: numbers from the rollups, the users behind them, what makes a user active, the features.
import { engagement } from '@admin-center/contracts/engagement';
import { requirePermission } from '../../platform/auth/admins.ts';
import { conflict } from '../../platform/errors.ts';
import { readSnapshot } from '../../platform/database.ts';
import { type Handler, type Route, route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import { readActivity } from './activity.ts';
import { listAtRisk } from './at-risk.ts';
import { describe, insertDefinition, listDefinitions, lockDefinition, previewDefinition, qualifies, readDefinition, readEventNames } from './definitions.ts';
import { eraseActivity, previewErasure, readTraces } from './erasure.ts';
import { lockFeature, saveFeature } from './feature-catalogue.ts';
import { readFeatures } from './features.ts';
import { readLifecycle } from './lifecycle.ts';
import { activeUsers, lifecycleUsers, retentionUsers } from './people.ts';
import { readRetention } from './retention.ts';
import { retentionUsersOfPair } from './retention-people.ts';
import { readSessions } from './sessions.ts';

const { endpoints } = engagement;
/** Rollups answer in milliseconds; what reads the stream bounds itself. */
const PATIENCE_MS = 20_000;

export const engagementRoutes = (services: Services): Route[] => [...numberRoutes(services), ...peopleRoutes(services), ...changeRoutes(services)];

const numberRoutes = ({ database, clock }: Services): Route[] => [
  route(endpoints.activity, ({ query }) => readSnapshot(database, PATIENCE_MS, (tx) => readActivity(tx, query, clock()))),
  route(endpoints.lifecycle, ({ query }) => readSnapshot(database, PATIENCE_MS, (tx) => readLifecycle(tx, query, clock()))),
  route(endpoints.retention, ({ query }) => readSnapshot(database, PATIENCE_MS, (tx) => readRetention(tx, query, clock()))),
  route(endpoints.sessions, ({ query }) => readSnapshot(database, PATIENCE_MS, (tx) => readSessions(tx, query, clock()))),
  route(endpoints.features, ({ query }) => readSnapshot(database, PATIENCE_MS, (tx) => readFeatures(tx, query.window, clock()))),
  route(endpoints.definitions, async () => ({ items: await listDefinitions(database) })),
  route(endpoints.eventNames, () => readSnapshot(database, PATIENCE_MS, async (tx) => {
    const inForce = await readDefinition(tx);
    return { items: (await readEventNames(tx, clock())).map((event) => ({ ...event, qualifies: qualifies(inForce, event.name) })) };
  })),
  route(endpoints.previewDefinition, ({ body }) => previewDefinition(database, body, clock())),
];

/** Who lists users has to be allowed to see them, beside the number. */
const peopleRoutes = ({ database, clock }: Services): Route[] => [
  route(endpoints.atRisk, named(({ query }) => listAtRisk(database, query, clock()))),
  route(endpoints.activeUsers, named(({ query }) => readSnapshot(database, PATIENCE_MS, (tx) => activeUsers(tx, query)))),
  route(endpoints.lifecycleUsers, named(({ query }) => lifecycleUsers(database, query))),
  route(endpoints.retentionUsers, named(({ query }) => (query.eventIn === undefined && query.eventBack === undefined ? retentionUsers(database, query) : retentionUsersOfPair(database, query, clock())))),
];

const named = <Request, Answer>(handle: (request: Request) => Promise<Answer>) => (request: Request, { actor }: { readonly actor: Parameters<typeof requirePermission>[0] }): Promise<Answer> => {
  requirePermission(actor, 'users:read');
  return handle(request);
};

const changeRoutes = ({ database, recorder }: Services): Route[] => [
  route(endpoints.setDefinition, setDefinition(recorder)),
  route(endpoints.setFeature, ({ params: { key }, body: { reason, ...details } }, context) =>
    recorder.audited(context, 'engagement.feature_set', { type: 'feature', id: key }, {
      reason,
      read: (tx) => lockFeature(tx, key),
      run: (tx) => saveFeature(tx, { key, ...details }),
      keep: ({ before, result }) => ({ before, after: result }),
      respond: ({ result }, auditSequence) => ({ feature: result, auditSequence, message: `${result.title} is described.` }),
    }),
  ),
  route(endpoints.erasePreview, ({ params: { userId } }) => readSnapshot(database, PATIENCE_MS, (tx) => previewErasure(tx, userId))),
  route(endpoints.erase, ({ params: { userId }, body: { reason, previewToken } }, context) =>
    recorder.audited(context, 'engagement.erase', { type: 'user', id: userId }, {
      reason,
      read: (tx) => readTraces(tx, userId),
      run: (tx) => eraseActivity(tx, userId, previewToken),
      // Numbers only: when somebody was active is part of what goes.
      keep: ({ before, after, result }) => ({ before: { events: before.events, days: before.days, visitors: before.visitors }, after: { events: after.events, erased: result } }),
      respond: ({ result: events }, auditSequence) => ({ events, auditSequence, message: events === 0 ? 'There was nothing left to erase. What still comes in of this user is dropped.' : `Erased: ${events} ${events === 1 ? 'event' : 'events'}. What still comes in of this user is dropped.` }),
    }),
  ),
];

/** The outbox makes the mark on the graphs where the lines change their meaning. */
function setDefinition(recorder: Services['recorder']): Handler<typeof endpoints.setDefinition> {
  return ({ body: { reason, version, mode, events } }, context) =>
    recorder.audited(context, 'engagement.definition_set', { type: 'qualifying-definition', id: String(version + 1) }, {
      reason,
      read: lockDefinition,
      async run(tx, before) {
        if (before.version !== version) {
          throw conflict('version_conflict', `Version ${before.version} is in force by now. Look at it before you replace it.`);
        }
        const names = [...new Set(events)].toSorted();
        if (mode === before.mode && names.join('\n') === before.events.toSorted().join('\n')) {
          throw conflict('nothing_to_change', `Version ${before.version} says the same.`);
        }
        if (mode === 'only' && names.length === 0) {
          throw conflict('nobody_active', 'Name at least one event, or nobody would ever be active.');
        }
        await insertDefinition(tx, version + 1, { mode, events: names }, context.actor.email, reason);
      },
      keep: ({ before, after }) => ({ before, after }),
      respond: ({ after }, auditSequence) => ({ definition: after, auditSequence, message: `Version ${after.version} is in force for events that arrive from now on. ${describe(after)}` }),
    });
}
