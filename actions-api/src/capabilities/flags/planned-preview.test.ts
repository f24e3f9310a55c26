// What is planned touches users as what is done at once does: previewed, held to what was seen, approved by another admin,
// and asked again where the flag has become another meanwhile.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FlagDetail, FlagPreview } from '@admin-center/contracts/flags';
import { createLogger } from '@admin-center/platform/log';
import { metrics } from '@opentelemetry/api';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Answer, Client } from '../../../test/client.ts';
import { booleanFlag, createFlag, REASON } from '../../../test/flags.ts';
import { createRecorder } from '../../platform/audited.ts';
import { applyDue } from './planned-job.ts';

const reason = REASON;
const USERS = 40;
const log = createLogger('test', 'silent');
let api: TestApi;
let ada: Client;
let bea: Client;
let now = new Date('2026-05-04T08:00:00Z');

beforeAll(async () => {
  api = await startTestApi({ now: () => now, env: { APPROVAL_USER_THRESHOLD: '15' } });
  const { make, pool } = api.db;
  await make.admin({ email: 'super@acme.example' });
  await make.admin({ email: 'bea@acme.example' });
  [ada, bea] = [api.as({ email: 'super@acme.example' }), api.as({ email: 'bea@acme.example' })];
  for (let index = 0; index < USERS; index += 1) {
    const { id } = await make.user();
    await make.subscription(id, { tier: 'premium' });
  }
  await pool.query('SELECT admin_center.refresh_user_directory(true)');
}, 60_000);
afterAll(() => api.close());

const TEN = '2026-05-04T10:00:00Z';
const ON = { kind: 'state', state: 'on' } as const;
const share = (percentage: number) => ({ kind: 'percentage', percentage }) as const;
const read = async (key: string): Promise<FlagDetail> => (await ada.get(`/api/v1/flags/${key}`)).body as FlagDetail;
const plan = (key: string, effect: object, more: object = {}) => ada.post(`/api/v1/flags/${key}/planned`, { at: TEN, effect, reason, ...more });
const preview = (key: string, effect: object, at = TEN) => ada.post(`/api/v1/flags/${key}/planned/preview`, { at, effect });
const radius = ({ body }: Answer) => body as FlagPreview;
const needed = { status: 409, body: { code: 'approval_needed', ticket: expect.any(String) } };
const work = () => applyDue({ config: api.config, database: api.database, recorder: createRecorder(api.database, metrics.getMeter('test').createHistogram('test')), now: async () => now, log });
async function setTo(time: string, act: () => Promise<unknown>): Promise<void> {
  const before = now;
  now = new Date(time);
  await act();
  now = before;
}
async function approve(refused: Answer, fingerprint: string): Promise<void> {
  const { ticket } = refused.body as { ticket: string };
  const { id } = ((await ada.post('/api/v1/audit/approvals', { ticket, reason })).body as { approval: { id: string } }).approval;
  expect(await ada.get('/api/v1/audit/approvals', { fingerprint })).toMatchObject({ body: { items: [{ id }] } });
  expect((await bea.post(`/api/v1/audit/approvals/${id}/approve`, { reason })).status).toBe(200);
}

test('a percentage finer than buckets can show is refused where it is planned', async () => {
  const key = await createFlag(api, booleanFlag(5));
  const refused = { status: 422, body: { code: 'body_invalid', errors: [{ path: 'body.effect.percentage', message: 'At most three decimals.' }] } };
  expect(await plan(key, share(5.0005))).toMatchObject(refused);
  expect(await preview(key, share(5.0005))).toMatchObject(refused);
  expect(await plan(key, share(5.005))).toMatchObject({ status: 200 });
});

test('a finer one that was planned before is not made: the flag could not be read any more', async () => {
  const key = await createFlag(api, booleanFlag(5));
  await plan(key, share(6));
  await api.db.pool.query(`UPDATE admin_center.flag_plan SET effect = '{"kind": "percentage", "percentage": 0.00005}' WHERE flag = $1`, [key]);
  await setTo(TEN, work);
  expect(await read(key)).toMatchObject({ version: 2, percentage: 5, planned: [{ state: 'failed', note: expect.stringContaining('at most three decimals') }] });
});

test('a preview says whom the plan touches, and the plan is held to it', async () => {
  const key = await createFlag(api, booleanFlag(100), 'off');
  const small = await createFlag(api, booleanFlag(5));
  expect(radius(await preview(key, ON))).toMatchObject({ users: USERS + 2, tiers: { premium: USERS }, approval: 'needed', evaluated: USERS + 2, moves: [{ from: 'off', to: 'on', users: USERS + 2 }] });
  const { token } = radius(await preview(small, share(10)));
  expect(await plan(small, share(20), { previewToken: token })).toMatchObject({ status: 409, body: { code: 'preview_stale', preview: { token: expect.any(String) } } });
  expect(await plan(small, share(10), { at: '2026-05-04T11:00:00Z', previewToken: token })).toMatchObject({ status: 409, body: { code: 'preview_stale' } });
  // The same instant in another time zone is the same plan.
  expect(await plan(small, share(10), { at: '2026-05-04T15:30:00+05:30', previewToken: token })).toMatchObject({ status: 200, body: { flag: { planned: [{ at: '2026-05-04T10:00:00.000Z' }] } } });
  expect(await preview(small, share(30), '2026-05-04T07:00:00Z')).toMatchObject({ status: 409, body: { code: 'plan_in_past' } });
});

