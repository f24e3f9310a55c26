// The Node services as child processes: which file, which environment, where they say that they are ready.
import path from 'node:path';
import type { LauncherConfig } from '../config.ts';
import type { ChildSpec } from '../process/child.ts';
import { inRoot } from '../root.ts';
import type { Credentials } from './credentials.ts';

export interface Service {
  readonly spec: ChildSpec;
  readonly readyUrl: string;
}

/** Where the parts find each other; only what runs is named. */
export interface Surroundings {
  readonly exporterUrl: string;
  readonly apiUrl: string;
  /** The audit log's witness belongs to one database. */
  readonly witnessFile: string;
  readonly prometheus: boolean;
  readonly alertmanager: boolean;
  readonly demoHost: boolean;
}

const local = (port: number): string => `http://127.0.0.1:${port}`;
const given = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));

export function exporterService(config: LauncherConfig, surroundings: Surroundings): Service {
  return {
    spec: {
      name: 'exporter',
      program: { script: 'exporter/src/main.ts' },
      env: {
        DATABASE_URL: surroundings.exporterUrl,
        HOST: '127.0.0.1',
        PORT: String(config.EXPORTER_PORT),
        TELEMETRY_PORT: String(config.EXPORTER_TELEMETRY_PORT),
        LOG_LEVEL: config.LOG_LEVEL,
      },
    },
    readyUrl: `${local(config.EXPORTER_PORT)}/readyz`,
  };
}

export function actionsApiService(config: LauncherConfig, credentials: Credentials, surroundings: Surroundings): Service {
  return {
    spec: {
      name: 'actions-api',
      program: { script: 'actions-api/src/main.ts' },
      env: given({
        DATABASE_URL: surroundings.apiUrl,
        HOST: '127.0.0.1',
        PORT: String(config.API_PORT),
        TELEMETRY_PORT: String(config.API_TELEMETRY_PORT),
        API_ROLES: 'admin,ingest,worker',
        GRAFANA_ROOT_URL: `${config.PUBLIC_URL}/`,
        // Asked directly: PUBLIC_URL may be a name that only resolves outside.
        GRAFANA_JWKS_URL: `${local(config.UI_PORT)}/api/signing-keys/keys`,
        ACTIONS_API_TOKEN: credentials.actionsApiToken,
        PROMETHEUS_URL: surroundings.prometheus ? local(config.PROMETHEUS_PORT) : undefined,
        ALERTMANAGER_URL: surroundings.alertmanager ? local(config.ALERTMANAGER_PORT) : undefined,
        EXPORTER_URL: local(config.EXPORTER_PORT),
        GRAFANA_ANNOTATIONS_URL: config.GRAFANA_ANNOTATIONS_URL,
        GRAFANA_ANNOTATIONS_TOKEN: config.GRAFANA_ANNOTATIONS_TOKEN,
        WEBHOOK_SECRET_ALERTMANAGER: config.WEBHOOK_SECRET_ALERTMANAGER,
        WEBHOOK_SECRET_GRAFANA: config.WEBHOOK_SECRET_GRAFANA,
        WEBHOOK_TIMESTAMP_HEADER_GRAFANA: config.WEBHOOK_TIMESTAMP_HEADER_GRAFANA,
        STRIPE_SECRET_KEY: config.STRIPE_SECRET_KEY,
        STRIPE_API_BASE: config.STRIPE_API_BASE,
        STRIPE_WEBHOOK_SECRET: config.STRIPE_WEBHOOK_SECRET,
        TRUSTED_PROXIES: config.TRUSTED_PROXIES,
        GEOIP_DATABASE: config.GEOIP_DATABASE,
        GEOIP_COUNTRY_HEADER: config.GEOIP_COUNTRY_HEADER,
        AUDIT_WITNESS_FILE: surroundings.witnessFile,
        IMPERSONATION_KEY_FILE: path.join(config.DATA_DIR, 'impersonation-key.json'),
        HOST_HANDOFF_URL: surroundings.demoHost ? `${local(config.DEMO_HOST_PORT)}/impersonate` : undefined,
        LOG_LEVEL: config.LOG_LEVEL,
      }),
    },
    readyUrl: `${local(config.API_PORT)}/readyz`,
  };
}

export function standaloneService(config: LauncherConfig, credentials: Credentials): Service {
  return {
    spec: {
      name: 'standalone',
      program: { script: 'standalone/server/main.ts' },
      env: {
        HOST: config.HOST,
        PORT: String(config.UI_PORT),
        PUBLIC_URL: config.PUBLIC_URL,
        PROMETHEUS_URL: local(config.PROMETHEUS_PORT),
        PROMETHEUS_SCRAPE_INTERVAL: config.SCRAPE_INTERVAL,
        ACTIONS_API_URL: local(config.API_PORT),
        ACTIONS_API_TOKEN: credentials.actionsApiToken,
        DATA_DIR: path.join(config.DATA_DIR, 'standalone'),
        ADMINS_FILE: path.join(config.DATA_DIR, 'admins.json'),
        PLUGIN_DIST: inRoot('grafana-plugin/dist'),
        LOG_LEVEL: config.LOG_LEVEL,
      },
    },
    readyUrl: `${local(config.UI_PORT)}/healthz`,
  };
}

/** The application that the demo company's users use; it reads its own tables, so it connects as their owner. */
export function demoHostService(config: LauncherConfig, credentials: Credentials, ownerUrl: string): Service {
  return {
    spec: {
      name: 'demo-host',
      program: { script: 'demo-host/src/main.ts' },
      env: {
        DATABASE_URL: ownerUrl,
        HOST: '127.0.0.1',
        PORT: String(config.DEMO_HOST_PORT),
        ADMIN_CENTER_URL: local(config.API_PORT),
        ADMIN_CENTER_KEY: credentials.demoServerKey,
        ADMIN_CENTER_CLIENT_KEY: credentials.demoClientKey,
        POLICY_FILE: path.join(config.DATA_DIR, 'demo-host-policy.json'),
        DEMO_HOST_LOAD: String(config.DEMO_HOST_LOAD),
        DEMO_HOST_BREAK: String(config.DEMO_HOST_BREAK),
        LOG_LEVEL: config.LOG_LEVEL,
      },
    },
    readyUrl: `${local(config.DEMO_HOST_PORT)}/healthz`,
  };
}

/** Keeps the demo company alive; it plays the host application, so it writes as the owner. The product's events go the way of any client's. */
export function simulatorService(config: LauncherConfig, credentials: Credentials, ownerUrl: string): ChildSpec {
  return {
    name: 'simulator',
    program: { script: 'database/demo/simulate.ts' },
    env: {
      DATABASE_URL: ownerUrl,
      DEMO_SEED: String(config.DEMO_SEED),
      ADMIN_CENTER_URL: local(config.API_PORT),
      ADMIN_CENTER_KEY: credentials.demoServerKey,
      LOG_LEVEL: config.LOG_LEVEL,
    },
  };
}
