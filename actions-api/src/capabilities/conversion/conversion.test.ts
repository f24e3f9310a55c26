// Funnels and rates as their endpoints answer, beside what every endpoint is held to.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { conversion, type ConversionRates } from '@admin-center/contracts/conversion';
import type { Funnel, FunnelDefinitionInput, FunnelPreview, FunnelResult } from '@admin-center/contracts/conversion-funnels';
import { ROLES } from '@admin-center/contracts/capability';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { describeEndpoints } from '../../../test/describe-endpoints.ts';
import { experimentSamples } from '../../../test/experiments.ts';
import { ok } from '../../../test/promotions.ts';
import { permissionsOf } from '../../platform/auth/permissions.ts';
import type { Actor, RequestContext } from '../../platform/context.ts';
import type { Route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import { buildFunnels, settleFunnels } from './jobs.ts';
import { conversionRoutes } from './routes.ts';

const SUPER = { email: 'super@acme.example' };
const NOW = new Date('2026-08-14T12:30:00Z');
const ROOT = '/api/v1/conversion';
const reason = 'For the weekly look at the sign-up.';
const definition: FunnelDefinitionInput = { name: 'Sign-up', steps: [{ event: 'A' }, { event: 'B' }], windowSeconds: 14 * 86_400 };
const days = { from: '2026-07-01', to: '2026-07-31' };

/** Made through the API and worked out as the worker does. */
async function made(api: TestApi, given: FunnelDefinitionInput = definition): Promise<string> {
  const key = `f-${randomUUID().slice(0, 8)}`;
  ok(await api.as(SUPER).post(`${ROOT}/funnels/${key}`, { definition: given, reason }));
  await buildFunnels(api.database, 1_000);
  await settleFunnels(api.database, NOW);
  return key;
}

async function archived(api: TestApi): Promise<string> {
  const key = await made(api);
  ok(await api.as(SUPER).post(`${ROOT}/funnels/${key}/state`, { state: 'archived', reason, version: 1 }));
  return key;
}

const onFunnel = async (api: TestApi, more: object = {}) => ({ params: { key: await made(api) }, ...more });
describeEndpoints(conversion, {
  ...experimentSamples,
  rates: async () => ({ query: days }),
  listFunnels: async () => ({}),
  getFunnel: (api) => onFunnel(api),
  funnelHistory: (api) => onFunnel(api),
  funnelResult: (api) => onFunnel(api, { query: days }),
  funnelCsv: (api) => onFunnel(api, { query: days }),
  funnelUsers: (api) => onFunnel(api, { query: { ...days, step: '1' } }),
  eventNames: async () => ({}),
  previewFunnel: async () => ({ body: { definition } }),
  previewFunnelChange: (api) => onFunnel(api, { body: { change: { kind: 'archive' } } }),
  createFunnel: async () => ({ params: { key: `f-${randomUUID().slice(0, 8)}` }, body: { definition, reason } }),
  updateFunnel: (api) => onFunnel(api, { body: { definition: { ...definition, name: 'Other' }, reason, version: 1 } }),
  setFunnelState: (api) => onFunnel(api, { body: { state: 'archived', reason, version: 1 } }),
  deleteFunnel: async (api) => ({ params: { key: await archived(api) }, body: { reason, version: 2 } }),
});

describe('a funnel', () => {
  let api: TestApi;
  let ada: Client;
  beforeAll(async () => {
    api = await startTestApi({ now: () => NOW });
    await api.db.pool.query('CREATE TABLE admin_center.event_any PARTITION OF admin_center.event DEFAULT');
    await api.db.make.admin(SUPER);
    ada = api.as(SUPER);
  });
  afterAll(() => api.close());

  const happened = async (person: string, name: string, at: string, more: { country?: string; properties?: object; known?: boolean } = {}) =>
    api.db.pool.query(
      `INSERT INTO admin_center.event (at, message_id, person_id, known, source, type, name, qualifies, country, properties) VALUES ($1, $2, $3, $4, 'segment', 'track', $5, true, $6, $7)`,
      [at, randomUUID(), person, more.known ?? true, name, more.country ?? 'DE', more.properties ?? null],
    );
  const golden = async (): Promise<string[]> => {
    await api.db.pool.query('DELETE FROM admin_center.event');
    const people = [...Array(5)].map(() => randomUUID());
    const at = (person: number, name: string, when: string) => happened(people[person - 1] as string, name, when);
    await at(1, 'A', '2026-07-31T12:00Z');
    await at(1, 'B', '2026-08-14T11:59Z');
    await at(2, 'A', '2026-07-10T00:00Z');
    await at(2, 'B', '2026-07-25T00:00Z');
    await at(3, 'A', '2026-07-20T00:00Z');
    await at(3, 'A', '2026-07-30T00:00Z');
    await at(3, 'B', '2026-08-05T00:00Z');
    await at(4, 'B', '2026-07-02T00:00Z');
    await at(4, 'A', '2026-07-03T00:00Z');
    await at(5, 'A', '2026-07-31T23:00Z');
    return people;
  };

  test('gives the golden vector of D9, with the persons behind each bar and the time it took', async () => {
    const people = await golden();
    const key = await made(api);
    const result = ok<FunnelResult>(await ada.get(`${ROOT}/funnels/${key}/result?from=2026-07-01&to=2026-07-31`));
    expect(result).toMatchObject({ asOf: '2026-08-14T12:30:00.000Z', total: { entered: 5, converted: 2, pending: 1, dropped: 2, ratio: 0.5 }, time: { sampledPersons: null } });
    expect(result.time).toMatchObject({ p50: 6 * 86_400, p90: 14 * 86_400 - 60, longest: 14 * 86_400 - 60 });
    const behind = async (outcome: string, step: number) =>
      ok<{ items: { id: string }[] }>(await ada.get(`${ROOT}/funnels/${key}/users?from=2026-07-01&to=2026-07-31&step=${step}&outcome=${outcome}`)).items.map(({ id }) => id).sort();
    expect(await behind('reached', 2)).toEqual([people[0], people[2]].sort());
    expect(await behind('pending', 1)).toEqual([people[4]]);
    expect(await behind('dropped', 1)).toEqual([people[1], people[3]].sort());
    const page = ok<{ items: { id: string }[]; nextCursor: string }>(await ada.get(`${ROOT}/funnels/${key}/users?from=2026-07-01&to=2026-07-31&step=1&limit=3`));
    const rest = ok<{ items: { id: string }[]; nextCursor: null }>(await ada.get(`${ROOT}/funnels/${key}/users?from=2026-07-01&to=2026-07-31&step=1&limit=3&cursor=${page.nextCursor}`));
    expect([...page.items, ...rest.items].map(({ id }) => id).sort()).toEqual([...people].sort());
    const csv = await ada.get(`${ROOT}/funnels/${key}/result.csv?from=2026-07-01&to=2026-07-31`);
    expect(String(csv.body)).toContain('"all","2","B","2","0","0","0.4000"');
  });

  test('estimates the median by Kaplan-Meier, and leaves it open below one half', async () => {
    await api.db.pool.query('DELETE FROM admin_center.event');
    // Converted after 1, 2 and 4 days; one entered 3 days ago and is followed so long, two dropped out after 14.
    const entries: ReadonlyArray<readonly [string, string | null]> = [
      ['2026-07-01T00:00Z', '2026-07-02T00:00Z'], ['2026-07-01T00:00Z', '2026-07-03T00:00Z'], ['2026-07-01T00:00Z', '2026-07-05T00:00Z'], ['2026-08-11T12:30Z', null], ['2026-07-01T00:00Z', null], ['2026-07-02T00:00Z', null],
    ];
    for (const [entry, converted] of entries) {
      const person = randomUUID();
      await happened(person, 'A', entry);
      if (converted !== null) {
        await happened(person, 'B', converted);
      }
    }
    const key = await made(api);
    const { time } = ok<FunnelResult>(await ada.get(`${ROOT}/funnels/${key}/result?from=2026-07-01&to=2026-08-14`));
    // 5/6, 4/6, then one is lost sight of at 3 days: 4/6 × 2/3.
    expect(time.curve.map(({ seconds, converted, atRisk }) => [seconds / 86_400, Math.round(converted * 1e6) / 1e6, atRisk])).toEqual([[1, 0.166667, 6], [2, 0.333333, 5], [4, 0.555556, 3]]);
    expect(time.median).toBe(4 * 86_400);
    await happened(randomUUID(), 'A', '2026-07-01T00:00Z');
    await api.db.pool.query('UPDATE admin_center.funnel SET built_slices = 0, built_at = NULL WHERE key = $1', [key]);
    await buildFunnels(api.database, 1_000);
    expect(ok<FunnelResult>(await ada.get(`${ROOT}/funnels/${key}/result?from=2026-07-01&to=2026-08-14`)).time.median).toBeNull();
  });

  test('of many persons the bars are exact and the times those of a sample', async () => {
    await api.db.pool.query('DELETE FROM admin_center.event');
    await api.db.pool.query(
      `INSERT INTO admin_center.event (at, message_id, person_id, known, source, type, name, qualifies)
       SELECT '2026-07-05T00:00Z'::timestamptz + entered * interval '5 days' + step.number * n * interval '1 minute', gen_random_uuid(), md5('person ' || n)::uuid, true, 'segment', 'track', step.name, true
       FROM generate_series(1, 3000) AS n CROSS JOIN generate_series(0, 1) AS entered CROSS JOIN (VALUES (0, 'A'), (1, 'B')) AS step (number, name)
       WHERE step.number = 0 OR n % 2 = 0`,
    );
    const { total, time } = ok<FunnelResult>(await ada.get(`${ROOT}/funnels/${await made(api)}/result?from=2026-07-01&to=2026-07-31`));
    expect(total).toMatchObject({ entered: 3_000, converted: 1_500, pending: 0, dropped: 1_500 });
    expect(time.sampledPersons).toBeGreaterThan(900);
    expect(time.sampledPersons).toBeLessThan(1_100);
    expect(time.histogram.reduce((sum, { users }) => sum + users, 0)).toBeLessThan(600);
    // 2 to 3,000 minutes, each as likely.
    for (const [percentile, seconds] of [[time.p50, 1_500 * 60], [time.p90, 2_700 * 60], [total.steps[1]?.medianSeconds, 1_500 * 60]] as const) {
      expect(percentile).toBeGreaterThan(seconds * 0.9);
      expect(percentile).toBeLessThan(seconds * 1.1);
    }
  });

  test('splits by what was known at the entry and does not tell of groups below five', async () => {
    await api.db.pool.query('DELETE FROM admin_center.event');
    for (let index = 0; index < 9; index += 1) {
      await happened(randomUUID(), 'A', '2026-07-05T00:00Z', { country: index < 6 ? 'DE' : index < 8 ? 'FR' : 'AT', properties: { utm_source: 'Newsletter' } });
    }
    const key = await made(api);
    const byCountry = ok<FunnelResult>(await ada.get(`${ROOT}/funnels/${key}/result?from=2026-07-01&to=2026-07-31&breakdown=country`));
    expect(byCountry.groups.map(({ value, entered }) => [value, entered])).toEqual([['DE', 6]]);
    expect(byCountry.total.entered).toBe(9);
    const bySource = ok<FunnelResult>(await ada.get(`${ROOT}/funnels/${key}/result?from=2026-07-01&to=2026-07-31&breakdown=source`));
    expect(bySource.groups.map(({ value, entered }) => [value, entered])).toEqual([['newsletter', 9]]);
    // Nor are their persons listed, whoever asks for them by name.
    const behind = (value: string, outcome = 'reached') => ada.get(`${ROOT}/funnels/${key}/users?from=2026-07-01&to=2026-07-31&breakdown=country&step=1&outcome=${outcome}&value=${value}`);
    expect(ok<{ items: unknown[] }>(await behind('DE')).items).toHaveLength(6);
    for (const outcome of ['reached', 'dropped']) {
      expect(await behind('FR', outcome)).toMatchObject({ status: 422, body: { code: 'group_too_small' } });
    }
    expect(ok<{ items: unknown[] }>(await behind('ZZ')).items).toEqual([]);
  });

  test('a source that a spreadsheet would run as a formula is text in the table', async () => {
    await api.db.pool.query('DELETE FROM admin_center.event');
    for (let index = 0; index < 6; index += 1) {
      await happened(randomUUID(), 'A', '2026-07-05T00:00Z', { properties: { utm_source: '=HYPERLINK("https://evil.example")' } });
    }
    const csv = String((await ada.get(`${ROOT}/funnels/${await made(api)}/result.csv?from=2026-07-01&to=2026-07-31&breakdown=source`)).body);
    expect(csv).toContain(`"'=hyperlink(""https://evil.example"")","1"`);
  });

  test('names of the last 30 days are told, the most frequent first', async () => {
    const count = (day: string, type: string, name: string, events: number, feature = '') =>
      api.db.pool.query("INSERT INTO admin_center.event_count (day, type, name, feature, tier, events) VALUES ($1, $2, $3, $4, 'free', $5)", [day, type, name, feature, events]);
    await count('2026-08-14', 'track', 'Signed Up', 2);
    await count('2026-07-16', 'track', 'Signed Up', 3, 'chat');
    await count('2026-07-16', 'page', 'Pricing', 9);
    await count('2026-07-15', 'track', 'Too old', 99);
    await count('2026-08-14', 'identify', '', 99);
    await count('2026-08-14', 'track', 'Erased', 0);
    const items = ok<{ items: unknown[] }>(await ada.get(`${ROOT}/event-names`)).items;
    await api.db.pool.query('DELETE FROM admin_center.event_count');
    expect(items).toEqual([{ type: 'page', name: 'Pricing', events: 9 }, { type: 'track', name: 'Signed Up', events: 5 }]);
  });

  test('the preview of a draft is the result it would have', async () => {
    await api.db.pool.query('DELETE FROM admin_center.event');
    const person = randomUUID();
    await happened(person, 'A', '2026-08-10T00:00Z');
    await happened(person, 'B', '2026-08-10T01:00Z');
    await happened(randomUUID(), 'A', '2026-08-12T00:00Z');
    const preview = ok<FunnelPreview>(await ada.post(`${ROOT}/query/funnel-preview`, { definition, days: 7 }));
    expect(preview).toMatchObject({ from: '2026-08-08', to: '2026-08-14', total: { entered: 2, converted: 1, pending: 1, dropped: 0 }, unknownEvents: ['A', 'B'] });
  });

  test.each<[string, object, string]>([
    ['one step', { steps: [{ event: 'A' }] }, 'body.definition.steps'],
    ['a step window longer than the funnel', { windowSeconds: 60, steps: [{ event: 'A' }, { event: 'B', windowSeconds: 61 }] }, 'body.definition.steps.1.windowSeconds'],
    ['an exclusion that is a step', { exclusions: [{ event: 'B', after: 1, before: 2 }] }, 'body.definition.exclusions.0.event'],
    ['an exclusion beyond the last step', { exclusions: [{ event: 'X', after: 1, before: 3 }] }, 'body.definition.exclusions.0.before'],
  ])('refuses %s', async (_, change, path) => {
    expect(await ada.post(`${ROOT}/funnels/refused`, { definition: { ...definition, ...change }, reason })).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  });

  test('has no result while it is built, and only a change of what is counted builds it anew', async () => {
    const key = await made(api);
    const renamed = ok<{ funnel: Funnel }>(await ada.send('PUT', `${ROOT}/funnels/${key}`, { body: { definition: { ...definition, name: 'Other name' }, reason, version: 1 } })).funnel;
    expect(renamed).toMatchObject({ version: 2, build: { progress: 1 } });
    ok(await ada.send('PUT', `${ROOT}/funnels/${key}`, { body: { definition: { ...definition, windowSeconds: 3_600 }, reason, version: 2 } }));
    expect(await ada.get(`${ROOT}/funnels/${key}/result?from=2026-07-01&to=2026-07-31`)).toMatchObject({ status: 409, body: { code: 'funnel_building', build: { progress: 0, builtAt: null } } });
    const history = ok<{ items: { version: number; change: string }[] }>(await ada.get(`${ROOT}/funnels/${key}/history`));
    expect(history.items.map(({ version, change }) => [version, change])).toEqual([[3, 'update'], [2, 'update'], [1, 'create']]);
  });

  test('of two changes from one version the second is told what is there now', async () => {
    const key = await made(api);
    const both = await Promise.all(['One', 'Two'].map((name) => ada.send('PUT', `${ROOT}/funnels/${key}`, { body: { definition: { ...definition, name }, reason, version: 1 } })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'version_conflict', current: { version: 2 } });
  });

  test('is deleted from the archive only, with the preview that was shown, and leaves nothing behind', async () => {
    await golden();
    const key = await made(api);
    expect(await ada.post(`${ROOT}/funnels/${key}/delete`, { reason, version: 1 })).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
    const preview = ok<{ token: string; entries: number }>(await ada.post(`${ROOT}/funnels/${key}/change-preview`, { change: { kind: 'archive' } }));
    expect(preview.entries).toBe(6);
    expect(await ada.post(`${ROOT}/funnels/${key}/state`, { state: 'archived', reason, version: 1, previewToken: 'another' })).toMatchObject({ status: 409, body: { code: 'preview_stale' } });
    ok(await ada.post(`${ROOT}/funnels/${key}/state`, { state: 'archived', reason, version: 1, previewToken: preview.token }));
    expect(await ada.get(`${ROOT}/funnels/${key}/result?from=2026-07-01&to=2026-07-31`)).toMatchObject({ status: 409, body: { code: 'funnel_archived' } });
    ok(await ada.post(`${ROOT}/funnels/${key}/delete`, { reason, version: 2 }));
    expect(await ada.get(`${ROOT}/funnels/${key}`)).toMatchObject({ status: 404 });
    await api.db.pool.query('SELECT admin_center.forget_funnel_entries()');
    expect((await api.db.pool.query('SELECT FROM admin_center.funnel_entry e WHERE NOT EXISTS (SELECT FROM admin_center.funnel f WHERE f.funnel_id = e.funnel_id)')).rowCount).toBe(0);
  });

  test.each(ROLES)('%s sees the persons behind a bar exactly if it may read users', async (role) => {
    const [person] = await golden();
    const key = await made(api);
    const { email } = await api.db.make.admin({ email: `${role}@acme.example`, role });
    const granted = permissionsOf([role]);
    const [bars, behind] = [await api.as({ email }).get(`${ROOT}/funnels/${key}/result?from=2026-07-31&to=2026-07-31`), await api.as({ email }).get(`${ROOT}/funnels/${key}/users?from=2026-07-31&to=2026-07-31&step=2`)];
    expect(bars.status).toBe(granted.has('conversion:read') ? 200 : 403);
    expect(behind).toMatchObject(
      granted.has('conversion:read') && granted.has('users:read')
        ? { status: 200, body: { items: [{ id: person, email: null }], nextCursor: null } }
        : { status: 403, body: { code: 'permission_missing' } },
    );
  });

  // No role of today has the one permission without the other; the routes must not rely on that.
  test.each(['funnelUsers', 'experimentUsers'] as const)('%s names nobody to whom conversion:read is all that is granted', async (name) => {
    const contract = conversion.endpoints[name];
    const { handle } = conversionRoutes({ database: api.database, clock: () => NOW } as Services).find((route) => route.contract === contract) as Route;
    const actor: Actor = { subject: 'user:7', email: 'reader@acme.example', name: null, userId: null, roles: ['finance_admin'], role: 'finance_admin', permissions: new Set(['conversion:read']) };
    const request = { params: { key: await made(api), flag: 'none' }, query: { ...days, step: 1, outcome: 'reached', breakdown: 'none', limit: 10, variant: 'control' } };
    await expect((async () => handle(request, { actor } as RequestContext))()).rejects.toMatchObject({ status: 403, code: 'permission_missing', message: expect.stringContaining('users:read') });
  });

  test('both rates stand side by side, the cohort with matured sign-ups only', async () => {
    const month = async (at: string) => (await api.db.make.user({ createdAt: new Date(at) })).id;
    const [early, late] = [await month('2026-04-10T00:00Z'), await month('2026-05-12T00:00Z')];
    await month('2026-05-20T00:00Z');
    await month('2026-08-10T00:00Z');
    for (const [user, at] of [[early, '2026-07-05T00:00Z'], [late, '2026-05-20T00:00Z']] as const) {
      const { id } = await api.db.make.subscription(user, { createdAt: new Date(at), periodStart: new Date(at), periodEnd: new Date('2026-08-30T00:00Z') });
      await api.db.make.payment(user, { subscriptionId: id, createdAt: new Date(at) });
    }
    await api.db.pool.query('SELECT admin_center.refresh_user_directory(true), admin_center.refresh_paid_spans(true)');
    const july = ok<ConversionRates>(await ada.get(`${ROOT}/rates?from=2026-07-01&to=2026-07-31&split=tier`));
    expect(july.period.total).toMatchObject({ converted: 1 });
    expect(july.period.groups).toMatchObject([{ value: 'premium', converted: 1 }]);
    const spring = ok<ConversionRates>(await ada.get(`${ROOT}/rates?from=2026-04-01&to=2026-08-31`));
    expect(spring.cohort.cohorts.map(({ month: first, users, converted, matured }) => [first, users, converted, matured])).toEqual(expect.arrayContaining([['2026-04-01', 1, 0, true], ['2026-05-01', 2, 1, true], ['2026-08-01', 1, 0, false]]));
    expect(spring.cohort.total).toMatchObject({ users: 3, converted: 1 });
    // Everybody so far has had three days, but the month goes on; days asked about that are over do not.
    const soon = ok<ConversionRates>(await ada.get(`${ROOT}/rates?from=2026-08-01&to=2026-08-31&matureDays=3`));
    expect(soon.cohort).toMatchObject({ total: { users: 1, ratio: 0 }, cohorts: [{ month: '2026-08-01', users: 1, matured: false, ratio: null }] });
    expect(ok<ConversionRates>(await ada.get(`${ROOT}/rates?from=2026-08-01&to=2026-08-10&matureDays=3`)).cohort.cohorts).toMatchObject([{ matured: true, ratio: 0 }]);
    // Nobody could convert: no rate, and not 0.
    const nobody = ok<ConversionRates>(await ada.get(`${ROOT}/rates?from=2020-01-01&to=2020-01-31`));
    expect([nobody.period.total, nobody.cohort.total, nobody.cohort.cohorts]).toMatchObject([{ users: 0, converted: 0, ratio: null }, { users: 0, converted: 0, ratio: null }, []]);
  });
});