test('what touches more paying users than one admin may takes another, once', async () => {
  const key = await createFlag(api, booleanFlag(100), 'off');
  const refused = await plan(key, ON);
  expect(refused).toMatchObject(needed);
  await approve(refused, radius(await preview(key, ON)).token);
  expect(await plan(key, ON)).toMatchObject({ status: 200 });
  // An approval of ten o'clock is none of eleven.
  expect(await plan(key, ON, { at: '2026-05-04T11:00:00Z' })).toMatchObject({ status: 200 });
  expect(await plan(key, { kind: 'state', state: 'off' }, { at: '2026-05-04T12:00:00Z' })).toMatchObject(needed);
  await setTo(TEN, work);
  expect(await read(key)).toMatchObject({ state: 'on', version: 2 });
});

test('plans before it are counted as made', async () => {
  const key = await createFlag(api, booleanFlag(1), 'off');
  expect(await plan(key, ON)).toMatchObject({ status: 200 });
  expect(radius(await preview(key, share(100), '2026-05-04T09:00:00Z'))).toMatchObject({ users: 0, approval: 'not_needed' });
  expect(radius(await preview(key, share(100), '2026-05-04T11:00:00Z'))).toMatchObject({ approval: 'needed' });
});

test('a flag that became another is not changed for more than one admin may, and the page says why', async () => {
  const key = await createFlag(api, booleanFlag(1), 'off');
  const other = await createFlag(api, booleanFlag(1), 'off');
  for (const each of [key, other]) {
    expect(await plan(each, ON)).toMatchObject({ status: 200 });
  }
  // Nobody is touched by the rules of a flag that is off.
  expect(await ada.send('PUT', `/api/v1/flags/${key}`, { body: { definition: booleanFlag(100), version: 1, reason } })).toMatchObject({ status: 200 });
  expect(await ada.send('PUT', `/api/v1/flags/${other}`, { body: { definition: booleanFlag(2), version: 1, reason } })).toMatchObject({ status: 200 });
  await setTo(TEN, work);
  expect(await read(key)).toMatchObject({ state: 'off', planned: [{ state: 'failed', note: expect.stringContaining('Plan it again.') }] });
  expect(await read(other)).toMatchObject({ state: 'on', planned: [{ state: 'applied' }] });
});

test('a schedule of later is weighed now: from when on, whom it touches, and who has to approve it', async () => {
  const schedule = { from: '2026-06-01T05:30:00+05:30', until: null };
  const key = await createFlag(api, booleanFlag(100, { schedule }), 'off');
  const change = { kind: 'state', state: 'on' };
  const seen = radius(await ada.post(`/api/v1/flags/${key}/preview`, { change }));
  expect(seen).toMatchObject({ users: USERS + 2, tiers: { premium: USERS }, approval: 'needed', moves: [] });
  expect(seen.warnings).toContain(`By the schedule, from 2026-06-01T00:00:00.000Z on, something else than otherwise is served to ${USERS + 2} users.`);
  expect(await ada.post(`/api/v1/flags/${key}/state`, { state: 'on', version: 1, reason })).toMatchObject(needed);
  // So is the end of one that holds.
  const running = await createFlag(api, booleanFlag(1));
  const ends = (until: string | null) => ({ kind: 'update', definition: booleanFlag(100, { schedule: { from: '2026-06-01T00:00:00Z', until } }) });
  expect(radius(await ada.post(`/api/v1/flags/${running}/preview`, { change: ends(null) }))).toMatchObject({ approval: 'needed' });
  expect(radius(await ada.post(`/api/v1/flags/${running}/preview`, { change: ends('2026-05-01T00:00:00Z') }))).toMatchObject({ status: 422 });
});

test('the schedule of a flag that it needs is weighed too', async () => {
  const base = await createFlag(api, booleanFlag(null, { defaultVariant: 'on', schedule: { from: '2026-06-01T00:00:00Z', until: null } }), 'off');
  await api.db.pool.query("UPDATE admin_center.flag SET state = 'on' WHERE key = $1", [base]);
  const key = await createFlag(api, booleanFlag(100, { prerequisites: [{ flag: base, variants: ['on'] }] }), 'off');
  expect(radius(await ada.post(`/api/v1/flags/${key}/preview`, { change: { kind: 'state', state: 'on' } }))).toMatchObject({ users: USERS + 2, moves: [], approval: 'needed' });
});

test('an approval is none once a flag that it needs is another', async () => {
  const base = await createFlag(api, booleanFlag(0), 'off');
  await api.db.pool.query("UPDATE admin_center.flag SET state = 'on' WHERE key = $1", [base]);
  const key = await createFlag(api, booleanFlag(100, { prerequisites: [{ flag: base, variants: ['off'] }] }), 'off');
  const turnOn = () => ada.post(`/api/v1/flags/${key}/state`, { state: 'on', version: 1, reason });
  const refused = await turnOn();
  await approve(refused, radius(await ada.post(`/api/v1/flags/${key}/preview`, { change: { kind: 'state', state: 'on' } })).token);
  expect((await ada.send('PUT', `/api/v1/flags/${base}`, { body: { definition: booleanFlag(1), version: 1, reason } })).status).toBe(200);
  expect(await turnOn()).toMatchObject(needed);
});
