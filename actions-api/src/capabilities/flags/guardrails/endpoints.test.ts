// A ramp from start to end as admins use it over HTTP: previewed, held to what they saw, approved by another, audited.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FlagDetail, FlagPreview, FlagSummary } from '@admin-center/contracts/flags';
import { type FlagDefinitionInput } from '@admin-center/contracts/flags-definition';
import { startTestApi, type TestApi } from '../../../../test/api.ts';
import type { Answer, Client } from '../../../../test/client.ts';

const reason = 'The tunnel team asked for it, ticket 4711.';
const USERS = 200;

let api: TestApi;
let ada: Client;
let bob: Client;
let fin: Client;
let key: string;
let counter = 0;

beforeAll(async () => {
  api = await startTestApi({ env: { APPROVAL_USER_THRESHOLD: '100' } });
  const { make, pool } = api.db;
  for (const [name, role] of [['ada', 'super_admin'], ['bob', 'super_admin'], ['fin', 'finance_admin']] as const) {
    await make.admin({ email: `${name}@acme.example`, role });
  }
  [ada, bob, fin] = ['ada', 'bob', 'fin'].map((name) => api.as({ email: `${name}@acme.example` })) as [Client, Client, Client];
  for (let index = 0; index < USERS; index++) {
    const { id } = await make.user();
    await make.subscription(id, { tier: 'premium' });
  }
  await pool.query('SELECT admin_center.refresh_user_directory(true)');
}, 60_000);
afterAll(() => api.close());

const definition: FlagDefinitionInput = {
  name: 'New tunnel engine', type: 'boolean', variants: [{ key: 'on', value: true }, { key: 'off', value: false }], offVariant: 'off', defaultVariant: 'off',
  rollout: { percentage: 0, split: [{ variant: 'on', weight: 1 }] },
  ramp: { variant: 'on', steps: [{ percentage: 5, holdMinutes: 5 }, { percentage: 20, holdMinutes: 5 }, { percentage: 100, holdMinutes: 5 }] },
  guardrails: [{ name: 'errors', promql: 'errors{flag="{{flag}}"}', comparison: '>', threshold: 0.05 }],
};
const path = (rest = '') => `/api/v1/flags/${key}${rest}`;
const flagIn = ({ body }: Answer): FlagDetail => (body as { flag: FlagDetail }).flag;
const get = async () => (await ada.get(path())).body as FlagDetail;

beforeEach(async () => {
  key = `flag-${++counter}`;
  expect((await ada.post(path(), { definition, reason })).status).toBe(200);
  expect((await ada.post(path('/state'), { state: 'on', version: 1, reason })).status).toBe(200);
});

test('start, promote, pause, resume, abort: each a version where it serves differently, each in the audit log', async () => {
  const started = await ada.post(path('/ramp/start'), { approvedStep: 0, version: 2, reason });
  expect(flagIn(started)).toMatchObject({ version: 3, percentage: 5, ramp: { state: 'running', step: 0, approvedStep: 0, percentageBefore: 0 } });
  expect(started.body).toMatchObject({ message: `The ramp of ${key} is under way with 5%.` });
  const promoted = flagIn(await ada.post(path('/ramp/promote'), { approvedStep: 1, now: true, version: 3, reason }));
  expect(promoted).toMatchObject({ version: 4, percentage: 20, ramp: { state: 'running', step: 1 } });
  expect(flagIn(await ada.post(path('/ramp/pause'), { version: 4, reason }))).toMatchObject({ version: 4, percentage: 20, ramp: { state: 'paused' } });
  expect(flagIn(await ada.post(path('/ramp/resume'), { version: 4, reason }))).toMatchObject({ version: 4, ramp: { state: 'held' } });
  expect(flagIn(await ada.post(path('/ramp/abort'), { version: 4, reason }))).toMatchObject({ version: 5, percentage: 0, ramp: { state: 'aborted' } });

  const { rows } = await api.db.pool.query("SELECT d.after ->> 'change' AS change, d.reason, l.actor_role FROM audit_log l JOIN audit_detail d USING (sequence) WHERE target_id = $1 AND action = 'flags.ramp' ORDER BY sequence", [key]);
  expect(rows).toEqual(['start', 'promote', 'pause', 'resume', 'abort'].map((change) => ({ change, reason, actor_role: 'super_admin' })));
  // Only those that made a version name one: erasing an entry takes the author of that version out of the history.
  const named = await api.db.pool.query("SELECT d.after ->> 'version' AS version FROM audit_log l JOIN audit_detail d USING (sequence) WHERE target_id = $1 AND action = 'flags.ramp' ORDER BY sequence", [key]);
  expect(named.rows.map(({ version }) => version as string | null)).toEqual(['3', '4', null, null, '5']);
  expect(((await ada.get('/api/v1/flags')).body as { items: { key: string; ramp: string }[] }).items.find((item) => item.key === key)).toMatchObject({ ramp: 'aborted' });
});

