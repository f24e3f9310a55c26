// Planned changes by a clock that is set by hand, and how soon a change is obeyed by another replica.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FlagDetail, FlagVersion } from '@admin-center/contracts/flags';
import { createLogger } from '@admin-center/platform/log';
import { createPool } from '@admin-center/platform/pool';
import { metrics } from '@opentelemetry/api';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { booleanFlag, createFlag, REASON } from '../../../test/flags.ts';
import { eventually } from '../../../test/process.ts';
import { createRecorder } from '../../platform/audited.ts';
import { startPolicy } from '../../platform/policy/policy.ts';
import { applyDue } from './planned-job.ts';

const reason = REASON;
const log = createLogger('test', 'silent');
let api: TestApi;
let ada: Client;
let now = new Date('2026-05-04T08:00:00Z');

beforeAll(async () => {
  api = await startTestApi({ now: () => now });
  await api.db.make.admin({ email: 'super@acme.example' });
  ada = api.as({ email: 'super@acme.example' });
});
afterAll(() => api.close());

const read = async (key: string): Promise<FlagDetail> => (await ada.get(`/api/v1/flags/${key}`)).body as FlagDetail;
const plan = (key: string, at: string, effect: unknown) => ada.post(`/api/v1/flags/${key}/planned`, { at, effect, reason });
const work = () => applyDue({ config: api.config, database: api.database, recorder: createRecorder(api.database, metrics.getMeter('test').createHistogram('test')), now: async () => now, log });

describe('planned changes', () => {
  test('are made at their time and not before, as a version by the system', async () => {
    const key = await createFlag(api, booleanFlag(5));
    await plan(key, '2026-05-04T10:00:00Z', { kind: 'percentage', percentage: 30 });
    await plan(key, '2026-05-04T11:00:00Z', { kind: 'state', state: 'off' });
    now = new Date('2026-05-04T09:59:59Z');
    await work();
    expect(await read(key)).toMatchObject({ percentage: 5, planned: [{ state: 'planned' }, { state: 'planned' }] });
    now = new Date('2026-05-04T10:00:00Z');
    await work();
    await work();
    expect(await read(key)).toMatchObject({ percentage: 30, state: 'on', version: 3, updatedBy: { name: 'system:flag-schedule', kind: 'system' } });
    now = new Date('2026-05-04T12:00:00Z');
    await work();
    expect(await read(key)).toMatchObject({ percentage: 30, state: 'off', version: 4 });
    const { items: [newest] } = (await ada.get(`/api/v1/flags/${key}/history`)).body as { items: FlagVersion[] };
    expect(newest).toMatchObject({ change: 'plan', reason, by: { kind: 'system' }, auditSequence: expect.any(Number) });
    const { rows } = await api.db.pool.query(`SELECT count(*)::integer AS entries FROM admin_center.audit_log WHERE action = 'flags.planned' AND outcome = 'success' AND actor_role = 'system' AND target_id = $1`, [key]);
    expect(rows).toEqual([{ entries: 2 }]);
  });

  test('are made once by two workers at the same time', async () => {
    const key = await createFlag(api, booleanFlag(5));
    await plan(key, '2026-05-04T13:00:00Z', { kind: 'percentage', percentage: 60 });
    now = new Date('2026-05-04T13:00:01Z');
    await Promise.all([work(), work()]);
    expect(await read(key)).toMatchObject({ version: 3, percentage: 60, planned: [{ state: 'applied', note: null }] });
  });

  test('leave a killed flag killed, and say so', async () => {
    const key = await createFlag(api, booleanFlag(5));
    await plan(key, '2026-05-04T14:00:00Z', { kind: 'state', state: 'on' });
    await ada.post(`/api/v1/flags/${key}/state`, { state: 'killed', version: 2, reason });
    now = new Date('2026-05-04T14:00:00Z');
    await work();
    expect(await read(key)).toMatchObject({ state: 'killed', version: 3, planned: [{ state: 'failed', note: 'The flag is killed; only a person brings it back.' }] });
  });

  test('are canceled once, and refused for the past or for a flag that cannot take them', async () => {
    const key = await createFlag(api, booleanFlag(null));
    const planned = await plan(key, '2027-01-01T00:00:00Z', { kind: 'state', state: 'off' });
    const id = (planned.body as { flag: FlagDetail }).flag.planned[0]?.id;
    const cancel = () => ada.post(`/api/v1/flags/${key}/planned/${id}/cancel`, { reason });
    expect(await cancel()).toMatchObject({ status: 200, body: { flag: { planned: [{ state: 'canceled' }] } } });
    expect(await cancel()).toMatchObject({ status: 409, body: { code: 'plan_over' } });
    expect(await plan(key, '2026-01-01T00:00:00Z', { kind: 'state', state: 'off' })).toMatchObject({ status: 409, body: { code: 'plan_in_past' } });
    expect(await plan(key, '2027-01-01T00:00:00Z', { kind: 'percentage', percentage: 5 })).toMatchObject({ status: 409, body: { code: 'no_rollout' } });
  });
});

test('a change is obeyed within a second on every replica', async () => {
  const pools = [0, 1].map((index) => createPool({ connectionString: api.config.DATABASE_URL, applicationName: `replica-${index}`, max: 2, statementTimeoutMs: 8_000 }));
  const replicas = pools.map((pool) => startPolicy(pool, log));
  await Promise.all(replicas.map(({ tried }) => tried));
  const key = await createFlag(api, booleanFlag(100), 'off');
  const stateOn = (replica: (typeof replicas)[number]) => replica.flags.current().flags[key]?.state;
  await Promise.all(replicas.map((replica) => eventually(async () => stateOn(replica), (state) => state === 'off')));
  for (const [version, state] of [[1, 'on'], [2, 'killed'], [3, 'off']] as const) {
    expect(await ada.post(`/api/v1/flags/${key}/state`, { state, version, reason })).toMatchObject({ status: 200 });
    await Promise.all(replicas.map((replica) => eventually(async () => stateOn(replica), (seen) => seen === state, 1_000)));
  }
  await Promise.all(replicas.map((replica) => replica.close()));
  await Promise.all(pools.map((pool) => pool.end()));
});
