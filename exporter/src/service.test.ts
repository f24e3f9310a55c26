// The whole exporter on a database of the host: what Prometheus gets, on both ports.
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { capabilities } from '@admin-center/contracts/capabilities';
import { createLogger } from '@admin-center/platform/log';
import type { Service } from '@admin-center/platform/run';
import { eventually } from '../test/eventually.ts';
import { freePort } from '../../database/testing/free-port.ts';
import { freshDatabase } from '../test/fresh-database.ts';
import { checkMetrics, hasPrometheus } from '../test/prometheus.ts';
import { collectors } from './collectors.ts';
import { startExporter } from './service.ts';

const log = createLogger('exporter', 'silent');
const fresh = freshDatabase();
let service: Service;
let telemetryPort: number;

beforeAll(async () => {
  await fresh.database.make.user();
  telemetryPort = await freePort();
  service = await startExporter({ DATABASE_URL: fresh.database.exporterUrl, HOST: '127.0.0.1', PORT: 0, TELEMETRY_PORT: telemetryPort, LOG_LEVEL: 'silent' }, log);
  await eventually(async () => ((await fetch(`http://127.0.0.1:${service.port}/readyz`)).ok ? true : null), 60_000);
}, 90_000);
afterAll(() => service.close());

const scrape = async (): Promise<string> => (await fetch(`http://127.0.0.1:${service.port}/metrics`)).text();

describe('the page', () => {
  test('has the number of users of the database', async () => {
    expect(await scrape()).toContain('admincenter_users{state="active",tier="free"} 1\n');
  });

  (hasPrometheus ? test : test.skip)('passes promtool check metrics', async () => {
    expect(() => checkMetrics('# HELP wrong_total A gauge.\n# TYPE wrong_total gauge\nwrong_total 1\n')).toThrow();
    checkMetrics(await scrape());
  });

  test('has each family once, and only what the contracts declare', async () => {
    const families = [...(await scrape()).matchAll(/^# TYPE (admincenter_\w+)/gm)].map(([, name]) => name);
    expect(new Set(families).size).toBe(families.length);
    const declared = capabilities.flatMap((capability) => capability.metrics).filter(({ source }) => source === 'exporter').map(({ name }) => name);
    expect(families.filter((name) => !declared.includes(name ?? ''))).toEqual([]);
    const absent = declared.filter((name) => !families.includes(name));
    expect(absent.filter((name) => !collectors.some((collector) => collector.mayBeAbsent.includes(name)))).toEqual([]);
  });

  test('every capability with metrics has its collector', () => {
    const withMetrics = capabilities.filter(({ metrics }) => metrics.some(({ source }) => source === 'exporter')).map(({ noun }) => noun);
    expect(collectors.map(({ name }) => name).sort()).toEqual([...withMetrics].sort());
  });

  test('has the process, without gauges named like counters', async () => {
    const text = await scrape();
    expect(text).toContain('process_resident_memory_bytes ');
    expect(text).not.toMatch(/nodejs_active_\w+_total/);
  });
});

test('its own telemetry counts its scrapes by route and status', async () => {
  await scrape();
  await fetch(`http://127.0.0.1:${service.port}/nothing`);
  const text = await eventually(async () => {
    const page = await (await fetch(`http://127.0.0.1:${telemetryPort}/metrics`)).text();
    return page.includes('http_route="/metrics"') ? page : null;
  });
  expect(text).toMatch(/http_server_request_duration_seconds_count\{[^}]*http_request_method="GET"[^}]*http_response_status_code="200"[^}]*http_route="\/metrics"/);
  expect(text).not.toContain('/nothing');
});

test('a port that is taken is an error, and nothing stays open', async () => {
  const taken: Server = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const config = { DATABASE_URL: fresh.database.exporterUrl, HOST: '127.0.0.1', PORT: (taken.address() as AddressInfo).port, TELEMETRY_PORT: await freePort(), LOG_LEVEL: 'silent' } as const;
  await expect(startExporter(config, log)).rejects.toThrow('EADDRINUSE');
  taken.close();
});
