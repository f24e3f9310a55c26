// The configuration of the actions API, from the environment, parsed once.
import { z } from 'zod';
import { logLevel, port, secret } from '@admin-center/platform/config';
import { trustedProxiesOf } from './platform/events/client-address.ts';

const SWITCH = z.enum(['true', 'false']).default('false').transform((value) => value === 'true');
const url = z.url({ protocol: /^https?$/ });
const list = (text: string): string[] => text.split(',').map((part) => part.trim()).filter((part) => part !== '');

export const API_ROLES = ['admin', 'ingest', 'worker'] as const;

export const configSchema = z.object({
  DATABASE_URL: z.string().min(1, 'Set it to the URL of the role admin_center_api.'),
  HOST: z.string().default('127.0.0.1'),
  PORT: port(4000),
  TELEMETRY_PORT: port(9465),
  LOG_LEVEL: logLevel,
  /** What this process does: answer admins, answer programs with project keys, run jobs, or all of it. */
  API_ROLES: z.string().default('admin,ingest,worker').transform(list).pipe(z.array(z.enum(API_ROLES)).min(1)),
  ACTIONS_API_TOKEN: secret(z.string().min(16, 'Set the shared secret that Grafana injects; at least 16 characters.')),
  /** The issuer of ID tokens is this with a trailing slash. */
  GRAFANA_ROOT_URL: url.default('http://127.0.0.1:3000/').transform((text) => (text.endsWith('/') ? text : `${text}/`)),
  GRAFANA_JWKS_URL: url.optional(),
  GRAFANA_ORG_IDS: z.string().default('1').transform((text) => list(text).map(Number)).pipe(z.array(z.number().int().positive()).min(1)),
  TRUST_UNVERIFIED_EMAIL: SWITCH,
  /** A Grafana that gets an annotation per admin action, and a service account token that may write them. */
  GRAFANA_ANNOTATIONS_URL: url.optional(),
  GRAFANA_ANNOTATIONS_TOKEN: secret(z.string().min(1)).optional(),
  /** Guardrails of ramps are asked here; without it a ramp with guardrails never moves. */
  PROMETHEUS_URL: url.optional(),
  /** How often guardrails are evaluated. */
  GUARDRAIL_INTERVAL_SECONDS: z.coerce.number().int().min(1).max(60).default(15),
  /** Alerts with a label `flag` end the ramp of that flag. A sender without a secret has no endpoint. */
  WEBHOOK_SECRET_ALERTMANAGER: secret(z.string().min(16, 'At least 16 characters.')).optional(),
  WEBHOOK_SECRET_GRAFANA: secret(z.string().min(16, 'At least 16 characters.')).optional(),
  /** The header Grafana is told to put a time into; it is signed with the body, and an old one is refused. */
  WEBHOOK_TIMESTAMP_HEADER_GRAFANA: z.string().regex(/^[A-Za-z0-9-]+$/, 'A header name.').optional(),
  /** Coupons and promotion codes are pushed to Stripe with it; without it nothing of Stripe runs. */
  STRIPE_SECRET_KEY: secret(z.string().min(8, 'At least 8 characters.')).optional(),
  STRIPE_API_BASE: url.default('https://api.stripe.com'),
  /** Signing secret of the endpoint that Stripe was told of; without it there is no endpoint. */
  STRIPE_WEBHOOK_SECRET: secret(z.string().min(16, 'At least 16 characters.')).optional(),
  /** Only looked at for their health. */
  ALERTMANAGER_URL: url.optional(),
  EXPORTER_URL: url.optional(),
  /** Append-only record of chain heads, outside the database; replicas share it. */
  AUDIT_WITNESS_FILE: z.string().default('.data/audit-witness.jsonl'),
  /** Signs tokens of impersonated sessions; made when it is not there, shared by replicas, readable by nobody else. */
  IMPERSONATION_KEY_FILE: z.string().default('.data/impersonation-key.json'),
  /** Page of the host that takes the code of an impersonation as `?code=`. Without it admins carry the code over by hand. */
  HOST_HANDOFF_URL: url.optional(),
  /** How many paying users one admin may touch with one action before another admin has to approve it (S16). */
  APPROVAL_USER_THRESHOLD: z.coerce.number().int().min(0).default(1_000),
  RATE_LIMIT_READS_PER_MINUTE: z.coerce.number().int().min(1).default(600),
  RATE_LIMIT_WRITES_PER_MINUTE: z.coerce.number().int().min(1).default(60),
  /** Per project key and process. */
  RATE_LIMIT_INGEST_PER_MINUTE: z.coerce.number().int().min(1).default(60_000),
  /** Requests without a good project key, per address and process. */
  RATE_LIMIT_BAD_KEYS_PER_MINUTE: z.coerce.number().int().min(1).default(60),
  /** Networks of our own proxies: from them, and from nobody else, X-Forwarded-For is believed. */
  TRUSTED_PROXIES: z.string().default('').transform(list).superRefine((networks, check) => {
    try {
      trustedProxiesOf(networks);
    } catch (error) {
      check.addIssue({ code: 'custom', message: (error as Error).message });
    }
  }),
  /** Databases of addresses (.mmdb) that countries are read from, the first that knows one; without any, the one that comes with the product. */
  GEOIP_DATABASE: z.string().default('').transform(list),
  /** The header in which a CDN among the trusted proxies puts the country, such as CF-IPCountry. */
  GEOIP_COUNTRY_HEADER: z.string().regex(/^[A-Za-z0-9-]+$/, 'A header name.').optional(),
  /** Promotion codes there are none of, which are answered before whoever tries them is held back. */
  CODE_GUESSES_PER_USER_AND_HOUR: z.coerce.number().int().min(1).default(10),
  CODE_GUESSES_PER_ADDRESS_AND_HOUR: z.coerce.number().int().min(1).default(30),
});

export type Config = Readonly<z.output<typeof configSchema>>;

export const signingKeysUrl = (config: Config): string => config.GRAFANA_JWKS_URL ?? `${config.GRAFANA_ROOT_URL}api/signing-keys/keys`;
