// Flags: who may change what, from which version, whom that touches, and when it is refused.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type FlagDetail, type FlagPreview, flags, type FlagVersion } from '@admin-center/contracts/flags';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Answer, Client } from '../../../test/client.ts';
import { describeEndpoints } from '../../../test/describe-endpoints.ts';
import { booleanFlag, createFlag, REASON } from '../../../test/flags.ts';

const reason = REASON;
const experiment = {
  hypothesis: 'More people pay when the button is green.', metric: 'admincenter_paying_users', plannedN: 1_000,
  weights: [{ variant: 'on', weight: 1 }, { variant: 'off', weight: 1 }],
};
const { list, get, history, explain, preview, create, update, setState, revert, startExperiment, stopExperiment, previewPlan, plan, cancelPlanned } = flags.endpoints;
const own = { ...flags, endpoints: { list, get, history, explain, preview, create, update, setState, revert, startExperiment, stopExperiment, previewPlan, plan, cancelPlanned } };

let fresh = 0;
const keyOf = async (api: TestApi, definition = booleanFlag(), state: 'on' | 'off' = 'on') => ({ params: { key: await createFlag(api, definition, state, `sample-${(fresh += 1)}`) } });
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();

describeEndpoints(own, {
  list: async () => ({ query: { q: 'sample' } }),
  get: (api) => keyOf(api),
  history: (api) => keyOf(api),
  explain: async (api) => ({ ...(await keyOf(api)), body: { context: { targetingKey: 'user-1' } } }),
  preview: async (api) => ({ ...(await keyOf(api)), body: { change: { kind: 'state', state: 'off' } } }),
  create: async () => ({ params: { key: `created-${(fresh += 1)}` }, body: { definition: booleanFlag(), reason } }),
  update: async (api) => ({ ...(await keyOf(api)), body: { definition: booleanFlag(50), version: 2, reason } }),
  setState: async (api) => ({ ...(await keyOf(api)), body: { state: 'off', version: 2, reason } }),
  revert: async (api) => ({ ...(await keyOf(api)), body: { to: 1, version: 2, reason } }),
  startExperiment: async (api) => ({ ...(await keyOf(api, booleanFlag(0, { experiment }))), body: { version: 2, reason } }),
  stopExperiment: async (api) => {
    const sample = await keyOf(api, booleanFlag(0, { experiment }));
    await api.as({ email: 'super@acme.example' }).post(`/api/v1/flags/${sample.params.key}/experiment/start`, { version: 2, reason });
    return { ...sample, body: { version: 3, reason } };
  },
  previewPlan: async (api) => ({ ...(await keyOf(api)), body: { at: tomorrow(), effect: { kind: 'state', state: 'off' } } }),
  plan: async (api) => ({ ...(await keyOf(api)), body: { at: tomorrow(), effect: { kind: 'state', state: 'off' }, reason } }),
  cancelPlanned: async (api) => {
    const { params: { key } } = await keyOf(api);
    const planned = await api.as({ email: 'super@acme.example' }).post(`/api/v1/flags/${key}/planned`, { at: tomorrow(), effect: { kind: 'state', state: 'off' }, reason });
    return { params: { key, plannedId: (planned.body as { flag: FlagDetail }).flag.planned[0]?.id ?? '' }, body: { reason } };
  },
});

