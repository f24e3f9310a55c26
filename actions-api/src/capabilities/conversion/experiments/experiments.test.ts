// Results of experiments over HTTP, from sums that are written by hand; and what the worker keeps of them for Prometheus.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { experimentMetric, type ExperimentResult, type ExperimentSummary } from '@admin-center/contracts/conversion-experiments';
import { startTestApi, type TestApi } from '../../../../test/api.ts';
import type { Client } from '../../../../test/client.ts';
import { addDay, expose, makeExperiment, type MadeExperiment } from '../../../../test/experiments.ts';
import { keepResults } from './jobs.ts';

let api: TestApi;
let ada: Client;
beforeAll(async () => {
  api = await startTestApi();
  await api.db.make.admin({ email: 'ada@acme.example' });
  ada = api.as({ email: 'ada@acme.example' });
});
afterAll(() => api.close());
beforeEach(() => api.db.pool.query('TRUNCATE admin_center.experiment, admin_center.experiment_day, admin_center.exposure, admin_center.experiment_outcome, admin_center.experiment_result'));

const read = async ({ flag }: MadeExperiment, query: Record<string, string> = {}): Promise<ExperimentResult> => {
  const { status, body } = await ada.get(`/api/v1/conversion/experiments/${flag}`, query);
  expect(status).toBe(200);
  return body as ExperimentResult;
};

test('a clear effect: verdict, interval, day by day', async () => {
  const made = await makeExperiment(api.db.pool);
  for (const day of [0, 1, 2, 3, 4]) {
    await addDay(api.db.pool, made, 'control', day, { users: 400, y: 40 });
    await addDay(api.db.pool, made, 'short', day, { users: 400, y: 68, crossed: day === 0 ? 2 : 0 });
  }
  const result = await read(made);
  expect(result).toMatchObject({ state: 'running', run: 1, mode: 'sequential', exposed: 4_000, comparisons: 1, alpha: 0.05, nStar: 1_000, isReadable: true, daysToDecision: 0, control: 'control', cuped: null });
  expect(result.verdict).toEqual({ state: 'higher', text: expect.stringMatching(/^“short” raises the metric by 70\.0% \(\d+\.\d% to \d+\.\d%\)\.$/) });
  expect(result.ratio).toMatchObject({ state: 'ok', p: 1, anytimeP: 1 });
  expect(result.crossover).toEqual({ users: 2, share: 2 / 4_000, isHigh: false });
  const [control, short] = result.variants;
  expect(control).toMatchObject({ variant: 'control', isControl: true, users: 2_000, plannedShare: 0.5, mean: 0.1, effect: null });
  expect(short).toMatchObject({ mean: 0.17, adjusted: null, effect: { p: null, difference: { point: expect.closeTo(0.07, 10) }, relative: { point: expect.closeTo(0.7, 10) } } });
  expect(result.days).toHaveLength(11);
  expect(result.days.map(({ variants }) => variants[1]?.users)).toEqual([400, 800, 1_200, 1_600, 2_000, 2_000, 2_000, 2_000, 2_000, 2_000, 2_000]);
  // What is known grows, so the interval narrows.
  const widths = result.days.slice(0, 5).map(({ variants }) => (variants[1]?.difference?.upper ?? 0) - (variants[1]?.difference?.lower ?? 0));
  expect(widths).toEqual(widths.toSorted((a, b) => b - a));
});

test('the fixed mode says nothing before its size, and then a p-value', async () => {
  const made = await makeExperiment(api.db.pool, { plan: { analysis: 'fixed', plannedN: 1_000 } });
  await addDay(api.db.pool, made, 'control', 7, { users: 900, y: 90 });
  await addDay(api.db.pool, made, 'short', 7, { users: 900, y: 153 });
  const early = await read(made);
  expect(early).toMatchObject({ isReadable: false, verdict: { state: 'undecided', text: 'It is read once, when each variant has 1,000 users.' } });
  expect(early.variants[1]?.effect).toMatchObject({ p: null, difference: { lower: null, upper: null }, relative: { lower: null, upper: null } });
  expect(JSON.stringify(early.days)).not.toMatch(/"(lower|upper)":-?\d/);
  expect(early.daysToDecision).toBeCloseTo((100 / 900) * 7, 1);
  await addDay(api.db.pool, made, 'control', 8, { users: 100, y: 10 });
  await addDay(api.db.pool, made, 'short', 8, { users: 100, y: 17 });
  const late = await read(made);
  expect(late).toMatchObject({ isReadable: true, verdict: { state: 'higher' }, daysToDecision: 0 });
  expect(late.variants[1]?.effect?.p).toBeLessThan(0.001);
  expect(late.days[7]?.variants[1]?.difference?.lower).toBeNull();
  expect(late.days[8]?.variants[1]?.difference?.lower).toBeGreaterThan(0);
});

