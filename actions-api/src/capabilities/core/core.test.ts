// Core: the health of the parts and what the adapter found. Who is asking is tested with the platform's auth.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { core } from '@admin-center/contracts/core';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import { makeTestKey } from '../../../test/keys.ts';
import { describeEndpoints } from '../../../test/describe-endpoints.ts';

const reason = 'For a test of the project keys.';
describeEndpoints(core, {
  me: async () => ({}),
  parts: async () => ({}),
  probes: async () => ({}),
  keys: async () => ({}),
  createKey: async () => ({ body: { reason, name: 'Shop', kind: 'server' } }),
  rotateKey: async (api) => ({ params: { keyId: (await makeTestKey(api)).id }, body: { reason } }),
  revokeKey: async (api) => ({ params: { keyId: (await makeTestKey(api)).id }, body: { reason } }),
});

describe('the parts', () => {
  let api: TestApi;
  let prometheus: http.Server;
  let silent: http.Server;
  const urlOf = (server: http.Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const started = (listener: http.RequestListener): Promise<http.Server> =>
    new Promise((resolve) => {
      const server = http.createServer(listener).listen(0, '127.0.0.1', () => resolve(server));
    });

  beforeAll(async () => {
    prometheus = await started((request, response) => response.end(request.url === '/api/v1/status/buildinfo' ? '{"data":{"version":"2.42.0"}}' : ''));
    silent = await started(() => undefined);
    const gone = await started(() => undefined);
    const closedUrl = urlOf(gone);
    await new Promise((resolve) => gone.close(resolve));
    api = await startTestApi({ env: { PROMETHEUS_URL: urlOf(prometheus), ALERTMANAGER_URL: urlOf(silent), EXPORTER_URL: closedUrl } });
    await api.db.make.admin({ email: 'ada@acme.example' });
  });
  afterAll(async () => {
    await api.close();
    silent.closeAllConnections();
    await Promise.all([prometheus, silent].map((server) => new Promise((resolve) => server.close(resolve))));
  });

  test('are asked at once, and a silent one does not hold up the others', async () => {
    await api.db.pool.query("INSERT INTO admin_center.heartbeat (part, at) VALUES ('worker', now() - interval '2 minutes')");
    const { status, body } = await api.as({ email: 'ada@acme.example' }).get('/api/v1/core/parts');
    expect(status).toBe(200);
    expect((body as { items: unknown[] }).items).toMatchObject([
      { name: 'database', state: 'up', detail: expect.stringContaining('PostgreSQL') },
      { name: 'worker', state: 'down', detail: expect.stringContaining('Last sign of life 12') },
      { name: 'exporter', state: 'down', detail: expect.stringContaining('ECONNREFUSED') },
      { name: 'prometheus', state: 'up', detail: 'Prometheus 2.42.0' },
      { name: 'alertmanager', state: 'down', detail: 'No answer within 2 s.' },
      { name: 'grafana-annotations', state: 'not_configured' },
    ]);
  });

  test.each(['<html>Welcome to the hotel</html>', '{}', '[]', 'null', '{"data":{},"versionInfo":"x"}'])('are not up for something else that answers 200: %s', async (said) => {
    const hotel = await started((_request, response) => response.end(said));
    const env = { PROMETHEUS_URL: urlOf(hotel), ALERTMANAGER_URL: urlOf(hotel), EXPORTER_URL: urlOf(hotel), GRAFANA_ANNOTATIONS_URL: urlOf(hotel), GRAFANA_ANNOTATIONS_TOKEN: 'token' };
    const fooled = await startTestApi({ env });
    await fooled.db.make.admin({ email: 'ada@acme.example' });
    const { items } = (await fooled.as({ email: 'ada@acme.example' }).get('/api/v1/core/parts')).body as { items: { name: string; state: string; detail: string }[] };
    const others = items.filter(({ name }) => ['exporter', 'prometheus', 'alertmanager', ...(said === '[]' ? [] : ['grafana-annotations'])].includes(name));
    expect(others.map(({ state, detail }) => [state, /not its own/.test(detail)])).toEqual(others.map(() => ['down', true]));
    await fooled.close();
    hotel.close();
  });

  test('include what the host\'s database lacks', async () => {
    const migrator = await startTestApi({ host: 'migrator' });
    await migrator.db.make.admin({ email: 'ada@acme.example' });
    const { body } = await migrator.as({ email: 'ada@acme.example' }).get('/api/v1/core/probes');
    expect((body as { items: unknown[] }).items).toContainEqual(expect.objectContaining({ name: 'api_keys', kind: 'table', found: false }));
    await migrator.close();
  });
});
