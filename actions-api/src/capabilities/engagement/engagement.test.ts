// Engagement over HTTP: golden vectors of the definitions, the users behind each number, and what makes a user active.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { engagement } from '@admin-center/contracts/engagement';
import type { Activity, AtRiskRow, Definition, Feature, Lifecycle, Retention, Sessions } from '@admin-center/contracts/engagement-answers';
import type { PersonRow } from '@admin-center/contracts/fields';
import { recordEvents, type RecordedEvent } from '@admin-center/database/event-testing';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { describeEndpoints } from '../../../test/describe-endpoints.ts';
import { addDays, dayOf, shift, startOf } from './days.ts';

const DAY_MS = 86_400_000;
const TODAY = dayOf(new Date());
const REASON = 'Agreed in the metrics review, ticket DATA-7';
/** An instant of a UTC day so many days ago. */
const on = (daysAgo: number, time = '12:00:00'): Date => new Date(`${addDays(TODAY, -daysAgo)}T${time}Z`);

interface People {
  readonly items: PersonRow[];
  readonly nextCursor: string | null;
}
type AtRisk = Omit<People, 'items'> & { readonly items: AtRiskRow[] };

let versions = 1;
describeEndpoints(engagement, {
  activity: async () => ({ query: { from: addDays(TODAY, -7), to: TODAY } }),
  lifecycle: async () => ({ query: { from: addDays(TODAY, -7), to: TODAY } }),
  retention: async () => ({}),
  sessions: async () => ({ query: { from: addDays(TODAY, -7), to: TODAY } }),
  features: async () => ({}),
  setFeature: async () => ({ params: { key: `feature-${versions++}` }, body: { title: 'Chat', tiers: ['free'], events: [], flag: null, reason: REASON } }),
  atRisk: async () => ({}),
  activeUsers: async () => ({ query: { day: TODAY } }),
  lifecycleUsers: async () => ({ query: { interval: 'day', startsOn: TODAY, state: 'new' } }),
  retentionUsers: async () => ({ query: { cohort: TODAY, n: '0' } }),
  erasePreview: async ({ db }) => ({ params: { userId: (await db.make.user()).id } }),
  erase: async ({ db }) => ({ params: { userId: (await db.make.user()).id }, body: { reason: REASON } }),
  eventNames: async () => ({}),
  definitions: async () => ({}),
  previewDefinition: async () => ({ body: { mode: 'only', events: ['Worked'] } }),
  setDefinition: async ({ db }) => {
    const { rows } = await db.pool.query('SELECT max(version) AS version FROM admin_center.qualifying_definition');
    return { body: { mode: 'only', events: [`Worked ${rows[0].version}`], version: rows[0].version, reason: REASON } };
  },
});

interface World {
  readonly api: TestApi;
  readonly ada: Client;
  get<T = People>(path: string): Promise<T>;
  /** The same users, each with events at these instants. */
  users(...lives: ReadonlyArray<ReadonlyArray<Date | Omit<RecordedEvent, 'person'>>>): Promise<string[]>;
}

function world(): World {
  const own = {} as { api: TestApi; ada: Client } & World;
  beforeAll(async () => {
    own.api = await startTestApi();
    await own.api.db.make.admin({ email: 'ada@acme.example' });
    own.ada = own.api.as({ email: 'ada@acme.example' });
  });
  afterAll(() => own.api.close());
  return Object.assign(own, {
    get: async <T>(path: string) => {
      const answer = await own.ada.get(`/api/v1/engagement/${path}`);
      expect(answer).toMatchObject({ status: 200 });
      return answer.body as T;
    },
    users: async (...lives: ReadonlyArray<ReadonlyArray<Date | Omit<RecordedEvent, 'person'>>>) => {
      const ids: string[] = [];
      for (const life of lives) {
        const { id } = await own.api.db.make.user();
        ids.push(id);
        await recordEvents(own.api.db.pool, life.map((event) => (event instanceof Date ? { person: id, at: event } : { person: id, ...event })));
      }
      await own.api.db.pool.query('SELECT admin_center.refresh_user_directory(true)');
      return ids;
    },
  });
}

