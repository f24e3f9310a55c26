// Where Alertmanager and Grafana tell of alerts. What names a flag is stored and answered; a worker takes back the ramp.
// A sender without a secret has no endpoint here.
import express, { type Request, type Response, Router } from 'express';
import type { Services } from '../../../platform/services.ts';
import { flagAlertsIn } from './alerts.ts';
import { checkAlertmanager, checkGrafana } from './sender.ts';
import { type Provider, takeAlerts } from './store.ts';

const BODY_LIMIT = '1mb';
const readRaw = express.raw({ type: () => true, limit: BODY_LIMIT });

export function alertWebhookRoutes({ config, database, clock, log }: Services): Router {
  const router = Router();
  const mount = (provider: Provider, check: (request: Request, body: Buffer) => void): void => {
    const path = `/webhooks/${provider}`;
    router.post(path, readRaw, async (request: Request, response: Response) => {
      response.locals['route'] = path;
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      check(request, body);
      const alerts = flagAlertsIn(body);
      const taken = await takeAlerts(database, provider, alerts);
      if (taken > 0) {
        log.warn({ provider, flags: [...new Set(alerts.map(({ flag }) => flag))], taken }, 'alerts that name a flag came in');
      }
      response.status(202).json({ taken, known: alerts.length - taken });
    });
  };

  const { WEBHOOK_SECRET_ALERTMANAGER: alertmanager, WEBHOOK_SECRET_GRAFANA: grafana, WEBHOOK_TIMESTAMP_HEADER_GRAFANA: timestampHeader } = config;
  if (alertmanager !== undefined) {
    mount('alertmanager', (request) => checkAlertmanager(request.get('authorization'), alertmanager));
  }
  if (grafana !== undefined) {
    mount('grafana', (request, body) => {
      const timestamp = timestampHeader === undefined ? null : request.get(timestampHeader);
      checkGrafana({ signature: request.get('x-grafana-alerting-signature'), timestamp }, body, grafana, clock());
    });
  }
  return router;
}