describe('changes', () => {
  let api: TestApi;
  let ada: Client;
  let bea: Client;
  const users: string[] = [];

  beforeAll(async () => {
    api = await startTestApi({ env: { APPROVAL_USER_THRESHOLD: '3' } });
    const { make, pool } = api.db;
    await make.admin({ email: 'super@acme.example' });
    await make.admin({ email: 'bea@acme.example' });
    [ada, bea] = [api.as({ email: 'super@acme.example' }), api.as({ email: 'bea@acme.example' })];
    for (let index = 0; index < 20; index += 1) {
      const { id } = await make.user({ email: `user-${index}@widgets.example`, locale: index % 2 === 0 ? 'de-DE' : 'en-US' });
      users.push(id);
      if (index < 5) {
        await make.subscription(id, { tier: 'premium' });
      }
    }
    await pool.query('SELECT admin_center.refresh_user_directory(true), admin_center.refresh_recurring_revenue(true)');
  });
  afterAll(() => api.close());

  const flagOf = (answer: Answer): FlagDetail => (answer.body as { flag: FlagDetail }).flag;
  const read = async (key: string): Promise<FlagDetail> => (await ada.get(`/api/v1/flags/${key}`)).body as FlagDetail;
  const put = (client: Client, key: string, version: number, definition: unknown, more = {}) => client.send('PUT', `/api/v1/flags/${key}`, { body: { definition, version, reason, ...more } });
  const state = (key: string, version: number, to: string, more = {}) => ada.post(`/api/v1/flags/${key}/state`, { state: to, version, reason, ...more });
  const ask = async (key: string, change: unknown): Promise<FlagPreview> => (await ada.post(`/api/v1/flags/${key}/preview`, { change })).body as FlagPreview;
  const shares = (given: readonly { variant: string; users: number }[] | null) => Object.fromEntries((given ?? []).map(({ variant, users: count }) => [variant, count]));

  test('a flag starts off, at version 1, and says who made it', async () => {
    expect(await createFlag(api, booleanFlag(50), 'off', 'fresh-one')).toBe('fresh-one');
    expect(await read('fresh-one')).toMatchObject({ state: 'off', version: 1, lifecycle: 'new', percentage: 50, experiment: null, updatedBy: { name: 'super@acme.example', kind: 'admin' } });
    expect(await ada.post('/api/v1/flags/fresh-one', { definition: booleanFlag(), reason })).toMatchObject({ status: 409, body: { code: 'flag_exists' } });
    expect(await ada.get('/api/v1/flags/no-such-flag')).toMatchObject({ status: 404 });
  });

  test('of two admins who edit one flag at the same time, one gets a 409 with the present flag and the difference', async () => {
    const key = await createFlag(api, booleanFlag(0), 'off');
    const answers = await Promise.all([put(ada, key, 1, booleanFlag(10)), put(bea, key, 1, booleanFlag(20))]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const won = flagOf(answers.find(({ status }) => status === 200) as Answer);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'version_conflict',
      current: { version: 2, percentage: won.percentage },
      diff: [{ op: 'replace', path: '/definition/rollout/percentage', from: 0, value: won.percentage }],
    });
    expect((await read(key)).version).toBe(2);
  });

  test('the history has each version with its difference, and any of them comes back', async () => {
    const key = await createFlag(api, booleanFlag(0), 'off');
    await put(ada, key, 1, booleanFlag(5, { users: [{ id: 'testers', variant: 'on', users: ['t-1'] }] }));
    await state(key, 2, 'on');
    const reverted = await bea.post(`/api/v1/flags/${key}/revert`, { to: 1, version: 3, reason });
    expect(flagOf(reverted)).toMatchObject({ version: 4, state: 'off', percentage: 0, updatedBy: { name: 'bea@acme.example' } });
    const { items } = (await ada.get(`/api/v1/flags/${key}/history`)).body as { items: FlagVersion[] };
    expect(items.map(({ version, change, revertedTo }) => [version, change, revertedTo])).toEqual([[4, 'revert', 1], [3, 'state', null], [2, 'update', null], [1, 'create', null]]);
    expect(items[1]?.diff).toEqual([{ op: 'replace', path: '/state', from: 'off', value: 'on' }]);
    expect(items[2]?.diff).toEqual([
      { op: 'add', path: '/definition/users/testers', value: { id: 'testers', variant: 'on', users: ['t-1'] } },
      { op: 'replace', path: '/definition/rollout/percentage', from: 0, value: 5 },
    ]);
    expect(items.every(({ auditSequence }) => auditSequence !== null)).toBe(true);
    const paged = (await ada.get(`/api/v1/flags/${key}/history`, { limit: '2' })).body as { items: FlagVersion[]; nextCursor: string };
    const rest = (await ada.get(`/api/v1/flags/${key}/history`, { limit: '2', cursor: paged.nextCursor })).body as { items: FlagVersion[]; nextCursor: null };
    expect([...paged.items, ...rest.items]).toEqual(items);
    expect(await ada.post(`/api/v1/flags/${key}/revert`, { to: 9, version: 4, reason })).toMatchObject({ status: 404 });
    await expect(api.db.pool.query('DELETE FROM admin_center.flag_version')).rejects.toThrow('append-only');
    await expect(api.db.pool.query(`UPDATE admin_center.flag_version SET state = 'on'`)).rejects.toThrow('append-only');
  });

  test('a preview tells who gets which variant, by the rules that hosts evaluate', async () => {
    const germans = { id: 'germans', conditions: [{ attribute: 'country', operator: 'in' as const, values: ['DE'] }, { attribute: 'appVersion', operator: 'exists' as const }], serve: { percentage: 100, split: [{ variant: 'on', weight: 1 }] } };
    const key = await createFlag(api, booleanFlag(null));
    const definition = booleanFlag(null, { tiers: [{ id: 'paying', tier: 'premium', serve: { percentage: 100, split: [{ variant: 'on', weight: 1 }] } }], segments: [germans] });
    const seen = await ask(key, { kind: 'update', definition });
    expect(seen).toMatchObject({ users: 5, tiers: { premium: 5 }, approval: 'needed', moves: [{ from: 'off', to: 'on', users: 5 }], unknownAttributes: ['appVersion'], whenOn: null });
    expect(seen.evaluated).toBe(22);
    expect(shares(seen.after)).toEqual({ on: 5, off: 17 });
    expect(seen.after.find(({ variant }) => variant === 'on')?.sample.map(({ tier }) => tier)).toEqual(['premium', 'premium', 'premium', 'premium', 'premium']);
    const german = { ...germans, conditions: germans.conditions.slice(0, 1) };
    expect(shares((await ask(key, { kind: 'update', definition: booleanFlag(null, { segments: [german] }) })).after)).toEqual({ on: 10, off: 12 });
    // The change of a flag that is off touches nobody, and its preview shows what turning it on would do.
    const off = await createFlag(api, booleanFlag(0), 'off');
    const draft = await ask(off, { kind: 'update', definition: booleanFlag(100) });
    expect([draft.users, shares(draft.after), shares(draft.whenOn)]).toEqual([0, { off: 22 }, { on: 22 }]);
    // As it stands it can always be asked, whatever state somebody is bringing it into meanwhile.
    expect(await ask(off, null)).toMatchObject({ users: 0, warnings: [], diff: [], moves: [] });
    await state(off, 1, 'on');
    expect(await ask(off, null)).toMatchObject({ users: 0, diff: [], moves: [], whenOn: null });
    expect((await ada.post('/api/v1/flags/never-made/preview', { change: null })).status).toBe(404);
    // So can an edit that somebody has just saved; only making it again is refused.
    expect(await ask(off, { kind: 'update', definition: booleanFlag(0) })).toMatchObject({ users: 0, diff: [], moves: [] });
    expect(await put(ada, off, 2, booleanFlag(0))).toMatchObject({ status: 409, body: { code: 'nothing_changed' } });
  });

  test('what is executed is what was previewed, or it is a 409 with the new preview', async () => {
    const key = await createFlag(api, booleanFlag(null, { users: [{ id: 'few', variant: 'on', users: [users[0] as string, users[1] as string] }] }), 'off');
    const { token } = await ask(key, { kind: 'state', state: 'on' });
    const other = await ask(key, { kind: 'state', state: 'killed' });
    expect(await state(key, 1, 'on', { previewToken: other.token })).toMatchObject({ status: 409, body: { code: 'preview_stale', preview: { users: 2 } } });
    await api.db.pool.query(`UPDATE admin_center.user_directory SET state = 'deleted' WHERE user_id = $1`, [users[0]]);
    const stale = await state(key, 1, 'on', { previewToken: token });
    expect(stale).toMatchObject({ status: 409, body: { code: 'preview_stale', preview: { users: 1 } } });
    expect(await state(key, 1, 'on', { previewToken: (stale.body as { preview: FlagPreview }).preview.token })).toMatchObject({ status: 200 });
    await api.db.pool.query(`UPDATE admin_center.user_directory SET state = 'active' WHERE user_id = $1`, [users[0]]);
  });

  test('a kill of what many paying users have takes another admin, who cannot be the one who asks', async () => {
    const key = await createFlag(api, booleanFlag(0));
    const wide = booleanFlag(100);
    const asked = await put(ada, key, 2, wide);
    expect(asked).toMatchObject({ status: 409, body: { code: 'approval_needed' } });
    expect((await read(key)).version).toBe(2);
    const request = async (answer: Answer): Promise<string> => {
      const made = await ada.post('/api/v1/audit/approvals', { ticket: (answer.body as { ticket: string }).ticket, reason });
      return (made.body as { approval: { id: string } }).approval.id;
    };
    const approve = (id: string, by: Client) => by.post(`/api/v1/audit/approvals/${id}/approve`, { reason });
    const id = await request(asked);
    expect((await approve(id, ada)).status).toBe(403);
    expect(await approve(id, bea)).toMatchObject({ status: 200 });
    expect(await put(ada, key, 2, wide)).toMatchObject({ status: 200 });
    const kill = await state(key, 3, 'killed');
    expect(kill).toMatchObject({ status: 409, body: { code: 'approval_needed' } });
    expect(await approve(await request(kill), bea)).toMatchObject({ status: 200 });
    // Somebody who signs up between the approval and the kill does not keep it from happening.
    await api.db.make.user();
    await api.db.pool.query('SELECT admin_center.refresh_user_directory(true)');
    expect(await state(key, 3, 'killed')).toMatchObject({ status: 200, body: { flag: { state: 'killed', lifecycle: 'killed' } } });
    // An approval is good for one change.
    expect(await state(key, 4, 'on')).toMatchObject({ status: 409, body: { code: 'approval_needed' } });
  });

  test.each([
    ['a variant there is none of', { defaultVariant: 'blue' }, 'body.definition.defaultVariant'],
    ['a value of another type', { variants: [{ key: 'on', value: 'yes' }, { key: 'off', value: false }] }, 'body.definition.variants.0.value'],
    ['two rules of one id', { users: [{ id: 'same', variant: 'on', users: ['a'] }], tiers: [{ id: 'same', tier: 'free' as const, serve: { percentage: 1, split: [{ variant: 'on', weight: 1 }] } }] }, 'body.definition.users'],
    ['weights of nothing', { rollout: { percentage: 10, split: [{ variant: 'on', weight: 0 }] } }, 'body.definition.rollout.split'],
    ['a schedule that ends before it begins', { schedule: { from: '2026-02-01T00:00:00Z', until: '2026-01-01T00:00:00Z' } }, 'body.definition.schedule.until'],
    ['a prerequisite there is none of', { prerequisites: [{ flag: 'no-such-flag', variants: ['on'] }] }, 'body.definition.prerequisites.0.flag'],
    ['a guardrail there is none of', { experiment: { ...experiment, guardrails: ['errors'] } }, 'body.definition.experiment.guardrails.0'],
    ['a hold-out finer than buckets can show', { experiment: { ...experiment, holdOut: 0.00005 } }, 'body.definition.experiment.holdOut'],
    ['a ramp that goes down', { ramp: { variant: 'on', steps: [{ percentage: 20, holdMinutes: 5 }, { percentage: 10, holdMinutes: 5 }] } }, 'body.definition.ramp.steps.1.percentage'],
    ['a percentage finer than a bucket', { rollout: { percentage: 0.0001, split: [{ variant: 'on', weight: 1 }] } }, 'body.definition.rollout.percentage'],
  ])('refused: %s', async (_, more, path) => {
    expect(await ada.post('/api/v1/flags/refused', { definition: booleanFlag(10, more), reason })).toMatchObject({ status: 422, body: { errors: expect.arrayContaining([expect.objectContaining({ path })]) } });
  });

  test('prerequisites never go round in a circle, however long', async () => {
    const needs = (flag: string) => booleanFlag(100, { prerequisites: [{ flag, variants: ['on'] }] });
    await createFlag(api, booleanFlag(), 'off', 'chain-a');
    await createFlag(api, needs('chain-a'), 'off', 'chain-b');
    await createFlag(api, needs('chain-b'), 'off', 'chain-c');
    expect(await put(ada, 'chain-a', 1, needs('chain-c'))).toMatchObject({ status: 422, body: { errors: [{ path: 'body.definition.prerequisites.0.flag', message: expect.stringContaining('circle') }] } });
    expect(await put(ada, 'chain-a', 1, needs('chain-a'))).toMatchObject({ status: 422 });
    // Two edits that would only close the circle together: one of them sees the other.
    await createFlag(api, booleanFlag(), 'off', 'race-a');
    await createFlag(api, booleanFlag(), 'off', 'race-b');
    const raced = await Promise.all([put(ada, 'race-a', 1, needs('race-b')), put(bea, 'race-b', 1, needs('race-a'))]);
    expect(raced.map(({ status }) => status).toSorted()).toEqual([200, 422]);
    expect((await read('chain-a')).dependents).toEqual(['chain-b']);
    expect(await state('chain-a', 1, 'archived')).toMatchObject({ status: 409, body: { code: 'flag_needed', dependents: ['chain-b'] } });
    const renamed = { ...booleanFlag(), variants: [{ key: 'yes', value: true }, { key: 'off', value: false }], rollout: null };
    expect(await put(ada, 'chain-a', 1, renamed)).toMatchObject({ status: 409, body: { code: 'variant_needed' } });
  });

  test('a flag that is still evaluated does not go to the archive; one that is there is changed no more', async () => {
    const key = await createFlag(api, booleanFlag(0), 'off');
    const used = (daysAgo: number) =>
      api.db.pool.query(
        `INSERT INTO admin_center.flag_usage VALUES ($1, (now() - $2 * interval '1 day')::date, 'off', 'DISABLED', 7, now() - $2 * interval '1 day', now() - $2 * interval '1 day')`, [key, daysAgo],
      );
    await used(2);
    expect(await state(key, 1, 'archived')).toMatchObject({ status: 409, body: { code: 'flag_in_use' } });
    await api.db.pool.query('DELETE FROM admin_center.flag_usage WHERE flag = $1', [key]);
    await used(20);
    expect(await state(key, 1, 'archived')).toMatchObject({ status: 200, body: { flag: { lifecycle: 'archived' } } });
    expect(await put(ada, key, 2, booleanFlag(1))).toMatchObject({ status: 409, body: { code: 'flag_archived' } });
    const listed = (await ada.get('/api/v1/flags')).body as { items: { key: string }[]; lifecycles: { archived: number } };
    expect(listed.items.map((item) => item.key)).not.toContain(key);
    expect(listed.lifecycles.archived).toBe(1);
    expect((await ada.get('/api/v1/flags', { lifecycle: 'archived' })).body).toMatchObject({ items: [{ key }] });
  });

  test('an experiment is frozen while it runs, and two of one group take nobody twice', async () => {
    const grouped = (from: number, to: number) => booleanFlag(0, { experiment: { ...experiment, exclusionGroup: { name: 'checkout', from, to } } });
    const [first, second] = [await createFlag(api, grouped(0, 0.1)), await createFlag(api, grouped(0.05, 0.2))];
    const start = (key: string, version: number) => ada.post(`/api/v1/flags/${key}/experiment/start`, { version, reason });
    expect(await start(first, 2)).toMatchObject({ status: 200, body: { flag: { experiment: { state: 'running' } } } });
    expect(await start(first, 3)).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
    expect(await start(second, 2)).toMatchObject({ status: 409, body: { code: 'exclusion_overlap' } });
    expect(await put(ada, first, 3, booleanFlag(0, { experiment: { ...experiment, hypothesis: 'It was about something else.' } }))).toMatchObject({ status: 409, body: { code: 'experiment_running' } });
    expect(await put(ada, first, 3, booleanFlag(0.001, { experiment: grouped(0, 0.1).experiment ?? null }))).toMatchObject({ status: 200 });
    expect(await ada.post(`/api/v1/flags/${first}/experiment/stop`, { version: 4, reason })).toMatchObject({ status: 200, body: { flag: { experiment: { state: 'stopped' } } } });
    expect(await start(second, 2)).toMatchObject({ status: 200 });
  });

  test('an explanation names every rule on the way, for a user of the directory or for a draft', async () => {
    const key = await createFlag(api, booleanFlag(null, { tiers: [{ id: 'paying', tier: 'enterprise', serve: { percentage: 100, split: [{ variant: 'on', weight: 1 }] } }] }));
    expect((await ada.post(`/api/v1/flags/query/${key}/explain`, { userId: users[0] })).body).toMatchObject({
      value: false, variant: 'off', reason: 'DEFAULT', ruleId: 'default', context: { tier: 'premium', country: 'DE' }, trace: [{ step: 'state' }, { step: 'tier:paying', matched: false }, { step: 'default' }],
    });
    const draft = booleanFlag(null, { tiers: [{ id: 'paying', tier: 'premium', serve: { percentage: 100, split: [{ variant: 'on', weight: 1 }] } }] });
    expect((await ada.post(`/api/v1/flags/query/${key}/explain`, { userId: users[0], definition: draft })).body).toMatchObject({ value: true, ruleId: 'tier:paying' });
    expect((await ada.post('/api/v1/flags/query/not-made-yet/explain', { context: {}, definition: booleanFlag(50) })).body).toMatchObject({ reason: 'ERROR', variant: null, bucket: null });
    expect(await ada.post(`/api/v1/flags/query/${key}/explain`, { userId: '7f3c2b1e-0000-4000-8000-000000000001' })).toMatchObject({ status: 404 });
  });

  test('erasing an audit entry takes reason and author out of the history too', async () => {
    const key = await createFlag(api, booleanFlag(0), 'off');
    const { items: [version] } = (await ada.get(`/api/v1/flags/${key}/history`)).body as { items: FlagVersion[] };
    expect(await ada.post(`/api/v1/audit/entries/${version?.auditSequence}/erase`, { reason })).toMatchObject({ status: 200 });
    const { items: [erased] } = (await ada.get(`/api/v1/flags/${key}/history`)).body as { items: FlagVersion[] };
    expect(erased).toMatchObject({ reason: 'erased', by: { name: 'erased' } });
  });
});
