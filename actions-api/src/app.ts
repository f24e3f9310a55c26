// The Express application, wired by hand: what every request passes, the capabilities' routes, and the probes.
import { capabilities } from '@admin-center/contracts/capabilities';
import type { Clock } from '@admin-center/platform/clock';
import type { Logger } from '@admin-center/platform/log';
import type { Telemetry } from '@admin-center/platform/telemetry';
import express, { type Express, type Request, type Response } from 'express';
import helmet from 'helmet';
import type pg from 'pg';
import { auditRoutes } from './capabilities/audit/routes.ts';
import type { Witness } from './capabilities/audit/witness.ts';
import { coreRoutes } from './capabilities/core/routes.ts';
import type { EvaluationCounter } from './capabilities/flags/ofrep/counter.ts';
import { ofrepIngestRoutes } from './capabilities/flags/ofrep/routes.ts';
import { flagsRoutes } from './capabilities/flags/routes.ts';
import { alertWebhookRoutes } from './capabilities/flags/webhooks/routes.ts';
import { impersonationIngestRoutes } from './capabilities/impersonation/host-routes.ts';
import { impersonationRoutes } from './capabilities/impersonation/routes.ts';
import { promotionsIngestRoutes } from './capabilities/promotions/host-routes.ts';
import { promotionsRoutes } from './capabilities/promotions/routes.ts';
import { stripeWebhookRoutes } from './capabilities/promotions/stripe/webhook-routes.ts';
import { subscriptionsRoutes } from './capabilities/subscriptions/routes.ts';
import { usersRoutes } from './capabilities/users/routes.ts';
import { type Config, signingKeysUrl } from './config.ts';
import { actionDuration } from './platform/action-duration.ts';
import { createRecorder } from './platform/audited.ts';
import { createGatewayCheck } from './platform/auth/gateway-secret.ts';
import { createIdentityCheck } from './platform/auth/grafana-identity.ts';
import { createSigningKeys } from './platform/auth/signing-keys.ts';
import type { Database } from './platform/database.ts';
import { AppError } from './platform/errors.ts';
import type { ClientReader } from './platform/events/client-context.ts';
import { eventIngestRoutes } from './platform/events/routes.ts';
import { answerErrors } from './platform/http/answer-errors.ts';
import { httpMetrics } from './platform/http/http-metrics.ts';
import { guardPath } from './platform/http/path-guard.ts';
import { createRateLimits } from './platform/http/rate-limit.ts';
import { requestLog } from './platform/http/request-log.ts';
import { openApiOf } from './platform/openapi.ts';
import { type Pipeline, serve } from './platform/pipeline.ts';
import type { Policy } from './platform/policy/policy.ts';
import { policyIngestRoutes } from './platform/policy/routes.ts';
import { createKeyLimits } from './platform/project-keys/require-project-key.ts';
import { reasonsNotReady } from './platform/readiness.ts';
import { reportIngestRoutes } from './platform/reports/routes.ts';
import type { Services } from './platform/services.ts';
import { engagementRoutes } from './capabilities/engagement/routes.ts';
import { conversionRoutes } from './capabilities/conversion/routes.ts';
import { distributionRoutes } from './capabilities/distribution/routes.ts';

export interface AppOptions {
  readonly config: Config;
  readonly pool: pg.Pool;
  readonly database: Database;
  readonly witness: Witness;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly log: Logger;
  readonly meter: Telemetry['meter'];
  readonly evaluations: EvaluationCounter;
  readonly readClient: ClientReader;
  /** True once the process is about to end: `/readyz` says so, and load balancers look elsewhere. */
  readonly draining: () => boolean;
}

export function createApp(options: AppOptions): Express {
  const { config, database, clock, log, meter, policy } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(httpMetrics(meter));
  app.use(requestLog(log));
  app.use(helmet());
  app.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.use(guardPath);
  addProbes(app, options);

  const pipeline = createPipeline(options);
  const services: Services = { config, database, clock, log, policy, keyLimits: createKeyLimits(config), evaluations: options.evaluations, readClient: options.readClient, draining: options.draining, meter, recorder: pipeline.recorder };
  if (config.API_ROLES.includes('admin')) {
    const routes = [...coreRoutes(services), ...usersRoutes(services), ...subscriptionsRoutes(services), ...impersonationRoutes(services), ...promotionsRoutes(services), ...flagsRoutes(services), ...auditRoutes(services, options.witness), ...engagementRoutes(services), ...conversionRoutes(services), ...distributionRoutes(services)];
    for (const route of routes) {
      app[methodOf(route.contract.method)](route.contract.path, serve(pipeline, route));
    }
  }
  if (config.API_ROLES.includes('ingest')) {
    // Each carries its whole paths and its own check of the project key.
    // That of events comes first: by far the most requests are of it.
    for (const router of [eventIngestRoutes(services, options.pool), policyIngestRoutes(services), reportIngestRoutes(services), impersonationIngestRoutes(services, options.pool), promotionsIngestRoutes(services, options.pool), alertWebhookRoutes(services), stripeWebhookRoutes(services), ofrepIngestRoutes(services)]) {
      app.use(router);
    }
  }
  app.use((request) => {
    throw new AppError('no_such_endpoint', 404, `There is no ${request.method} ${request.path}.`);
  });
  app.use(answerErrors(log));
  return app;
}

/** What every route is served through. */
export function createPipeline({ config, database, pool, clock, log, meter }: Omit<AppOptions, 'witness' | 'policy' | 'evaluations' | 'readClient' | 'draining'>): Pipeline {
  return {
    database,
    recorder: createRecorder(database, actionDuration(meter)),
    checkGateway: createGatewayCheck(config.ACTIONS_API_TOKEN),
    identify: createIdentityCheck({
      keys: createSigningKeys({ url: signingKeysUrl(config), clock, log }),
      issuer: config.GRAFANA_ROOT_URL,
      organisations: config.GRAFANA_ORG_IDS,
      trustUnverifiedEmail: config.TRUST_UNVERIFIED_EMAIL,
      clock,
    }),
    limits: createRateLimits(pool, { reads: config.RATE_LIMIT_READS_PER_MINUTE, writes: config.RATE_LIMIT_WRITES_PER_MINUTE }),
  };
}

const methodOf = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE') =>
  (({ GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' }) as const)[method];

function addProbes(app: Express, { database, draining }: AppOptions): void {
  const description = JSON.stringify(openApiOf(capabilities));
  const named = (path: string, answer: (request: Request, response: Response) => Promise<void> | void): void => {
    app.get(path, (request, response) => {
      response.locals['route'] = path;
      return answer(request, response);
    });
  };
  named('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  named('/readyz', async (_request, response) => {
    const reasons = draining() ? ['The process is shutting down.'] : await reasonsNotReady(database);
    response.status(reasons.length === 0 ? 200 : 503).json({ ready: reasons.length === 0, reasons });
  });
  named('/openapi.json', (_request, response) => {
    response.type('application/json').send(description);
  });
}
