// What an answer says in one place must be of the same instant as what it says in another: an answer that takes several
// statements reads them all from one snapshot.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createPool } from '@admin-center/platform/pool';
import type pg from 'pg';
import { buildFunnels } from '../src/capabilities/conversion/jobs.ts';
import { conversionRoutes } from '../src/capabilities/conversion/routes.ts';
import { distributionRoutes } from '../src/capabilities/distribution/routes.ts';
import { engagementRoutes } from '../src/capabilities/engagement/routes.ts';
import type { RequestContext } from '../src/platform/context.ts';
import { createDatabase } from '../src/platform/database.ts';
import type { Route } from '../src/platform/route.ts';
import type { Services } from '../src/platform/services.ts';
import { startTestApi, type TestApi } from './api.ts';
import { makeExperiment } from './experiments.ts';

const FUNNEL = 'sign-up';
const days = { from: '2026-07-01', to: '2026-07-31' };
const definition = { name: 'Sign-up', steps: [{ event: 'A' }, { event: 'B' }], windowSeconds: 86_400 };
const cohort = { interval: 'week', cohort: '2026-07-06', n: '1' };

let api: TestApi;
let pool: pg.Pool;
let routes: readonly Route[];
let user: string;
let flag: string;
let statements: string[] = [];

beforeAll(async () => {
  api = await startTestApi();
  user = (await api.db.make.user()).id;
  ({ flag } = await makeExperiment(api.db.pool));
  await api.db.pool.query('INSERT INTO admin_center.funnel (key, definition) VALUES ($1, $2)', [FUNNEL, JSON.stringify({ ...definition, description: '', order: 'ordered', exclusions: [], breakdown: 'none', steps: definition.steps.map(({ event }) => ({ type: 'track', event, feature: null, property: null, name: '', windowSeconds: null })) })]);
  await buildFunnels(api.database, 100);
  pool = createPool({ connectionString: api.db.apiUrl, applicationName: 'one-instant', max: 1, statementTimeoutMs: 8_000 });
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...given: unknown[]) => unknown;
    client.query = ((...given: unknown[]) => {
      statements.push(typeof given[0] === 'string' ? given[0] : (given[0] as { text: string }).text);
      return query(...given);
    }) as typeof client.query;
  });
  const services = { ...api, database: createDatabase(pool), clock: () => new Date('2026-08-14T12:30:00Z') } as unknown as Services;
  routes = [...engagementRoutes(services), ...conversionRoutes(services), ...distributionRoutes(services)];
});
afterAll(async () => {
  await pool.end();
  await api.close();
});

const context = { actor: { permissions: new Set(['users:read']) }, caller: { peer: '127.0.0.1', headers: {} } } as unknown as RequestContext;
const isWork = (statement: string): boolean => !/^(start transaction|begin|commit|rollback)|set_config/i.test(statement.trim());

test.each<[path: string, request: { params?: object; query?: object; body?: object }]>([
  ['GET /api/v1/engagement/activity', { query: days }],
  ['GET /api/v1/engagement/activity', { query: { ...days, split: 'country' } }],
  ['GET /api/v1/engagement/lifecycle', { query: { ...days, interval: 'week' } }],
  ['GET /api/v1/engagement/retention', { query: { cohorts: '4' } }],
  ['GET /api/v1/engagement/retention', { query: { cohorts: '4', eventIn: 'A', eventBack: 'B' } }],
  ['GET /api/v1/engagement/sessions', { query: days }],
  ['GET /api/v1/engagement/features', { query: { window: '7d' } }],
  ['GET /api/v1/engagement/events', {}],
  ['GET /api/v1/engagement/definition', {}],
  ['POST /api/v1/engagement/definition/preview', { body: { mode: 'only', events: ['A'] } }],
  ['GET /api/v1/engagement/at-risk', {}],
  ['GET /api/v1/engagement/users/active', { query: { day: '2026-07-14', days: '7' } }],
  ['GET /api/v1/engagement/users/active', { query: { day: '2026-07-14', days: '7', split: 'country', value: 'DE' } }],
  ['GET /api/v1/engagement/users/lifecycle', { query: { interval: 'week', startsOn: '2026-07-06', state: 'dormant' } }],
  ['GET /api/v1/engagement/users/retention', { query: cohort }],
  ['GET /api/v1/engagement/users/retention', { query: { ...cohort, eventIn: 'A', since: '2026-07-06' } }],
  ['GET /api/v1/engagement/persons/:userId/erase-preview', { params: { userId: '' } }],
  ...['none', 'country'].map((split): [string, object] => ['GET /api/v1/conversion/rates', { query: { ...days, split } }]),
  ['GET /api/v1/conversion/funnels', {}],
  ['GET /api/v1/conversion/funnels/:key', {}],
  ['GET /api/v1/conversion/funnels/:key/history', {}],
  ...['none', 'source'].map((breakdown): [string, object] => ['GET /api/v1/conversion/funnels/:key/result', { query: { ...days, breakdown } }]),
  ['GET /api/v1/conversion/funnels/:key/users', { query: { ...days, step: '1' } }],
  ['POST /api/v1/conversion/funnels/:key/change-preview', { body: { change: { kind: 'archive' } } }],
  ['POST /api/v1/conversion/query/funnel-preview', { body: { definition } }],
  ['GET /api/v1/conversion/experiments', {}],
  ['GET /api/v1/conversion/experiments/:flag', {}],
  ['GET /api/v1/conversion/experiments/:flag/breakdown', { query: { by: 'tier' } }],
  ['GET /api/v1/conversion/experiments/:flag/users', { query: { variant: 'control' } }],
  ...['country:DE', undefined].map((filter): [string, object] => ['GET /api/v1/distribution', { query: { filter } }]),
  ['GET /api/v1/distribution/regions', { query: { country: 'DE' } }],
  ...['1d', '7d'].map((window): [string, object] => ['GET /api/v1/distribution/series', { query: { ...days, dimension: 'country', window } }]),
  ['GET /api/v1/distribution/platforms', {}],
  ['GET /api/v1/distribution/users', { query: { cell: 'country:DE' } }],
  ['GET /api/v1/distribution/users', { query: { cell: 'country:DE', filter: 'platform:web' } }],
])('%s of %j is of one instant', async (path, { query = {}, body }) => {
  const { contract, handle } = routes.find((each) => `${each.contract.method} ${each.contract.path}` === path) as Route;
  statements = [];
  await handle({ params: { key: FUNNEL, flag, userId: user }, query: contract.query?.parse(query), body: contract.body?.parse(body) }, context);
  const work = statements.filter(isWork);
  expect(work.length).toBeGreaterThan(0);
  expect(work.length === 1 || /isolation level repeatable read/i.test(statements[0] ?? '') ? [] : work.map((statement) => statement.trim().slice(0, 80))).toEqual([]);
});
