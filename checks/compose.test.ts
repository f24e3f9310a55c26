// docker-compose.yml, the Dockerfile and the provisioned files fit each other and the services' own configuration. Docker
// is not needed for this.
import { describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import { configSchema as actionsApi } from '../actions-api/src/config.ts';
import { configSchema as demoHost } from '../demo-host/src/config.ts';
import { configSchema as exporter } from '../exporter/src/config.ts';
import { configSchema as launcher, readLauncherConfig } from '../launcher/src/config.ts';
import { configSchema as migrate } from '../launcher/src/prepare-config.ts';
import { portUses } from '../launcher/src/stack/stack.ts';
import { files, read, yaml } from './files.ts';

interface Service {
  readonly image?: string;
  readonly build?: { readonly target: string };
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly profiles?: readonly string[];
}

const compose = yaml('docker-compose.yml') as { readonly services: Readonly<Record<string, Service>>; readonly volumes: Readonly<Record<string, unknown>> };
const { services } = compose;
const dockerfile = read('Dockerfile');

/** `${NAME:-default}` as compose resolves it when nothing is set. */
const resolved = (value: string | number): string => String(value).replaceAll(/\$\{\w+(:?-([^}]*))?\}/g, (_whole, _dash, fallback: string | undefined) => fallback ?? '');
const environmentOf = (name: string): Record<string, string> => Object.fromEntries(Object.entries(services[name]?.environment ?? {}).map(([key, value]) => [key, resolved(value)]));
const publishedBy = (name: string): number[] => (services[name]?.ports ?? []).map((port) => Number(port.split(':')[1]));

describe.each([
  ['exporter', exporter],
  ['actions-api', actionsApi],
  ['migrate', migrate],
  ['demo-host', demoHost],
] as const)('%s', (name, schema: z.ZodObject) => {
  test('sets only variables that the service reads, with values it accepts', () => {
    const environment = environmentOf(name);
    expect(Object.keys(environment).filter((key) => !Object.hasOwn(schema.shape, key))).toEqual([]);
    const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
    expect(schema.safeParse(given).error?.issues ?? []).toEqual([]);
  });

});

test.each(['exporter', 'actions-api', 'demo-host'])('%s listens where it is published', (name) => {
  const { PORT, TELEMETRY_PORT, HOST } = environmentOf(name);
  expect(publishedBy(name).toSorted()).toEqual([PORT, TELEMETRY_PORT].flatMap((port) => (port === undefined ? [] : [Number(port)])).toSorted());
  expect(HOST).toBe('0.0.0.0');
});

test('the ports are those of npm start', () => {
  const config = readLauncherConfig({});
  const started = [...portUses(config).map(({ port }) => port), config.POSTGRES_PORT];
  const published = Object.keys(services).flatMap(publishedBy);
  expect(started.filter((port) => !published.includes(port))).toEqual([]);
});

test('nothing is published beyond this machine', () => {
  expect(Object.values(services).flatMap(({ ports = [] }) => ports).filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
});

test('alert addresses are the ones the launcher fills in', () => {
  const names = Object.keys(launcher.shape).filter((key) => key.startsWith('ALERT_') && !key.startsWith('ALERTMANAGER'));
  expect(Object.keys(services['migrate']?.environment ?? {}).filter((key) => key.startsWith('ALERT_')).toSorted()).toEqual(names.toSorted());
});

test('services, images and volumes that are named exist', () => {
  const targets = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, target]) => target);
  for (const { build, image, volumes = [], depends_on = {} } of Object.values(services)) {
    expect(build === undefined ? image : build.target).toEqual(expect.any(String));
    expect(build === undefined || targets.includes(build.target)).toBe(true);
    expect(image === undefined || /:[\w.-]*\d/.test(image)).toBe(true);
    expect(Object.keys(depends_on).filter((name) => !Object.hasOwn(services, name))).toEqual([]);
    const named = volumes.map((volume) => volume.split(':')[0] ?? '').filter((source) => /^\w/.test(source));
    expect(named.filter((source) => !Object.hasOwn(compose.volumes, source))).toEqual([]);
  }
});

test('every scrape target and the data source are services on ports they listen on', () => {
  const { scrape_configs: jobs } = yaml('provisioning/prometheus/prometheus.yml') as { scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[] };
  const targets = jobs.filter(({ job_name }) => job_name !== 'prometheus').flatMap(({ static_configs }) => static_configs.flatMap((group) => group.targets));
  const known = new Set([...Object.keys(services).flatMap((name) => publishedBy(name).map((port) => `${name}:${port}`)), 'node-exporter:9100']);
  expect(targets.filter((target) => !known.has(target))).toEqual([]);
  const grafana = environmentOf('grafana');
  for (const variable of ['PROMETHEUS_URL', 'ALERTMANAGER_URL', 'ACTIONS_API_URL']) {
    expect(known).toContain((grafana[variable] ?? '').replace('http://', ''));
  }
});

test('Grafana gets every variable its provisioned files use, and may load the app and its panels', () => {
  const used = files('provisioning/grafana/**/*.yaml').flatMap((file) => [...read(file).matchAll(/\$([A-Z][A-Z_]+)/g)].map(([, name]) => name ?? ''));
  const grafana = environmentOf('grafana');
  expect([...new Set(used)].filter((name) => !Object.hasOwn(grafana, name))).toEqual([]);
  const ids = files('grafana-plugin/src/plugin.json', 'grafana-plugin/src/**/plugin.json').map((file) => (JSON.parse(read(file)) as { id: string }).id);
  expect((grafana['GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS'] ?? '').split(',').toSorted()).toEqual([...new Set(ids)].toSorted());
});

test('the API trusts the issuer Grafana signs with', () => {
  expect(environmentOf('actions-api')['GRAFANA_ROOT_URL']).toBe(environmentOf('grafana')['GF_SERVER_ROOT_URL']);
  expect(environmentOf('actions-api')['GRAFANA_JWKS_URL']).toMatch(/^http:\/\/grafana:3000\/api\/signing-keys\/keys$/);
  expect(environmentOf('actions-api')['ACTIONS_API_TOKEN']).toBe(environmentOf('grafana')['ACTIONS_API_TOKEN']);
});

describe('Dockerfile', () => {
  const stages = dockerfile.split(/^FROM /m).slice(1).map((text) => ({ name: /AS (\S+)/.exec(text)?.[1] ?? '', from: /^(\S+)/.exec(text)?.[1] ?? '', text }));

  test.each(['exporter', 'actions-api', 'demo-host', 'tools'])('%s runs as another user than root', (name) => {
    const stage = stages.find((candidate) => candidate.name === name);
    const users = [...(stage?.text ?? '').matchAll(/^USER (\S+)$/gm)].map(([, user]) => user);
    expect(stage?.from).toBe('service');
    expect(users.at(-1) ?? 'node').toBe('node');
    expect(stages.find((candidate) => candidate.name === 'service')?.text).toMatch(/^USER node$/m);
  });

  test.each(['exporter', 'actions-api', 'demo-host', 'grafana'])('%s says whether it is healthy', (name) => {
    expect(stages.find((stage) => stage.name === name)?.text).toMatch(/^HEALTHCHECK /m);
  });

  test('copies only what is there', () => {
    const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, list]) => (list ?? '').split(' '));
    expect(sources.filter((source) => files(source).length === 0 && files(`${source}/*`).length === 0)).toEqual([]);
  });

  test('installs from the manifest of every workspace', () => {
    const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] };
    expect(workspaces.filter((name) => !dockerfile.includes(`COPY ${name}/package.json ${name}/`))).toEqual([]);
  });
});
