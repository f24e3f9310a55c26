// Every port, path and switch of the commands, read once from the environment. `npm start -- --help` prints this list.
import path from 'node:path';
import { z } from 'zod';
import { logLevel, port, readConfig, secret } from '@admin-center/platform/config';
import { Problem } from './problem.ts';
import { root } from './root.ts';

const url = (protocol: RegExp) => z.url({ protocol, error: 'must be a URL with a scheme this part speaks' });
const absolute = (fallback: string) => z.string().default(fallback).transform((value) => path.resolve(root, value));

export const configSchema = z.object({
  DATABASE_URL: url(/^postgres(ql)?$/).optional().describe("Owner's URL of the host's PostgreSQL (15 or newer). Unset: an embedded one with the demo company."),
  DATA_DIR: absolute('.data').describe('Databases, logs, generated passwords.'),
  HOST: z.string().default('127.0.0.1').describe('Address of the web interface; the other parts stay on 127.0.0.1.'),
  UI_PORT: port(3000).describe('Web interface.'),
  PUBLIC_URL: url(/^https?$/).optional().describe('What people type into the browser. Default http://127.0.0.1:<UI_PORT>.'),
  API_PORT: port(4000).describe('Actions API.'),
  API_TELEMETRY_PORT: port(9465).describe("Actions API's own metrics."),
  EXPORTER_PORT: port(9464).describe('Exporter.'),
  EXPORTER_TELEMETRY_PORT: port(9466).describe("Exporter's own metrics."),
  PROMETHEUS_PORT: port(9090).describe('Prometheus.'),
  ALERTMANAGER_PORT: port(9093).describe('Alertmanager.'),
  DEMO_HOST_PORT: port(4100).describe('Demo host: the application whose users the demo company has.'),
  POSTGRES_PORT: port(54329).describe('Embedded PostgreSQL.'),
  PROMETHEUS_BIN: z.string().optional().describe('Program to use; else the one on PATH or in DATA_DIR/tools.'),
  PROMTOOL_BIN: z.string().optional().describe('Likewise.'),
  ALERTMANAGER_BIN: z.string().optional().describe('Likewise.'),
  INSTALL_PACKAGES: z.stringbool().default(true).describe('Fetch missing Debian packages (Prometheus and Alertmanager into DATA_DIR/tools).'),
  SCRAPE_INTERVAL: z.string().regex(/^\d+s$/, 'must be seconds such as 15s').default('5s').describe('How often Prometheus asks.'),
  HISTORY_DAYS: z.coerce.number().int().min(0).max(1000).default(200).describe('Days of the past to compute into Prometheus on the first start.'),
  DEMO_USERS: z.coerce.number().int().min(100).default(20_000).describe('Size of the demo company.'),
  DEMO_DAYS: z.coerce.number().int().min(30).default(200).describe('Its age in days.'),
  DEMO_SEED: z.coerce.number().int().default(2).describe('Another seed gives another company.'),
  SIMULATOR: z.stringbool().default(true).describe('Keeps the demo company alive while it runs.'),
  DEMO_HOST: z.stringbool().default(true).describe('Runs the demo host beside the demo company.'),
  DEMO_HOST_LOAD: z.stringbool().default(true).describe('Sends requests to it as its users would.'),
  DEMO_HOST_BREAK: z.stringbool().default(true).describe('Its new tunnel engine, behind the flag new-tunnel-engine, has a bug.'),
  GRAFANA_ANNOTATIONS_URL: url(/^https?$/).optional().describe('A Grafana that gets an annotation per admin action.'),
  GRAFANA_ANNOTATIONS_TOKEN: secret(z.string()).optional().describe('Its service account token.'),
  WEBHOOK_SECRET_ALERTMANAGER: secret(z.string()).optional().describe('Lets Alertmanager take back ramps of flags; at least 16 characters.'),
  WEBHOOK_SECRET_GRAFANA: secret(z.string()).optional().describe('The same for Grafana, which signs with it.'),
  WEBHOOK_TIMESTAMP_HEADER_GRAFANA: z.string().optional().describe('The header that Grafana is told to put the time into.'),
  STRIPE_SECRET_KEY: secret(z.string()).optional().describe('Pushes coupons and promotion codes to Stripe.'),
  STRIPE_API_BASE: url(/^https?$/).optional().describe('Another address of Stripe, such as that of a mock.'),
  STRIPE_WEBHOOK_SECRET: secret(z.string()).optional().describe('Lets Stripe tell of redemptions; the signing secret of its endpoint.'),
  TRUSTED_PROXIES: z.string().optional().describe('Networks whose X-Forwarded-For is believed, such as 10.0.0.0/8.'),
  GEOIP_DATABASE: z.string().optional().describe('Databases of addresses (.mmdb) that countries and regions are told from.'),
  GEOIP_COUNTRY_HEADER: z.string().optional().describe('The header in which a trusted CDN tells the country.'),
  ALERT_SMTP: z.string().regex(/^[^:]+:\d+$/, 'must be host:port').optional().describe('Mail server for alerts.'),
  ALERT_MAIL_FROM: z.email().optional().describe('Sender of alert mails.'),
  ALERT_PAGE_MAIL: z.email().optional().describe('Who is mailed for a page.'),
  ALERT_TICKET_MAIL: z.email().optional().describe('Who is mailed for a ticket.'),
  ALERT_PAGE_WEBHOOK: url(/^https?$/).optional().describe('What is called for a page.'),
  ALERT_TICKET_WEBHOOK: url(/^https?$/).optional().describe('What is called for a ticket.'),
  LOG_LEVEL: logLevel.describe('Of the services.'),
});

export type LauncherConfig = Readonly<z.output<typeof configSchema>> & { readonly PUBLIC_URL: string };

/** @throws Problem with one readable line per bad value */
export function readLauncherConfig(environment: NodeJS.ProcessEnv): LauncherConfig {
  const config = readOrExplain(environment);
  return Object.freeze({ ...config, PUBLIC_URL: config.PUBLIC_URL ?? `http://127.0.0.1:${config.UI_PORT}` });
}

function readOrExplain(environment: NodeJS.ProcessEnv): Readonly<z.output<typeof configSchema>> {
  try {
    return readConfig(configSchema, environment);
  } catch (error) {
    throw new Problem((error as Error).message, { cause: error });
  }
}

/** The variables with their defaults and what they mean, for `--help`. */
export function describeVariables(): string {
  return Object.entries(configSchema.shape)
    .map(([name, field]) => {
      const { data: fallback } = field.safeParse(undefined);
      return `  ${name.padEnd(26)} ${field.description ?? ''}${fallback === undefined ? '' : ` [${String(fallback)}]`}`;
    })
    .join('\n');
}
