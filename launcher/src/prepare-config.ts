// The variables of docker-compose.yml's one-shot service `migrate`.
import { z } from 'zod';
import { secret } from '@admin-center/platform/config';
import { configSchema as launcherSchema } from './config.ts';

const { DATABASE_URL, DEMO_SEED, DEMO_USERS, DEMO_DAYS, HISTORY_DAYS, ALERT_SMTP, ALERT_MAIL_FROM, ALERT_PAGE_MAIL, ALERT_TICKET_MAIL, ALERT_PAGE_WEBHOOK, ALERT_TICKET_WEBHOOK } = launcherSchema.shape;

export const configSchema = z.object({
  DATABASE_URL,
  DEMO_SERVER_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional().describe('A server of ours for the demo company; used only without DATABASE_URL.'),
  EXPORTER_PASSWORD: secret(z.string().min(12)),
  API_PASSWORD: secret(z.string().min(12)),
  DEMO_SERVER_KEY: secret(z.string()).optional().describe('Project key of the demo host; made only with the demo company.'),
  DEMO_CLIENT_KEY: secret(z.string()).optional().describe('Project key of its front end.'),
  PREPARED_DIR: z.string().default('/prepared').describe('Where the files for the other containers go.'),
  PROMETHEUS_DIR: z.string().default('/prometheus').describe("Prometheus's data, which gets the past before Prometheus starts."),
  DEMO_SEED, DEMO_USERS, DEMO_DAYS, HISTORY_DAYS,
  ALERT_SMTP, ALERT_MAIL_FROM, ALERT_PAGE_MAIL, ALERT_TICKET_MAIL, ALERT_PAGE_WEBHOOK, ALERT_TICKET_WEBHOOK,
});
