// POST /sdk/v1/reports: what a host did with the policy, in batches. Sent again after a lost answer, a report counts once.
import express, { Router } from 'express';
import { parseBody } from '../parse.ts';
import { projectKeyOf, requireProjectKey } from '../project-keys/require-project-key.ts';
import type { Services } from '../services.ts';
import { countHostRequests } from './host-requests.ts';
import { createLane } from './lane.ts';
import { envelope, readReport } from './schema.ts';
import { storeReport } from './store.ts';

const BODY_LIMIT = '1mb';
/** Leaves most connections of the pool to others. */
const AT_ONCE = 3;
const WAITING_AT_MOST = 100;

export function reportIngestRoutes(services: Services): Router {
  const lane = createLane(AT_ONCE, WAITING_AT_MOST);
  const countRequests = countHostRequests(services.meter);

  const router = Router();
  router.post('/sdk/v1/reports', requireProjectKey(services, ['server']), express.json({ limit: BODY_LIMIT }), async (request, response) => {
    const report = readReport(parseBody(envelope, request.body));
    const fresh = await lane.run(() => storeReport(services.database, projectKeyOf(response).id, report));
    if (fresh) {
      countRequests(report.requests);
    }
    response.json({ duplicate: !fresh, rejected: report.rejected.slice(0, 20), rejectedCount: report.rejected.length });
  });
  return router;
}