test('a broken ratio, then a violated guardrail, forbid to believe the effect', async () => {
  const guardrails = [{ name: 'errors', promql: 'vector(1)', comparison: '>' as const, threshold: 0.5 }, { name: 'latency', promql: 'vector(1)', comparison: '>' as const, threshold: 0.5 }];
  const made = await makeExperiment(api.db.pool, { definition: { guardrails }, plan: { guardrails: ['errors', 'latency'] } });
  await addDay(api.db.pool, made, 'control', 0, { users: 2_000, y: 200 });
  await addDay(api.db.pool, made, 'short', 0, { users: 2_000, y: 400 });
  expect(await read(made)).toMatchObject({ verdict: { state: 'higher' }, guardrails: [{ name: 'errors', state: 'not_evaluated', before: null, message: expect.stringMatching(/there was none\.$/) }, { name: 'latency', state: 'not_evaluated' }] });
  const evaluate = (state: string, at: Date) => api.db.pool.query("INSERT INTO admin_center.guardrail_evaluation (flag, guardrail, at, state, query, message) VALUES ($1, 'errors', $2, $3, 'vector(1)', 'Says so.')", [made.flag, at, state]);
  await evaluate('violation', new Date(made.startedAt.getTime() - 1_000));
  const ramped = { state: 'violation', at: new Date(made.startedAt.getTime() - 1_000).toISOString() };
  expect(await read(made)).toMatchObject({ verdict: { state: 'higher' }, guardrails: [{ state: 'not_evaluated', at: null, before: ramped, message: expect.stringMatching(/In the ramp before the start it said: Says so\.$/) }, { before: null }] });
  await evaluate('violation', new Date());
  expect(await read(made)).toMatchObject({ verdict: { state: 'blocked', text: 'Do not ship: errors is violated, whatever the metric says.' }, guardrails: [{ state: 'violation', message: 'Says so.', before: ramped }, { state: 'not_evaluated' }] });
  await addDay(api.db.pool, made, 'control', 1, { users: 600 });
  expect(await read(made)).toMatchObject({ verdict: { state: 'mismatch' }, ratio: { state: 'alert', anytimeP: expect.any(Number) } });
  // It does not heal: whoever was exposed wrongly stays in the sums.
  await addDay(api.db.pool, made, 'short', 2, { users: 600 });
  const healed = await read(made);
  expect(healed.ratio).toMatchObject({ state: 'ok' });
  expect(healed.ratio.anytimeP).toBeLessThan(0.001);
});

test('CUPED where something is known from before', async () => {
  const made = await makeExperiment(api.db.pool, { plan: { plannedN: 10_000 } });
  await addDay(api.db.pool, made, 'control', 0, { users: 1_000, y: 400, p: 400, py: 320 });
  await addDay(api.db.pool, made, 'short', 0, { users: 1_000, y: 450, p: 410, py: 350 });
  const { cuped, variants } = await read(made);
  expect(cuped?.reduction).toBeGreaterThan(0.3);
  const width = (effect: ExperimentResult['variants'][number]['effect'] | undefined): number => (effect?.difference.upper ?? 0) - (effect?.difference.lower ?? 0);
  expect(width(variants[1]?.adjusted)).toBeLessThan(width(variants[1]?.effect) * 0.85);
});

test('three variants share the error, and visitors with other metrics are still counted', async () => {
  const weights = ['control', 'short', 'tiny'].map((variant) => ({ variant, weight: 1 }));
  const made = await makeExperiment(api.db.pool, { plan: { weights, metric: 'admincenter_trial_conversion_ratio' } });
  for (const { variant } of weights) {
    await addDay(api.db.pool, made, variant, 0, { users: 200 });
  }
  expect(await read(made)).toMatchObject({
    comparisons: 2, alpha: 0.025, exposed: 600, daysToDecision: null, metric: { text: 'admincenter_trial_conversion_ratio', kind: null },
    verdict: { state: 'not_computable', text: '“admincenter_trial_conversion_ratio” cannot be computed here. Exposures, their ratio and guardrails are still watched.' },
  });
});

test('nobody exposed yet, few exposed, and stopped too early', async () => {
  expect(await read(await makeExperiment(api.db.pool))).toMatchObject({ exposed: 0, verdict: { state: 'collecting' }, ratio: { state: 'too_few', p: null, anytimeP: 1 }, crossover: { share: 0 }, daysToDecision: null });
  const stopped = await makeExperiment(api.db.pool, { startedDaysAgo: 9, stoppedDaysAgo: 4, plan: { analysis: 'fixed' } });
  await addDay(api.db.pool, stopped, 'control', 0, { users: 300, y: 30 });
  await addDay(api.db.pool, stopped, 'short', 0, { users: 300, y: 60 });
  const result = await read(stopped);
  expect(result).toMatchObject({ state: 'stopped', daysToDecision: null, verdict: { state: 'undecided', text: expect.stringContaining('stopped before') } });
  expect(result.days).toHaveLength(6);
});

