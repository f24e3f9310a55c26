// The doors for alerts: shut without a secret, open to whom knows it, and each firing goes in once. The real Alertmanager
// walks through its own.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../../test/api.ts';
import { freePort } from '../../../../../database/testing/free-port.ts';
import { eventually } from '../../../../test/process.ts';

const SECRETS = { alertmanager: 'the-secret-of-alertmanager', grafana: 'the-secret-of-grafana' };
const TIMESTAMP = 'X-Grafana-Alerting-Timestamp';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ env: { WEBHOOK_SECRET_ALERTMANAGER: SECRETS.alertmanager, WEBHOOK_SECRET_GRAFANA: SECRETS.grafana, WEBHOOK_TIMESTAMP_HEADER_GRAFANA: TIMESTAMP } });
});
afterAll(() => api.close());
afterEach(() => api.db.pool.query('DELETE FROM flag_alert'));

const alert = (labels: Record<string, string>, more: Record<string, unknown> = {}) => ({
  status: 'firing', labels: { alertname: 'TunnelErrors', ...labels }, annotations: { summary: 'Tunnels fail.' }, startsAt: '2026-03-01T12:00:00.123Z', endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus.acme.example/graph', fingerprint: '0a1b2c3d4e5f6071', ...more,
});
const bodyOf = (...alerts: object[]): string => JSON.stringify({ version: '4', receiver: 'rollback', status: 'firing', alerts });

async function post(provider: string, body: string, headers: Record<string, string>): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${api.baseUrl}/webhooks/${provider}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const fromAlertmanager = (body: string, token = SECRETS.alertmanager) => post('alertmanager', body, { authorization: `Bearer ${token}` });
function fromGrafana(body: string, { secret = SECRETS.grafana, at = Math.floor(Date.now() / 1_000) } = {}) {
  return post('grafana', body, { [TIMESTAMP]: String(at), 'X-Grafana-Alerting-Signature': createHmac('sha256', secret).update(`${at}:${body}`).digest('hex') });
}
const stored = async () => (await api.db.pool.query('SELECT provider, flag, variant, alert_name, summary, outcome FROM flag_alert ORDER BY id')).rows;

describe.each([['alertmanager', fromAlertmanager], ['grafana', fromGrafana]] as const)('%s', (provider, send) => {
  test('an alert that names a flag goes in', async () => {
    expect(await send(bodyOf(alert({ flag: 'new-tunnel-engine', variant: 'on' })))).toEqual({ status: 202, body: { taken: 1, known: 0 } });
    expect(await stored()).toEqual([{ provider, flag: 'new-tunnel-engine', variant: 'on', alert_name: 'TunnelErrors', summary: 'Tunnels fail.', outcome: null }]);
  });

  test('one firing goes in once, however often and in however many deliveries at a time', async () => {
    const body = bodyOf(alert({ flag: 'new-tunnel-engine' }));
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(body)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 202));
    expect(await stored()).toHaveLength(1);
    // The same alert fires again later: that is news.
    expect((await send(bodyOf(alert({ flag: 'new-tunnel-engine' }, { startsAt: '2026-03-01T15:00:00Z' })))).body).toEqual({ taken: 1, known: 0 });
  });

  test('what names no flag, or has ended, is answered and left alone', async () => {
    const answer = await send(bodyOf(alert({}), alert({ flag: 'Not A Key"}' }), alert({ flag: 'new-tunnel-engine' }, { status: 'resolved' })));
    expect(answer).toEqual({ status: 202, body: { taken: 0, known: 0 } });
    expect(await stored()).toEqual([]);
  });

  test.each([
    ['no JSON', '{"alerts":', 400, 'body_malformed'],
    ['another form', '{"alerts":[{"labels":{"flag":7}}]}', 422, 'body_invalid'],
    ['nothing', '', 400, 'body_malformed'],
  ])('%s is refused', async (_, body, status, code) => {
    expect(await send(body)).toMatchObject({ status, body: { code } });
  });
});

test('a forged sender is refused and leaves nothing', async () => {
  const body = bodyOf(alert({ flag: 'new-tunnel-engine' }));
  expect(await fromAlertmanager(body, SECRETS.grafana)).toMatchObject({ status: 401, body: { code: 'webhook_secret_invalid' } });
  expect(await fromGrafana(body, { secret: SECRETS.alertmanager })).toMatchObject({ status: 401, body: { code: 'webhook_signature_invalid' } });
  expect(await fromGrafana(body, { at: Math.floor(Date.now() / 1_000) - 301 })).toMatchObject({ status: 401, body: { code: 'webhook_timestamp_invalid' } });
  expect(await stored()).toEqual([]);
});

test('without a secret there is no door', async () => {
  const shut = await startTestApi();
  for (const provider of ['alertmanager', 'grafana']) {
    expect((await fetch(`${shut.baseUrl}/webhooks/${provider}`, { method: 'POST', body: bodyOf(), headers: { authorization: 'Bearer undefined' } })).status).toBe(404);
  }
  await shut.close();
});

const PROGRAM = ['prometheus-alertmanager', 'alertmanager'].find((name) => spawnSync(name, ['--version']).status === 0);

(PROGRAM === undefined ? describe.skip : describe)('the real Alertmanager (where it is installed)', () => {
  let folder: string;
  let child: ChildProcess;
  let url: string;

  afterEach(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });

  test.each([
    ['a bearer token', `authorization: { credentials: ${SECRETS.alertmanager} }`],
    ['basic authentication', `basic_auth: { username: alertmanager, password: ${SECRETS.alertmanager} }`],
  ])('is let in with %s, and its repetitions change nothing', async (_, httpConfig) => {
    folder = await mkdtemp(path.join(tmpdir(), 'admin-center-alertmanager-'));
    await writeFile(path.join(folder, 'alertmanager.yml'), `
route: { receiver: rollback, group_wait: 0s, group_interval: 1s, repeat_interval: 1s }
receivers:
  - name: rollback
    webhook_configs:
      - url: ${api.baseUrl}/webhooks/alertmanager
        http_config: { ${httpConfig} }
`);
    url = `http://127.0.0.1:${await freePort()}`;
    child = spawn(PROGRAM as string, [`--config.file=${folder}/alertmanager.yml`, `--storage.path=${folder}/data`, `--web.listen-address=${url.slice(7)}`, '--cluster.listen-address='], { stdio: 'ignore' });
    await eventually(() => fetch(`${url}/-/ready`).then(({ ok }) => ok, () => false), Boolean, 30_000);
    const fire = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ labels: { alertname: 'TunnelErrors', flag: 'new-tunnel-engine' }, annotations: { summary: 'Tunnels fail.' } }]),
    });
    expect(fire.status).toBe(200);
    await eventually(stored, (rows) => rows.length === 1);
    const sent = async (): Promise<number> => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(/^alertmanager_notifications_total\{.*integration="webhook".*\} (\d+)$/m.exec(text)?.[1]);
    };
    await eventually(sent, (count) => count >= 2, 30_000);
    expect(await stored()).toEqual([{ provider: 'alertmanager', flag: 'new-tunnel-engine', variant: null, alert_name: 'TunnelErrors', summary: 'Tunnels fail.', outcome: null }]);
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/alertmanager_notifications_failed_total\{.*integration="webhook".*\} 0/);
  }, 60_000);
});
