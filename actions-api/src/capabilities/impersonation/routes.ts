// Endpoints of the impersonation capability for admins; those for hosts are in host-routes.ts.
import { impersonation } from '@admin-center/contracts/impersonation';
import { type Route, route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import { previewRequest } from './admission.ts';
import { bannerOf } from './banner.ts';
import { readConsentRules, setRuleWork } from './consent.ts';
import { sessionDuration } from './duration.ts';
import { listOpen, listRequests, listSessions } from './list.ts';
import { readRules } from './rules.ts';
import { endWork, extendWork, requestWork } from './service.ts';
import { readSession } from './store.ts';

const { endpoints } = impersonation;

export const impersonationRoutes = ({ config, database, recorder, meter }: Services): Route[] => {
  const duration = sessionDuration(meter);
  /** The entry stands in the history of the user. */
  const userOf = async (sessionId: string) => ({ type: 'user', id: (await readSession(database, sessionId)).user.id });

  return [
    route(endpoints.preview, ({ query }, { actor }) => previewRequest(database, config, query, actor)),
    route(endpoints.request, ({ body }, context) =>
      recorder.audited(context, 'impersonation.request', { type: 'user', id: body.userId }, requestWork(body, context, config.HOST_HANDOFF_URL)),
    ),
    route(endpoints.active, async () => ({ items: await listOpen(database) })),
    route(endpoints.list, ({ query }) => listSessions(database, query)),
    route(endpoints.get, async ({ params }) => {
      const session = await readSession(database, params.sessionId);
      return { ...session, banner: bannerOf(session) };
    }),
    route(endpoints.report, ({ params, query }) => listRequests(database, params.sessionId, query)),
    route(endpoints.extend, async ({ params: { sessionId }, body }, context) =>
      recorder.audited(context, 'impersonation.extend', await userOf(sessionId), extendWork(sessionId, body, context)),
    ),
    route(endpoints.end, async ({ params: { sessionId }, body }, context) =>
      recorder.audited(context, 'impersonation.end', await userOf(sessionId), endWork(sessionId, body.reason, duration)),
    ),
    route(endpoints.actions, async () => ({ items: await readRules(database) })),
    route(endpoints.consentRules, async () => ({ items: await readConsentRules(database) })),
    route(endpoints.setConsentRule, ({ params: { tier }, body }, context) =>
      recorder.audited(context, 'impersonation.consent_rule', { type: 'tier', id: tier }, setRuleWork(tier, body, context)),
    ),
  ];
};