const put = (client: Client, path: string, body: unknown) => client.send('PUT', path, { body });
const ids = (page: { items: { id: string }[] }): string[] => page.items.map(({ id }) => id).toSorted();
const percents = (cells: readonly { ratio: number | null }[]) => cells.map(({ ratio }) => (ratio === null ? null : Math.floor(ratio * 100)));

describe('retention (D4)', () => {
  const w = world();
  const COHORT = addDays(TODAY, -7);
  let people: string[];
  beforeAll(async () => {
    // 3 users, one back on day 1, one on day 5: the golden vector of posthog#13748.
    people = await w.users([on(7)], [on(7), on(6)], [on(7), on(2)]);
  });
  const cohort = async (query: string) => (await w.get<Retention>(`retention?interval=day&cohorts=8&${query}`)).cohorts.find((row) => row.cohort === COHORT) as Retention['cohorts'][number];

  test('bounded is 100/33/0/0/0/33/0, and today is blank', async () => {
    const { users, cells } = await cohort('mode=bounded');
    expect(users).toBe(3);
    expect(percents(cells)).toEqual([100, 33, 0, 0, 0, 33, 0, null]);
  });

  test('unbounded is 100/66/33/33/33/33/0', async () => {
    expect(percents((await cohort('mode=unbounded')).cells)).toEqual([100, 66, 33, 33, 33, 33, 0, null]);
  });

  test('overall counts whole cells only, weighted by users', async () => {
    await w.users([on(3), on(2)]);
    const { overall, source, mode } = await w.get<Retention>('retention?interval=day&cohorts=8');
    expect({ source, mode }).toEqual({ source: 'rollup', mode: 'bounded' });
    expect(overall.slice(0, 4)).toMatchObject([{ users: 4, of: 4 }, { users: 2, of: 4, ratio: 0.5 }, { users: 0, of: 4 }, { users: 0, of: 3 }]);
    expect(overall[7]).toEqual({ n: 7, users: 0, of: 0, ratio: null });
  });

  test('16 minutes from 23:45 on are day 1 of the calendar, and day 0 of the user’s own 24 hours (posthog#29958)', async () => {
    const [late] = await w.users([on(7, '23:45:00'), on(6, '00:01:00')]);
    const calendar = await w.get(`users/retention?interval=day&cohort=${COHORT}&n=1`);
    const own = await w.get(`users/retention?interval=day&basis=own&cohort=${COHORT}&n=1`);
    expect(ids(calendar)).toContain(late);
    expect(ids(own)).not.toContain(late);
    const cells = (await cohort('basis=own')).cells;
    expect(cells[1]).toMatchObject({ n: 1, users: 1 }); // Only the one of the vector, whose 24 hours had passed exactly.
    // The last member’s seventh 24 hours end a day after the cohort’s seventh day.
    expect(cells[6]).toEqual({ n: 6, users: null, ratio: null });
  });

  test('the list behind a cell is as long as its number, and pages', async () => {
    const { cells } = await cohort('mode=unbounded');
    const path = `users/retention?interval=day&mode=unbounded&cohort=${COHORT}&n=0&limit=2`;
    const first = await w.get(path);
    const second = await w.get(`${path}&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items]).toHaveLength((cells[0]?.users ?? 0));
    expect(new Set(ids({ items: [...first.items, ...second.items] })).size).toBe((cells[0]?.users ?? 0));
    expect(first.items[0]).toEqual({ id: expect.any(String), email: expect.stringContaining('@'), tier: 'free', lastSeenAt: null });
    expect(people.every((id) => ids({ items: [...first.items, ...second.items] }).includes(id))).toBe(true);
  });

  test('a chosen pair of events is computed from the stream, says so, and has its users behind it', async () => {
    const [back] = await w.users(
      [{ at: on(4), name: 'Signed Up' }, { at: on(3), name: 'Invoice Paid' }, { at: on(3), name: 'Worked' }],
      [{ at: on(4), name: 'Signed Up' }, { at: on(3), name: 'Worked' }],
    );
    const pair = 'eventIn=Signed%20Up&eventBack=Invoice%20Paid';
    const answer = await w.get<Retention>(`retention?interval=day&cohorts=8&${pair}`);
    const row = answer.cohorts.find((each) => each.cohort === addDays(TODAY, -4)) as Retention['cohorts'][number];
    expect(answer.source).toBe('stream');
    expect(row).toMatchObject({ users: 2 });
    expect(row.cells.map(({ users }) => users)).toEqual([2, 1, 0, 0, null]);
    expect(ids(await w.get(`users/retention?interval=day&${pair}&cohort=${addDays(TODAY, -4)}&since=${addDays(TODAY, -7)}&n=1`))).toEqual([back]);
    expect(await w.ada.get(`/api/v1/engagement/retention?interval=month&cohorts=12&${pair}`)).toMatchObject({ status: 400, body: { code: 'query_invalid' } });
  });

  test('both ways of the default pair agree: rollup and stream', async () => {
    for (const basis of ['calendar', 'own']) {
      for (const interval of ['day', 'week']) {
        const query = `retention?interval=${interval}&basis=${basis}&cohorts=5&mode=unbounded`;
        const [kept, computed] = [await w.get<Retention>(query), await w.get<Retention>(`${query}&eventBack=Worked`)];
        // All events but two of the test before are called so.
        expect(computed.cohorts.map(({ cells, users }) => [users, cells.map((cell) => cell.users)])).toEqual(kept.cohorts.map(({ cells, users }) => [users, cells.map((cell) => cell.users)]));
      }
    }
  });
});

describe('a split by country', () => {
  const w = world();

  test('tells no day of a country on which so few were active that they could be recognised', async () => {
    await w.users(...Array.from({ length: 5 }, () => [{ at: on(9), country: 'ES' }]), [{ at: on(9), country: 'ES' }, { at: on(1), country: 'ES' }]);
    const days = async (split: string) => (await w.get<Activity>(`activity?from=${addDays(TODAY, -3)}&to=${addDays(TODAY, -1)}&split=${split}`)).series[0]?.days.map(({ dau, wau, mau, stickiness }) => [dau, wau, mau, stickiness]);
    expect(await days('country')).toEqual([[0, 6, 6, null], [0, 0, 6, null], [null, null, 6, null]]);
    expect(await days('platform')).toEqual([[0, 6, 6, 6 / 30 / 6], [0, 0, 6, 6 / 30 / 6], [1, 1, 6, 7 / 30 / 6]]);
  });
});

describe('activity, lifecycle and at-risk', () => {
  const w = world();
  let daily: string;
  beforeAll(async () => {
    [daily] = (await w.users(
      Array.from({ length: 30 }, (_, day) => ({ at: on(1 + day), country: 'DE', tier: 'premium' })),
      ...Array.from({ length: 5 }, () => [{ at: on(3), country: 'FR' }, { at: on(40), country: 'FR' }]),
      [{ at: on(2), country: 'IS' }],
    )) as [string];
  });

  test('a day has DAU, WAU, MAU and stickiness; today is not complete', async () => {
    const { series, definition } = await w.get<Activity>(`activity?from=${addDays(TODAY, -4)}&to=${TODAY}`);
    expect(definition).toMatchObject({ version: 1, text: expect.stringContaining('Heartbeat') });
    expect(series).toHaveLength(1);
    expect(series[0]?.days.map(({ dau, wau, mau }) => [dau, wau, mau])).toEqual([[1, 1, 1], [6, 6, 6], [2, 7, 7], [1, 7, 7], [0, 7, 7]]);
    expect(series[0]?.days[3]).toMatchObject({ complete: true, stickiness: (30 + 5 + 1) / 30 / 7 });
    // D2 is of complete days.
    expect(series[0]?.days[4]).toMatchObject({ day: TODAY, complete: false, stickiness: null });
  });

  test('a split leaves out who could be recognised, in the series and behind it', async () => {
    const { series } = await w.get<Activity>(`activity?from=${addDays(TODAY, -3)}&to=${TODAY}&split=country`);
    expect(series.map(({ value }) => value)).toEqual(['FR']);
    expect(await w.ada.get(`/api/v1/engagement/users/active?day=${addDays(TODAY, -2)}&split=country&value=IS`)).toMatchObject({ status: 403, body: { code: 'too_few_users' } });
    expect((await w.get(`users/active?day=${addDays(TODAY, -3)}&split=country&value=FR`)).items).toHaveLength(5);
    expect(ids(await w.get(`users/active?day=${addDays(TODAY, -1)}&days=1`))).toEqual([daily]);
  });

  test('new + returning + resurrected = active, and every bar opens as long a list (D5)', async () => {
    for (const interval of ['day', 'week', 'month'] as const) {
      const { items } = await w.get<Lifecycle>(`lifecycle?from=${addDays(TODAY, -45)}&to=${TODAY}&interval=${interval}`);
      for (const item of items) {
        expect(item.new + item.returning + item.resurrected).toBe(item.active);
      }
      const latest = items.at(-1);
      expect(latest).toMatchObject({ startsOn: startOf(interval, TODAY), complete: false, churn: null });
      for (const { startsOn, ...counted } of items.slice(-3)) {
        for (const state of ['new', 'returning', 'resurrected', 'dormant'] as const) {
          expect([startsOn, state, (await w.get(`users/lifecycle?interval=${interval}&startsOn=${startsOn}&state=${state}`)).items.length]).toEqual([startsOn, state, counted[state]]);
        }
      }
    }
  });

  test('churn of activity is dormant over active before', async () => {
    const { items } = await w.get<Lifecycle>(`lifecycle?from=${addDays(TODAY, -2)}&to=${TODAY}&interval=day`);
    // On the day 3 days ago 6 were active, of whom 1 was on the next.
    expect(items[0]).toMatchObject({ startsOn: addDays(TODAY, -2), new: 1, returning: 1, resurrected: 0, dormant: 5, churn: 5 / 6 });
  });

  test('at risk is who was active in many weeks and went quiet; filters, order and pages', async () => {
    const weeks = (last: number, count: number) => Array.from({ length: count }, (_, week) => on(last + 7 * week));
    const [recent, longer, fresh] = (await w.users(weeks(16, 4), weeks(30, 6), weeks(16, 2))) as [string, string, string];
    const page = await w.get<AtRisk>('at-risk?quietDays=14&weeks=3');
    expect(page.items.map(({ id, activeWeeks }) => [id, activeWeeks])).toEqual([[recent, 4], [longer, 6]]);
    expect(page.items[0]?.lastActiveAt).toBe(on(16).toISOString());
    const first = await w.get<AtRisk>('at-risk?quietDays=14&weeks=2&limit=2');
    const second = await w.get<AtRisk>(`at-risk?quietDays=14&weeks=2&limit=2&cursor=${first.nextCursor}`);
    expect([...ids(first), ...ids(second)].toSorted()).toEqual([recent, longer, fresh].toSorted());
    expect(ids(await w.get<AtRisk>('at-risk?weeks=3&tier=premium'))).toEqual([]);
    expect(ids(await w.get<AtRisk>('at-risk?quietDays=29&weeks=3'))).toEqual([longer]);
  });

  test('a range that is none is refused', async () => {
    expect(await w.ada.get(`/api/v1/engagement/activity?from=${TODAY}&to=${addDays(TODAY, -1)}`)).toMatchObject({ status: 400, body: { errors: [{ path: 'query.to' }] } });
    expect(await w.ada.get(`/api/v1/engagement/lifecycle?from=2001-01-01&to=${TODAY}`)).toMatchObject({ status: 400, body: { errors: [{ path: 'query.from' }] } });
  });
});

describe('sessions and features', () => {
  const w = world();
  const week = shift('week', startOf('week', TODAY), -1);
  const during = (day: number, time: string) => new Date(`${addDays(week, day)}T${time}Z`);

  test('durations, single events, and how often in a week', async () => {
    await w.users([during(0, '10:00:00'), during(0, '10:20:00'), during(2, '10:00:00'), during(4, '09:00:00')], [during(1, '10:00:00'), during(1, '10:01:30')]);
    const answer = await w.get<Sessions>(`sessions?from=${week}&to=${addDays(week, 6)}`);
    // Sessions: 1200 s, 0, 0, 90 s.
    expect(answer).toMatchObject({ sessions: 4, p50Seconds: 0, p90Seconds: 1200, singleEventShare: 0.5, users: 2, weeks: [week], perUserWeek: { p50: 1, p90: 3 } });
    expect(answer.histogram.filter(({ sessions }) => sessions > 0).map(({ fromSeconds, sessions }) => [fromSeconds, sessions])).toEqual([[0, 2], [60, 1], [900, 1]]);
    expect(answer.activeDays.map(({ users }) => users)).toEqual([1, 0, 1, 0, 0, 0, 0]);
  });

  test('a feature that few may use is measured against those few, and not called unpopular', async () => {
    const { api, ada } = w;
    await w.users(
      [{ at: on(1), feature: 'export', tier: 'enterprise' }, { at: on(1, '12:01:00'), feature: 'export', tier: 'enterprise' }],
      [{ at: on(1), tier: 'enterprise' }],
      [{ at: on(1), tier: 'free', feature: 'chat' }], [{ at: on(1), tier: 'free' }], [{ at: on(1), tier: 'free' }],
    );
    expect(await put(ada, '/api/v1/engagement/features/export', { title: 'Export', tiers: ['enterprise'], events: ['Exported'], flag: null, reason: REASON })).toMatchObject({ status: 200, body: { feature: { key: 'export' } } });
    const { items } = await w.get<{ items: Feature[] }>('features?window=1d');
    const [exported, chat] = ['export', 'chat'].map((key) => items.find((item) => item.key === key));
    expect(exported).toMatchObject({ inCatalogue: true, total: { users: 1, eligible: 2, reach: 0.5, uses: 2, intensity: 2 } });
    expect(chat).toMatchObject({ inCatalogue: false, total: { users: 1, eligible: 5, reach: 0.2 } });
    expect(exported?.tiersUse.find(({ tier }) => tier === 'free')).toMatchObject({ eligible: 0, reach: null });
    expect((await w.get(`users/active?day=${addDays(TODAY, -1)}&split=feature&value=export`)).items).toHaveLength(1);

    // An event is a use of one feature only; a flag has to exist, and one that is off serves nobody.
    const chatBody = { title: 'Chat', tiers: ['free', 'premium'], events: ['Exported'], flag: null, reason: REASON };
    expect(await put(ada, '/api/v1/engagement/features/chat', chatBody)).toMatchObject({ status: 409, body: { code: 'event_taken' } });
    expect(await put(ada, '/api/v1/engagement/features/chat', { ...chatBody, events: [], flag: 'nothing' })).toMatchObject({ status: 422, body: { errors: [{ path: 'body.flag' }] } });
    await api.db.pool.query("INSERT INTO admin_center.flag (key, salt, state, definition) VALUES ('new-chat', 'salt', 'off', '{}')");
    expect(await put(ada, '/api/v1/engagement/features/chat', { ...chatBody, events: [], flag: 'new-chat' })).toMatchObject({ status: 200 });
    const off = (await w.get<{ items: Feature[] }>('features?window=1d')).items.find((item) => item.key === 'chat');
    expect(off).toMatchObject({ served: 0, total: { users: 1, eligible: 1, reach: 1 } });
  });
});

describe('what makes a user active (D1)', () => {
  const w = world();

  test('a dry run says what would change; a new version is audited, marked and never rewrites the past', async () => {
    const { api, ada } = w;
    await w.users([{ at: on(1), name: 'Chatted' }], [{ at: on(2), name: 'Logged In' }], [{ at: on(20), name: 'Chatted' }]);
    const preview = await ada.post('/api/v1/engagement/definition/preview', { mode: 'only', events: ['Chatted', 'Nothing Such'] });
    expect(preview).toMatchObject({ status: 200, body: { version: 1, unknownEvents: ['Nothing Such'], windows: [{ days: 7, users: 1, usersNow: 2 }, { days: 30, users: 2, usersNow: 3 }] } });

    const change = { mode: 'only', events: ['Chatted'], version: 1, reason: REASON };
    const changed = await put(ada, '/api/v1/engagement/definition', change);
    expect(changed).toMatchObject({ status: 200, body: { definition: { version: 2, mode: 'only', createdBy: 'ada@acme.example', since: expect.any(String) } } });
    expect(await put(ada, '/api/v1/engagement/definition', change)).toMatchObject({ status: 409, body: { code: 'version_conflict' } });
    expect(await put(ada, '/api/v1/engagement/definition', { ...change, version: 2 })).toMatchObject({ status: 409, body: { code: 'nothing_to_change' } });
    expect(await put(ada, '/api/v1/engagement/definition', { ...change, version: 2, events: [] })).toMatchObject({ status: 409, body: { code: 'nobody_active' } });

    const { rows } = await api.db.pool.query("SELECT action FROM admin_center.audit_log JOIN admin_center.outbox ON audit_sequence = sequence WHERE action = 'engagement.definition_set' AND outcome = 'success'");
    expect(rows).toHaveLength(1);
    const { items } = await w.get<{ items: Definition[] }>('definition');
    expect(items.map(({ version, since }) => [version, since === null])).toEqual([[2, false], [1, true]]);
    expect((await w.get<Activity>(`activity?from=${addDays(TODAY, -2)}&to=${TODAY}`)).series[0]?.days[0]).toMatchObject({ dau: 1 });
    expect((await w.get<{ items: unknown[] }>('events')).items).toEqual([{ name: 'Chatted', events: 2, qualifies: true }, { name: 'Logged In', events: 1, qualifies: false }]);
  });

  test('of two who replace the same version one wins', async () => {
    const { ada } = w;
    const { items } = await w.get<{ items: Definition[] }>('definition');
    const answers = await Promise.all(['One', 'Two'].map((name) => put(ada, '/api/v1/engagement/definition', { mode: 'all_except', events: [name], version: items[0]?.version, reason: REASON })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  test('it and the features are changed by super admins only, and users are listed for those who may see users', async () => {
    const { api } = w;
    await api.db.make.admin({ email: 'sam@acme.example', role: 'support_admin' });
    const sam = api.as({ email: 'sam@acme.example' });
    expect(await put(sam, '/api/v1/engagement/definition', { mode: 'only', events: ['X'], version: 9, reason: REASON })).toMatchObject({ status: 403, body: { code: 'permission_missing' } });
    expect(await sam.get('/api/v1/engagement/at-risk')).toMatchObject({ status: 200 });
    expect(await api.as({ email: 'nobody@acme.example' }).get('/api/v1/engagement/at-risk')).toMatchObject({ status: 403 });
  });
});

test('days, weeks from Monday and months', () => {
  expect([startOf('week', '2026-11-29'), startOf('week', '2026-11-30'), startOf('month', '2026-02-28')]).toEqual(['2026-11-23', '2026-11-30', '2026-02-01']);
  expect([shift('month', '2026-01-01', -1), shift('week', '2026-12-28', 1), shift('day', '2024-02-28', 1)]).toEqual(['2025-12-01', '2027-01-04', '2024-02-29']);
  expect(DAY_MS).toBe(Date.parse('2026-03-30') - Date.parse('2026-03-29'));
});
