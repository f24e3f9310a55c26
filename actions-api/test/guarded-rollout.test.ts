// The story of a guarded rollout, with the real Prometheus, the real worker's loop and a host that breaks at 20%: the ramp
// is taken back within two evaluations, with query, value and sample on record and a mark for the graphs (M2).
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FlagDetail } from '@admin-center/contracts/flags';
import type { FlagDefinitionInput } from '@admin-center/contracts/flags-definition';
import type { GuardrailResult } from '@admin-center/contracts/flags-ramp';
import { createLogger } from '@admin-center/platform/log';
import { createPool } from '@admin-center/platform/pool';
import { metrics } from '@opentelemetry/api';
import type pg from 'pg';
import { startGuardLoop } from '../src/capabilities/flags/guardrails/loop.ts';
import { createRecorder } from '../src/platform/audited.ts';
import { createDatabase } from '../src/platform/database.ts';
import { relayBatch } from '../src/platform/outbox/relay.ts';
import { startTestApi, type TestApi } from './api.ts';
import type { Client } from './client.ts';
import { eventually } from './process.ts';
import { hasPrometheus, type RunningPrometheus, startPrometheus } from './prometheus.ts';

const KEY = 'new-tunnel-engine';
const PATH = `/api/v1/flags/${KEY}`;
const reason = 'The new engine goes out in steps.';

const definition: FlagDefinitionInput = {
  name: 'New tunnel engine', type: 'boolean', variants: [{ key: 'on', value: true }, { key: 'off', value: false }], offVariant: 'off', defaultVariant: 'off',
  rollout: { percentage: 0, split: [{ variant: 'on', weight: 1 }] },
  ramp: { variant: 'on', steps: [{ percentage: 5, holdMinutes: 1 }, { percentage: 20, holdMinutes: 1 }] },
  guardrails: [{
    name: 'failed-requests', comparison: '>', threshold: 0.05, minimumSample: 10,
    promql: 'sum(rate(host_requests_total{flag="{{flag}}",variant="{{variant}}",outcome="failed"}[5s])) / sum(rate(host_requests_total{flag="{{flag}}",variant="{{variant}}"}[5s]))',
  }],
};