test('the list has the newest run of each; older runs are asked for', async () => {
  const made = await makeExperiment(api.db.pool, { stoppedDaysAgo: 5 });
  const restarted = new Date(Date.now() - 1_000);
  await api.db.pool.query("UPDATE admin_center.flag SET experiment_state = 'running', experiment_started_at = $2, experiment_stopped_at = NULL WHERE key = $1", [made.flag, restarted]);
  await addDay(api.db.pool, made, 'control', 0, { users: 7 });
  const { body } = await ada.get('/api/v1/conversion/experiments');
  expect((body as { items: ExperimentSummary[] }).items).toMatchObject([{ flag: made.flag, name: 'Checkout layout', run: 2, state: 'running', exposed: 0 }]);
  expect(await read(made)).toMatchObject({ run: 2, runs: [{ run: 2 }, { run: 1 }] });
  expect(await read(made, { run: '1' })).toMatchObject({ run: 1, state: 'stopped', exposed: 7 });
  expect(await ada.get(`/api/v1/conversion/experiments/${made.flag}`, { run: '3' })).toMatchObject({ status: 404 });
  expect(await ada.get('/api/v1/conversion/experiments/no-such-flag')).toMatchObject({ status: 404 });
});

test('users behind a variant, page by page, visitors left out; small cells are empty', async () => {
  const made = await makeExperiment(api.db.pool);
  const users = await Promise.all(Array.from({ length: 6 }, () => api.db.make.user()));
  for (const [minutes, user] of users.entries()) {
    await expose(api.db.pool, made, 'short', user.id, { minutes: minutes + 1 });
  }
  await expose(api.db.pool, made, 'short', randomUUID(), { known: false });
  for (let index = 0; index < 4; index += 1) {
    await expose(api.db.pool, made, 'control', randomUUID(), { tier: 'premium' });
  }
  await api.db.pool.query('SELECT admin_center.refresh_user_directory(true)');
  const path = `/api/v1/conversion/experiments/${made.flag}`;
  const first = await ada.get(`${path}/users`, { variant: 'short', limit: '4' });
  const { items, nextCursor } = first.body as { items: { id: string; email: string }[]; nextCursor: string };
  const second = await ada.get(`${path}/users`, { variant: 'short', limit: '4', cursor: nextCursor });
  expect([...items, ...(second.body as { items: { id: string }[] }).items].map(({ id }) => id)).toEqual(users.map(({ id }) => id).toReversed());
  expect(items[0]?.email).toBe(users.at(-1)?.email);
  const { body } = await ada.get(`${path}/breakdown`, { by: 'tier' });
  expect(body).toEqual({ rows: [
    { value: 'free', variants: [{ variant: 'control', users: null, mean: null }, { variant: 'short', users: 7, mean: 0 }] },
    { value: 'premium', variants: [{ variant: 'control', users: null, mean: null }, { variant: 'short', users: null, mean: null }] },
  ] });
});

test('the worker keeps the facts of running experiments, and no role of ours can change what came of one', async () => {
  const made = await makeExperiment(api.db.pool);
  await addDay(api.db.pool, made, 'control', 0, { users: 1_000, y: 100 });
  await addDay(api.db.pool, made, 'short', 0, { users: 1_000, y: 170 });
  await makeExperiment(api.db.pool, { stoppedDaysAgo: 1 });
  expect(await keepResults(api.database, new Date())).toBe(6);
  const { rows } = await api.db.pool.query('SELECT fact, experiment, variant, bound, value FROM admin_center.experiment_fact ORDER BY fact, variant, bound');
  expect(rows).toEqual([
    { fact: 'effect', experiment: made.flag, variant: 'short', bound: 'lower', value: expect.any(Number) },
    { fact: 'effect', experiment: made.flag, variant: 'short', bound: 'point', value: expect.closeTo(0.7, 10) },
    { fact: 'effect', experiment: made.flag, variant: 'short', bound: 'upper', value: expect.any(Number) },
    { fact: 'exposed', experiment: made.flag, variant: 'control', bound: null, value: 1_000 },
    { fact: 'exposed', experiment: made.flag, variant: 'short', bound: null, value: 1_000 },
    { fact: 'srm', experiment: made.flag, variant: null, bound: null, value: 1 },
  ]);
  await api.db.pool.query("UPDATE admin_center.flag SET experiment_state = 'stopped', experiment_stopped_at = now() WHERE key = $1", [made.flag]);
  expect((await api.db.pool.query('SELECT FROM admin_center.experiment_fact')).rowCount).toBe(0);
  const { database } = api;
  for (const table of ['experiment', 'exposure', 'experiment_outcome', 'experiment_day'] as const) {
    await expect(database.deleteFrom(`admin_center.${table}` as never).execute()).rejects.toMatchObject({ code: '42501' });
  }
});

test.each(['event:Subscription Started', 'count: Tunnel Started', 'feature:tunnel', 'converted_to_paid', 'revenue:EUR', ' revenue:eur', 'revenue', 'event:', 'whatever we feel'])('contract and database read the metric %p the same', async (metric) => {
  const { id } = await makeExperiment(api.db.pool, { plan: { metric } });
  const { rows: [row] } = await api.db.pool.query('SELECT metric_kind AS kind, metric_name AS name FROM admin_center.experiment WHERE id = $1', [id]);
  expect(row).toEqual(experimentMetric(metric) ?? { kind: null, name: null });
});