test('whoever reads while a ramp changes sees its state and what is served of one moment', async () => {
  let version = 2;
  const changed = new AbortController();
  const torn: string[] = [];
  const watch = async (): Promise<void> => {
    while (!changed.signal.aborted) {
      const [{ percentage, ramp }, list] = await Promise.all([get(), ada.get('/api/v1/flags')]);
      const item = (list.body as { items: FlagSummary[] }).items.find((flag) => flag.key === key);
      torn.push(...[[percentage, ramp?.state], [item?.percentage, item?.ramp]].filter(([served, state]) => (state === 'running') !== (served === 5)).map((seen) => seen.join(' ')));
    }
  };
  const watchers = [watch(), watch()];
  for (let round = 0; round < 15; round++) {
    for (const [step, body] of [['start', { approvedStep: 0 }], ['abort', {}]] as const) {
      version = flagIn(await ada.post(path(`/ramp/${step}`), { ...body, version, reason })).version;
    }
  }
  changed.abort();
  await Promise.all(watchers);
  expect(torn).toEqual([]);
});

describe('the preview', () => {
  const preview = async (change: object, client = ada): Promise<Answer> => client.post(path('/ramp/preview'), { change });

  test('counts everybody the person approves, not just who is served at once, and says so', async () => {
    const first = (await preview({ kind: 'start', approvedStep: 0 })).body as FlagPreview;
    const second = (await preview({ kind: 'start', approvedStep: 1 })).body as FlagPreview;
    expect(first.users).toBeLessThan(second.users);
    expect(second.users).toBeGreaterThan(USERS * 0.08);
    expect(second.users).toBeLessThan(USERS * 0.35);
    expect(second.warnings).toContain('5% is served at once; up to 20% follows by itself while every guardrail is kept.');
    expect(second.warnings.join(' ')).toContain('PROMETHEUS_URL is not set');
    expect((await get()).version).toBe(2);
  });

  test('holds the start to what was shown', async () => {
    const { token } = (await preview({ kind: 'start', approvedStep: 0 })).body as FlagPreview;
    expect(await ada.post(path('/ramp/start'), { approvedStep: 1, version: 2, reason, previewToken: token })).toMatchObject({ status: 409, body: { code: 'preview_stale' } });
    expect((await ada.post(path('/ramp/start'), { approvedStep: 0, version: 2, reason, previewToken: token })).status).toBe(200);
  });

  test('is refused for what would be refused', async () => {
    expect(await preview({ kind: 'abort' })).toMatchObject({ status: 409, body: { code: 'ramp_not_running' } });
    expect(await preview({ kind: 'start', approvedStep: 3 })).toMatchObject({ status: 422, body: { code: 'body_invalid' } });
  });
});

test('approving more paying users than one admin may takes another admin; taking back never does', async () => {
  const start = { approvedStep: 2, version: 2, reason };
  const refused = await ada.post(path('/ramp/start'), start);
  expect(refused).toMatchObject({ status: 409, body: { code: 'approval_needed', ticket: expect.any(String) } });
  expect((await get()).percentage).toBe(0);
  const asked = await ada.post('/api/v1/audit/approvals', { ticket: (refused.body as { ticket: string }).ticket, reason });
  expect(asked.status).toBe(200);
  const { id } = (asked.body as { approval: { id: string } }).approval;
  // The page finds it by the token of the preview.
  const { token } = (await ada.post(path('/ramp/preview'), { change: { kind: 'start', approvedStep: 2 } })).body as FlagPreview;
  expect(await ada.get('/api/v1/audit/approvals', { fingerprint: token })).toMatchObject({ status: 200, body: { items: [{ id, state: 'waiting' }] } });
  expect((await bob.post(`/api/v1/audit/approvals/${id}/approve`, { reason: 'I looked at the plan with the team.' })).status).toBe(200);
  expect(flagIn(await ada.post(path('/ramp/start'), start))).toMatchObject({ percentage: 5, ramp: { approvedStep: 2 } });
  expect(flagIn(await ada.post(path('/ramp/abort'), { version: 3, reason }))).toMatchObject({ percentage: 0 });
});

test('of two admins at once one acts and the other is shown what changed', async () => {
  const answers = await Promise.all([ada, bob].map((client) => client.post(path('/ramp/start'), { approvedStep: 0, version: 2, reason })));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'version_conflict', current: { version: 3, percentage: 5 }, diff: [expect.objectContaining({ path: '/definition/rollout/percentage', from: 0, value: 5 })] });
});

test('who may not write may look, and no more', async () => {
  for (const [name, body] of [['start', { approvedStep: 0 }], ['promote', { approvedStep: 0 }], ['pause', {}], ['resume', {}], ['abort', {}]] as const) {
    expect((await fin.post(path(`/ramp/${name}`), { ...body, version: 2, reason })).status).toBe(403);
  }
  expect(await fin.get(path('/guardrails'))).toMatchObject({ status: 200, body: { items: [] } });
});

test('a placeholder that does not exist is refused when it is saved, even without a Prometheus', async () => {
  const [errors] = definition.guardrails as NonNullable<FlagDefinitionInput['guardrails']>;
  const guardrails = [{ ...(errors as object), promql: 'errors{user="{{user}}"}' }];
  expect(await ada.send('PUT', path(), { body: { definition: { ...definition, guardrails }, version: 2, reason } })).toMatchObject({
    status: 422, body: { errors: [{ path: 'body.definition.guardrails.0.promql', message: 'There is no {{user}}. A guardrail knows {{flag}} and {{variant}}.' }] },
  });
  expect(await ada.post(path('/guardrail-check'), { guardrail: guardrails[0], variant: 'on' })).toMatchObject({ status: 422 });
});
