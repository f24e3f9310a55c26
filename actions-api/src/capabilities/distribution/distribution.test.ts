// Distribution: what their endpoints answer, beside what every endpoint is held to.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { distribution } from '@admin-center/contracts/distribution';
import { readConfig } from '@admin-center/platform/config';
import { configSchema } from '../../config.ts';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { describeEndpoints } from '../../../test/describe-endpoints.ts';

describeEndpoints(distribution, {
  overview: async () => ({}),
  regions: async () => ({ query: { country: 'DE' } }),
  series: async () => ({ query: { dimension: 'country', from: '2024-06-01', to: '2024-06-10' } }),
  platforms: async () => ({}),
  users: async () => ({ query: { cell: 'country:DE' } }),
  address: async () => ({}),
});

const NOW = new Date('2024-06-15T12:00:00Z');
const ADDRESS = '/api/v1/distribution/address';

/** Days of users with the counts that a rollup would keep of them. */
async function active(api: TestApi, persons: readonly string[], day: string, values: Readonly<Record<string, string>>): Promise<void> {
  const all = { all: 'all', ...values };
  const { pool } = api.db;
  for (const [dimension, value] of Object.entries(all)) {
    await pool.query('INSERT INTO admin_center.dimension_value (dimension, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [dimension, value]);
  }
  const { rows } = await pool.query<{ id: number }>('SELECT v.id FROM admin_center.dimension_value v JOIN jsonb_each_text($1::jsonb) e ON e.key = v.dimension AND e.value = v.value ORDER BY 1', [JSON.stringify(all)]);
  const ids = rows.map(({ id }) => id);
  await pool.query('INSERT INTO admin_center.active_day (person_id, day, first_at, last_at, "values") SELECT p, $2::date, $2::date, $2::date, $3 FROM unnest($1::uuid[]) p', [persons, day, ids]);
  await pool.query('INSERT INTO admin_center.active_users_day AS a SELECT v, $2::date, $3 FROM unnest($1::integer[]) v ON CONFLICT (value, day) DO UPDATE SET users = a.users + excluded.users', [ids, day, persons.length]);
  await pool.query(
    `INSERT INTO admin_center.active_users_change AS a SELECT v, w, k.day, k.change FROM unnest($1::integer[]) v CROSS JOIN unnest('{7,30}'::integer[]) w
     CROSS JOIN LATERAL (VALUES ($2::date, $3::integer), ($2::date + w, -$3::integer)) k(day, change) ON CONFLICT (value, days, day) DO UPDATE SET change = a.change + excluded.change`,
    [ids, day, persons.length],
  );
}

const people = (count: number): string[] => Array.from({ length: count }, () => randomUUID());

describe('the numbers of a window', () => {
  let api: TestApi;
  let ada: Client;
  const germans = people(6);
  const bavarians = people(3);
  beforeAll(async () => {
    api = await startTestApi({ now: () => NOW });
    await api.db.make.admin({ email: 'ada@acme.example' });
    ada = api.as({ email: 'ada@acme.example' });
    await active(api, germans, '2024-06-14', { country: 'DE', region: 'DE-BE', platform: 'web', os: 'macOS', browser: 'Safari' });
    await active(api, bavarians, '2024-06-14', { country: 'DE', region: 'DE-BY', platform: 'desktop', os: 'Windows', browser: 'Electron' });
    await active(api, people(4), '2024-06-14', { country: 'LI', platform: 'web', os: 'macOS', browser: 'Chrome' });
    await active(api, people(2), '2024-06-14', { country: 'unknown', platform: 'unknown' });
    await active(api, people(1), '2024-06-14', { country: 'hosting', platform: 'web', os: 'Linux' });
    await active(api, people(7), '2024-05-20', { country: 'FR', platform: 'mobile' });
    // The same six on another platform the day before.
    await active(api, germans.slice(0, 5), '2024-06-13', { platform: 'mobile' });
    await api.db.pool.query(`INSERT INTO admin_center.platform_change_count VALUES ('2024-06-14', 'mobile', 'web', 5), ('2024-01-01', 'web', 'desktop', 9)`);
    await api.db.pool.query(`INSERT INTO admin_center.session_count VALUES ('2024-06-14', 60, 2)`);
    await api.db.pool.query(`INSERT INTO admin_center.usage_session VALUES ($1, '2024-06-14T08:00Z', '2024-06-14T08:01Z', 3, 'web'), ($2, '2024-06-14T09:00Z', '2024-06-14T09:03Z', 3, 'web')`, germans.slice(0, 2));
  });
  afterAll(() => api.close());

  test('one day, with unknown and hosting as numbers of their own and small countries added up', async () => {
    const { body } = await ada.get('/api/v1/distribution?window=1d');
    expect(body).toMatchObject({ day: '2024-06-14', window: '1d', filter: null, total: 16 });
    expect((body as { dimensions: { country: unknown } }).dimensions.country).toEqual({
      rows: [{ value: 'DE', users: 9 }, { value: 'unknown', users: 2 }, { value: 'hosting', users: 1 }],
      other: { values: 1, users: null },
    });
  });

  test('thirty days, over the end of a month', async () => {
    expect(await ada.get('/api/v1/distribution')).toMatchObject({ body: { total: 28, dimensions: { country: { rows: [{ value: 'DE', users: 9 }, { value: 'FR', users: 7 }, {}, {}] } } } });
    expect(await ada.get('/api/v1/distribution?day=2024-05-19')).toMatchObject({ body: { total: 0 } });
  });

  test('a filter takes the days on which users were in its cell', async () => {
    const { body } = await ada.get('/api/v1/distribution?window=7d&filter=country:DE');
    expect(body).toMatchObject({ filter: 'country:DE', total: 9, dimensions: { region: { rows: [{ value: 'DE-BE', users: 6 }], other: { values: 1, users: null } }, os: { rows: [{ value: 'macOS', users: 6 }] } } });
    expect(await ada.get('/api/v1/distribution?filter=country:ZZ')).toMatchObject({ status: 200, body: { total: 0 } });
    expect(await ada.get('/api/v1/distribution?filter=person:1')).toMatchObject({ status: 400 });
  });

  test('a filter tells nothing of a cell that is too small to be shown', async () => {
    expect(await ada.get('/api/v1/distribution?window=1d&filter=country:LI')).toMatchObject({ status: 422, body: { code: 'cell_too_small' } });
    // That so few are of no known country is shown without a filter, and with one it is a small cell like any other.
    expect(await ada.get('/api/v1/distribution?window=1d&filter=country:unknown')).toMatchObject({ status: 200, body: { total: 2, dimensions: { platform: { rows: [], other: { values: 1, users: null } } } } });
    expect(await ada.get('/api/v1/distribution?window=1d&filter=platform:web')).toMatchObject({ body: { total: 11, dimensions: { country: { rows: [{ value: 'DE', users: 6 }], other: { values: 2, users: 5 } }, os: { rows: [{ value: 'macOS', users: 10 }], other: { values: 1, users: null } } } } });
  });

  test('regions of a country, none below five users', async () => {
    expect(await ada.get('/api/v1/distribution/regions?country=DE&window=7d')).toMatchObject({ body: { rows: [{ value: 'DE-BE', users: 6 }], other: { values: 1, users: null } } });
  });

  test('series by day', async () => {
    expect(await ada.get('/api/v1/distribution/series?dimension=country&window=7d&from=2024-06-12&to=2024-06-15')).toMatchObject({
      body: { days: ['2024-06-12', '2024-06-13', '2024-06-14', '2024-06-15'], series: [{ value: 'DE', users: [0, 0, 9, 9] }] },
    });
    expect(await ada.get('/api/v1/distribution/series?dimension=country&window=1d&from=2024-06-13&to=2024-06-14')).toMatchObject({ body: { series: [{ value: 'DE', users: [0, 9] }] } });
    // On a day that a country had so few it is not told, though it is one of those shown.
    await active(api, people(3), '2024-01-05', { country: 'DE' });
    expect(await ada.get('/api/v1/distribution/series?dimension=country&window=1d&from=2024-01-04&to=2024-06-14')).toMatchObject({ body: { series: [{ value: 'DE', users: [0, null, ...Array(160).fill(0), 9] }] } });
    expect(await ada.get('/api/v1/distribution/series?dimension=country&from=2024-06-13&to=2020-06-14')).toMatchObject({ status: 422, body: { code: 'range_invalid' } });
  });

  test('platforms: users, sessions, users of several, and paths', async () => {
    const { body } = await ada.get('/api/v1/distribution/platforms?window=7d');
    expect(body).toMatchObject({ several: 5, total: 21, paths: [{ from: 'mobile', to: 'web', sessions: 5 }] });
    expect((body as { rows: unknown[] }).rows).toContainEqual({ platform: 'web', users: 11, sessions: 2, medianSeconds: 120 });
  });

  test('users behind a cell, page by page, and none of a cell that is too small', async () => {
    const first = await ada.get('/api/v1/distribution/users?cell=region:DE-BE&window=1d&limit=4');
    const { items, nextCursor } = first.body as { items: { id: string }[]; nextCursor: string };
    const second = await ada.get(`/api/v1/distribution/users?cell=region:DE-BE&window=1d&limit=4&cursor=${nextCursor}`);
    expect([...items, ...(second.body as typeof first.body & { items: { id: string }[] }).items].map(({ id }) => id)).toEqual(germans.toSorted());
    expect(await ada.get('/api/v1/distribution/users?cell=region:DE-BY&window=1d')).toMatchObject({ status: 422, body: { code: 'cell_too_small' } });
    expect(await ada.get('/api/v1/distribution/users?cell=country:DE&filter=os:Windows&window=1d')).toMatchObject({ status: 422, body: { code: 'cell_too_small' } });
    expect(await ada.get('/api/v1/distribution/users?cell=country:ZZ')).toMatchObject({ body: { items: [] } });
  });

  test('a day that has not begun is refused, and so is a filter over too many users', async () => {
    expect(await ada.get('/api/v1/distribution?day=2024-06-16')).toMatchObject({ status: 422, body: { code: 'day_in_future' } });
    await api.db.pool.query(`UPDATE admin_center.active_users_day SET users = 9000000 WHERE value = (SELECT id FROM admin_center.dimension_value WHERE dimension = 'all') AND day = '2024-06-13'`);
    expect(await ada.get('/api/v1/distribution?window=7d&filter=country:DE')).toMatchObject({ status: 422, body: { code: 'window_too_large' } });
    expect(await ada.get('/api/v1/distribution?window=1d&filter=country:DE')).toMatchObject({ status: 200 });
    expect(await ada.get('/api/v1/distribution/platforms?window=7d')).toMatchObject({ status: 200, body: { several: null } });
  });
});

describe('the address that is seen', () => {
  let api: TestApi;
  afterAll(() => api.close());

  test('of a peer that is not trusted, and of one that is', async () => {
    api = await startTestApi();
    await api.db.make.admin({ email: 'ada@acme.example' });
    const { body } = await api.as({ email: 'ada@acme.example' }).get(ADDRESS);
    // The test client speaks as Grafana does, with an X-Forwarded-For.
    expect(body).toMatchObject({ peer: '127.0.0.1', peerTrusted: false, client: '127.0.0.1', country: 'unknown', trustedProxies: [] });
    expect((body as { advice: string[] }).advice.join(' ')).toContain('add it, or its network, to TRUSTED_PROXIES');
    await api.close();

    api = await startTestApi({ env: { TRUSTED_PROXIES: '127.0.0.0/8, ::1' } });
    await api.db.make.admin({ email: 'ada@acme.example' });
    expect((await api.as({ email: 'ada@acme.example' }).get(ADDRESS)).body).toMatchObject({ peerTrusted: true, client: '203.0.113.7', trustedProxies: ['127.0.0.0/8', '::1'] });
  });

  test('a network that is none is refused at the start', () => {
    expect(() => readConfig(configSchema, { DATABASE_URL: 'postgres://x', ACTIONS_API_TOKEN: 'a-token-of-16-characters', TRUSTED_PROXIES: '10.0.0.0/99' })).toThrow('is no network');
  });
});