/** A host in small: 50 requests a second with the variant; from 20% on two in five of them fail. */
async function startHost(percentage: () => Promise<number>): Promise<{ readonly address: string; close(): Promise<void> }> {
  const counts = { ok: 0, failed: 0 };
  const timer = setInterval(() => {
    void percentage().then((served) => {
      const failed = served >= 20 ? 2 : 0;
      counts.failed += failed;
      counts.ok += 5 - failed;
    }, () => undefined);
  }, 100);
  const server = http.createServer((_request, response) => {
    const labels = `flag="${KEY}",variant="on"`;
    response.end([
      '# TYPE host_requests_total counter', `host_requests_total{${labels},outcome="ok"} ${counts.ok}`, `host_requests_total{${labels},outcome="failed"} ${counts.failed}`,
      '# TYPE admincenter_flag_evaluations_total counter', `admincenter_flag_evaluations_total{${labels},reason="split"} ${counts.ok + counts.failed}`, '',
    ].join('\n'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      clearInterval(timer);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

(hasPrometheus ? describe : describe.skip)('a ramp of a flag that breaks its host at 20% (where Prometheus is installed)', () => {
  let api: TestApi;
  let ada: Client;
  let pool: pg.Pool;
  let prometheus: RunningPrometheus;
  let host: Awaited<ReturnType<typeof startHost>>;
  let loop: ReturnType<typeof startGuardLoop>;

  const flag = async () => (await ada.get(PATH)).body as FlagDetail;
  const history = async () => ((await ada.get(`${PATH}/guardrails`)).body as { items: GuardrailResult[] }).items;
  const served = async (): Promise<number> => {
    const { rows } = await api.db.pool.query<{ percentage: number }>("SELECT (definition #>> '{rollout,percentage}')::float8 AS percentage FROM flag WHERE key = $1 AND state = 'on'", [KEY]);
    return rows[0]?.percentage ?? 0;
  };

  beforeAll(async () => {
    host = await startHost(() => served());
    prometheus = await startPrometheus(host.address);
    api = await startTestApi({ env: { PROMETHEUS_URL: prometheus.url, GUARDRAIL_INTERVAL_SECONDS: '1' } });
    await api.db.make.admin({ email: 'ada@acme.example', role: 'super_admin' });
    ada = api.as({ email: 'ada@acme.example' });
    pool = createPool({ connectionString: api.db.apiUrl, applicationName: 'test-worker', max: 6 });
    const database = createDatabase(pool);
    loop = startGuardLoop({ config: api.config, pool, database, recorder: createRecorder(database, metrics.getMeter('test').createHistogram('test')), log: createLogger('test', 'silent') });
  }, 60_000);
  afterAll(async () => {
    await loop.close();
    await pool.end();
    await api.close();
    await prometheus.stop();
    await host.close();
  });

  test('a guardrail that Prometheus does not understand is refused in its own words', async () => {
    const [guardrail] = definition.guardrails as NonNullable<FlagDefinitionInput['guardrails']>;
    const answer = await ada.post(PATH, { definition: { ...definition, guardrails: [{ ...(guardrail as object), promql: 'rate(host_requests_total[5s]' }] }, reason });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'body.definition.guardrails.0.promql', message: expect.stringMatching(/parse error/) }] } });
  });

  test('is kept at 5%, and taken back to 0% within two evaluations once it breaks', async () => {
    expect((await ada.post(PATH, { definition, reason })).status).toBe(200);
    expect((await ada.post(`${PATH}/state`, { state: 'on', version: 1, reason })).status).toBe(200);
    expect((await ada.post(`${PATH}/ramp/start`, { approvedStep: 1, version: 2, reason })).status).toBe(200);
    await eventually(history, (items) => items.some(({ state }) => state === 'ok'), 30_000);
    expect(await flag()).toMatchObject({ percentage: 5, ramp: { step: 0 } });

    expect((await ada.post(`${PATH}/ramp/promote`, { approvedStep: 1, now: true, version: 3, reason })).status).toBe(200);
    const after = await eventually(flag, ({ ramp }) => ramp?.state === 'rolled_back', 120_000);
    expect(after).toMatchObject({ version: 5, percentage: 0, updatedBy: { name: 'system:guardrails', kind: 'system' }, ramp: { message: expect.stringMatching(/^Rolled back to 0% by failed-requests: 0\.\d+ is > 0\.05\.$/) } });
    expect((await history()).filter(({ state }) => state === 'violation')).toHaveLength(2);
  }, 180_000);

  test('leaves query, value and sample in the audit log, and a mark', async () => {
    const { rows } = await api.db.pool.query("SELECT l.actor_role, d.before, d.after FROM audit_log l JOIN audit_detail d USING (sequence) WHERE l.action = 'flags.rollback'");
    expect(rows).toEqual([{
      actor_role: 'system',
      before: expect.objectContaining({ version: 4, percentage: 20 }),
      after: expect.objectContaining({ version: 5, percentage: 0, guardrail: 'failed-requests', comparison: '>', threshold: 0.05, query: expect.stringContaining(`{flag="${KEY}",variant="on",outcome="failed"}`), value: expect.any(Number), sample: expect.any(Number) }),
    }]);
    expect(rows[0].after.value).toBeGreaterThan(0.05);
    expect(rows[0].after.sample).toBeGreaterThanOrEqual(10);
    await relayBatch(api.database, false);
    const { body } = await ada.get('/api/v1/audit/marks', { from: new Date(Date.now() - 600_000).toISOString(), to: new Date(Date.now() + 60_000).toISOString(), targetId: KEY });
    expect((body as { items: { title: string }[] }).items.map(({ title }) => title)).toContain('flags.rollback');
  });

  test('shows the exporter a broken guardrail until a person acts', async () => {
    const breached = async () => (await api.db.pool.query('SELECT flag, guardrail, breached FROM flag_guardrail_breach')).rows;
    expect(await breached()).toEqual([{ flag: KEY, guardrail: 'failed-requests', breached: true }]);
    expect((await ada.post(`${PATH}/ramp/abort`, { version: 5, reason })).status).toBe(200);
    expect(await breached()).toEqual([]);
  });

  test('holds when its numbers go away', async () => {
    // The requests that failed before must leave the guardrail's window first, or they would take the new ramp back too.
    const check = async () => (await ada.post(`${PATH}/guardrail-check`, { guardrail: definition.guardrails?.[0], variant: 'on' })).body as { value: number; series: number };
    expect(await eventually(check, ({ value }) => value === 0, 30_000)).toMatchObject({ series: 1 });
    expect((await ada.post(`${PATH}/ramp/start`, { approvedStep: 1, version: 5, reason })).status).toBe(200);
    await host.close();
    const held = await eventually(flag, ({ ramp }) => ramp?.state === 'held', 30_000);
    expect(held).toMatchObject({ percentage: 5, ramp: { message: expect.stringMatching(/^failed-requests: .*(no data|no number)/) } });
  }, 60_000);
});
