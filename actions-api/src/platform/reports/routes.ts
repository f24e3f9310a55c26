// POST /sdk/v1/reports: what a host did with the policy, in batches. Sent again after a lost answer, a report counts once.
import express, { Router } from 'express';
import { AppError } from '../errors.ts';
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
    const parsed = envelope.safeParse(request.body);
    if (!parsed.success) {
      const errors = parsed.error.issues.map((issue) => ({ path: ['body', ...issue.path].join('.'), message: issue.message }));
      throw new AppError('body_invalid', 422, 'This is not a report.', { errors });
    }
    const report = readReport(parsed.data);
    const fresh = await lane.run(() => storeReport(services.database, projectKeyOf(response).id, report));
    if (fresh) {
      countRequests(report.requests);
    }
    response.json({ duplicate: !fresh, rejected: report.rejected.slice(0, 20), rejectedCount: report.rejected.length });
  });
  return router;
}
