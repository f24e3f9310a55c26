import { describe, expect, test } from '@jest/globals';
import { recordEvents, type RecordedEvent } from '@admin-center/database/event-testing';
import { rollUpEverything } from '@admin-center/database/roll-up';
import { describeCollector } from '../../test/describe-collector.ts';
import { freshDatabase } from '../../test/fresh-database.ts';
import { nonZero, observe } from '../../test/observe.ts';
import { engagement } from './engagement.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const NOON = new Date('2024-06-15T12:00:00Z'); // a Saturday
const at = (days: number, ms = 0): Date => new Date(NOON.getTime() - days * DAY_MS - ms);
const ago = (days: number, ms = 0): Date => new Date(Date.now() - days * DAY_MS - ms);

describeCollector(engagement, {
  fill: async ({ make, pool }) => {
    const user = await make.user();
    await make.session(user.id);
    await pool.query("INSERT INTO admin_center.feature (key, title, tiers) VALUES ('chat', 'Chat', '{free}')");
    await recordEvents(pool, [0, 2, 3, 40].map((days) => ({ person: user.id, at: ago(days, MINUTE_MS), feature: 'chat' })));
  },
});

const fresh = freshDatabase();

/** A user with an event at each of these instants. */
async function activeAt(...instants: readonly Date[]): Promise<string> {
  const { id } = await fresh.database.make.user({ createdAt: at(300) });
  await recordEvents(fresh.database.pool, instants.map((instant) => ({ person: id, at: instant })));
  return id;
}
const everybodyNow = () => fresh.database.pool.query('SELECT admin_center.refresh_user_directory(true)');

describe('active users (D1)', () => {
  test('had a qualifying event in the trailing window, which is open at its far end', async () => {
    await activeAt(NOON);
    await activeAt(at(1, -1));
    await activeAt(at(1)); // exactly 24 hours ago: in 7d, not in 1d
    await activeAt(at(7)); // exactly 7 days ago: in 30d only
    await activeAt(at(30)); // exactly 30 days ago: in none
    await activeAt(at(0, -1)); // a millisecond from now: not yet
    await activeAt(at(2), at(3), at(4)); // one person, however many events

    // 1d: NOON, just under a day. 7d: these and the exact day and the one of 2, 3 and 4 days. 30d: and the exact 7 days.
    expect(nonZero(await observe(fresh.pool, engagement, NOON), 'admincenter_active_users')).toEqual({
      '{window="1d",tier="all"}': 2, '{window="1d",tier="free"}': 2,
      '{window="7d",tier="all"}': 4, '{window="7d",tier="free"}': 4,
      '{window="30d",tier="all"}': 5, '{window="30d",tier="free"}': 5,
    });
  });

  test('are known users whose events qualify', async () => {
    const { id } = await fresh.database.make.user({ createdAt: at(300) });
    const others: readonly Partial<RecordedEvent>[] = [{ type: 'page' }, { qualifies: false }, { known: false }];
    await recordEvents(fresh.database.pool, others.map((other) => ({ person: id, at: at(0, MINUTE_MS), ...other })));
    expect(nonZero(await observe(fresh.pool, engagement, NOON), 'admincenter_active_users')).toEqual({});
  });

  test('count under the tier they are entitled to at the instant', async () => {
    const user = await activeAt(at(5));
    await fresh.database.make.subscription(user, { tier: 'premium', createdAt: at(3) });
    expect(nonZero(await observe(fresh.pool, engagement, at(4)), 'admincenter_active_users')).toMatchObject({ '{window="7d",tier="free"}': 1 });
    const later = nonZero(await observe(fresh.pool, engagement, NOON), 'admincenter_active_users');
    expect(later).toMatchObject({ '{window="7d",tier="premium"}': 1, '{window="7d",tier="all"}': 1 });
    expect(later).not.toHaveProperty('{window="7d",tier="free"}');
  });

  test('are the same by the short way of the present as by the steps at one instant', async () => {
    const { make, pool } = fresh.database;
    // 60 users, a third each with premium, enterprise and nothing, with up to 12 events over 45 days.
    for (let index = 0; index < 60; index += 1) {
      const { id } = await make.user({ createdAt: ago(300) });
      if (index % 3 > 0) {
        await make.subscription(id, { tier: index % 3 === 1 ? 'premium' : 'enterprise', createdAt: ago(index), periodEnd: ago(-20) });
      }
      await recordEvents(pool, Array.from({ length: 1 + (index % 12) }, (_, event) => ({ person: id, at: ago(((index * 7 + event * 13) % 45) + 0.01 * index, MINUTE_MS) })));
    }
    await everybodyNow();
    const short = await observe(fresh.pool, engagement);
    const long = await observe(fresh.pool, engagement, new Date());
    const active = nonZero(short, 'admincenter_active_users');
    expect(Object.keys(active)).toHaveLength(12);
    expect(active).toEqual(nonZero(long, 'admincenter_active_users'));
  });
});

describe('stickiness (D2)', () => {
  test('is mean daily actives of the last 30 complete UTC days over the distinct users of these days', async () => {
    // Complete days before 15 June 12:00 are 16 May to 14 June. One user on 15 of them, one on 6; a third one today and on
    // 15 May, the day before them: not counted. (15 + 6) / 30 = 0.7 daily, 2 monthly: 0.35.
    await activeAt(...Array.from({ length: 15 }, (_, day) => at(1 + 2 * day)));
    await activeAt(...Array.from({ length: 6 }, (_, day) => at(10 + day)), at(10, MINUTE_MS));
    await activeAt(NOON, at(31));
    expect((await observe(fresh.pool, engagement, NOON)).get('admincenter_stickiness_ratio{tier="all"}')).toBeCloseTo(0.35, 12);
  });

  test('is 1 for somebody who comes every day, and has no value while nobody came', async () => {
    expect((await observe(fresh.pool, engagement, NOON)).get('admincenter_stickiness_ratio{tier="all"}')).toBeUndefined();
    await activeAt(...Array.from({ length: 30 }, (_, day) => at(1 + day)));
    expect((await observe(fresh.pool, engagement, NOON)).get('admincenter_stickiness_ratio{tier="all"}')).toBe(1);
  });

  test('is by the tier at the time of the event', async () => {
    const { id } = await fresh.database.make.user({ createdAt: at(300) });
    await recordEvents(fresh.database.pool, [{ person: id, at: at(1), tier: 'premium' }, { person: id, at: at(2), tier: 'free' }]);
    expect(nonZero(await observe(fresh.pool, engagement, NOON), 'admincenter_stickiness_ratio')).toEqual({ '{tier="all"}': 2 / 30, '{tier="free"}': 1 / 30, '{tier="premium"}': 1 / 30 });
  });
});

describe('features, retention and lifecycle', () => {
  test('the users of a feature on a day do not depend on those of the days before', async () => {
    const { make, pool } = fresh.database;
    await pool.query("INSERT INTO admin_center.feature (key, title, tiers) VALUES ('chat', 'Chat', '{free}') ON CONFLICT DO NOTHING");
    const { id } = await make.user();
    await recordEvents(pool, [1, 2, 3, 4, 9].map((day) => ({ person: id, at: at(day), feature: 'chat' })));
    expect((await observe(fresh.pool, engagement, NOON)).get('admincenter_feature_active_users{feature="chat",window="1d"}')).toBe(1);
  });

  test('a feature counts users on complete days, and uses for ever: erasure and a rebuild do not lower the counter', async () => {
    const { make, pool } = fresh.database;
    await pool.query("INSERT INTO admin_center.feature (key, title, tiers) VALUES ('chat', 'Chat', '{free}'), ('quiet', 'Quiet', '{free}') ON CONFLICT DO NOTHING");
    const [one, two] = [await make.user(), await make.user()];
    await recordEvents(pool, [
      { person: one.id, at: at(1), feature: 'chat' }, { person: one.id, at: at(1, 1), feature: 'chat' }, { person: two.id, at: at(5), feature: 'chat', tier: 'premium' },
      { person: two.id, at: NOON, feature: 'chat' }, { person: two.id, at: at(1), feature: 'made-up' },
    ]);
    const scraped = await observe(fresh.pool, engagement, NOON);
    expect(nonZero(scraped, 'admincenter_feature_active_users')).toEqual({ '{feature="chat",window="1d"}': 1, '{feature="chat",window="7d"}': 2, '{feature="chat",window="30d"}': 2 });
    expect(scraped.get('admincenter_feature_active_users{feature="quiet",window="30d"}')).toBe(0);
    const uses = { '{feature="chat",tier="free"}': 3, '{feature="chat",tier="premium"}': 1, '{feature="other",tier="free"}': 1 };
    expect(nonZero(scraped, 'admincenter_feature_uses_total')).toEqual(uses);

    await pool.query('SELECT admin_center.erase_person_events($1)', [one.id]);
    await pool.query('SELECT admin_center.rebuild_event_rollups()');
    expect(nonZero(await observe(fresh.pool, engagement, NOON), 'admincenter_feature_uses_total')).toEqual(uses);
  });

  test('the past of a counter of uses ends at what it is now, whatever was erased, and counts no event before the counter has', async () => {
    const { make, pool } = fresh.database;
    await pool.query("INSERT INTO admin_center.feature (key, title, tiers) VALUES ('chat', 'Chat', '{free}') ON CONFLICT DO NOTHING");
    const [one, two] = [await make.user(), await make.user()];
    await recordEvents(pool, [
      { person: one.id, at: at(1), feature: 'chat' }, { person: two.id, at: at(5), feature: 'chat' }, { person: two.id, at: at(9), feature: 'chat', tier: 'premium' }, { person: two.id, at: at(3), feature: 'made-up' },
    ]);
    const usesAt = async (instant?: Date) => nonZero(await observe(fresh.pool, engagement, instant), 'admincenter_feature_uses_total');
    const [chat, premium, other] = ['{feature="chat",tier="free"}', '{feature="chat",tier="premium"}', '{feature="other",tier="free"}'];
    expect(await usesAt(at(10))).toEqual({});
    expect(await usesAt(at(9))).toEqual({ [premium]: 1 });
    expect(await usesAt(at(2))).toEqual({ [premium]: 1, [chat]: 1, [other]: 1 });
    expect(await usesAt()).toEqual({ [premium]: 1, [chat]: 2, [other]: 1 });

    await pool.query('SELECT admin_center.erase_person_events($1)', [one.id]);
    // In the stream, and not counted yet.
    await pool.query(
      `INSERT INTO admin_center.event (at, message_id, person_id, known, source, type, name, feature, qualifies, tier, country, platform)
       VALUES ($1, gen_random_uuid(), $2, true, 'sdk', 'track', 'Worked', 'chat', true, 'free', 'unknown', 'desktop')`, [at(4), two.id]);
    expect(await usesAt(at(10))).toEqual({ [chat]: 1 });
    expect(await usesAt(at(2))).toEqual({ [premium]: 1, [chat]: 2, [other]: 1 });
    await rollUpEverything(pool);
    expect(await usesAt(at(2))).toEqual({ [premium]: 1, [chat]: 3, [other]: 1 });
  });

  test('retention counts the cohorts of 30 days whose n-th day has ended', async () => {
    await activeAt(at(10), at(9)); // back on day 1
    await activeAt(at(10), at(3)); // back on day 7: on or after day 1, too
    await activeAt(at(10)); // never back
    await activeAt(at(1), at(0, MINUTE_MS)); // day 1 is today, which is not over
    await activeAt(at(60), at(59)); // before the 30 cohorts of day 1
    const retained = nonZero(await observe(fresh.pool, engagement, NOON), 'admincenter_retention_ratio');
    expect(retained['{day="1",mode="bounded"}']).toBeCloseTo(1 / 3, 12);
    expect(retained['{day="7",mode="bounded"}']).toBeCloseTo(1 / 3, 12);
  });

  test('on or after a day counts who came back later, too', async () => {
    await activeAt(ago(10), ago(9));
    await activeAt(ago(10), ago(3));
    await activeAt(ago(10));
    const retained = nonZero(await observe(fresh.pool, engagement), 'admincenter_retention_ratio');
    expect(retained['{day="1",mode="unbounded"}']).toBeCloseTo(2 / 3, 12);
    expect(retained['{day="7",mode="unbounded"}']).toBeCloseTo(1 / 3, 12);
  });

  test('lifecycle is of the latest complete day, week and month; new, returning and resurrected are the active ones (D5)', async () => {
    // The latest complete week is 3 to 9 June, the one before 27 May to 2 June; the latest complete month is May.
    await activeAt(at(8)); // new on 7 June
    await activeAt(at(8), at(15)); // returning
    await activeAt(at(8), at(30)); // resurrected: 16 May and 7 June
    await activeAt(at(15)); // dormant: 31 May only
    expect(nonZero(await observe(fresh.pool, engagement, NOON), 'admincenter_lifecycle_users')).toEqual({
      '{state="new",window="week"}': 1, '{state="returning",window="week"}': 1, '{state="resurrected",window="week"}': 1, '{state="dormant",window="week"}': 1,
      '{state="new",window="month"}': 3,
    });
  });
});

describe('sessions (D3)', () => {
  const token = (userId: string, from: Date, minutes: number) =>
    fresh.database.make.session(userId, { createdAt: from, lastActivityAt: new Date(from.getTime() + minutes * MINUTE_MS) });

  test('are of the last 7 complete days: p50, p90, the share of single events, and how many each user starts', async () => {
    const ten = at(3, 120 * MINUTE_MS); // 10:00 three days ago
    const later = (minutes: number) => new Date(ten.getTime() + minutes * MINUTE_MS);
    await activeAt(ten, later(20), later(50), later(60), later(91)); // 3600 s, and after 31 minutes a session of one event
    await activeAt(ten, later(30)); // 1800 s
    await activeAt(at(2, 0), at(2, -1)); // less than a second
    await activeAt(at(9), at(9, -MINUTE_MS)); // before the 7 days
    await activeAt(at(0, MINUTE_MS)); // today is not over
    const scraped = await observe(fresh.pool, engagement, NOON);
    // 0, 0, 1800, 3600: the median is the second, the 90th percentile the fourth. 4 sessions, 3 active users.
    expect(nonZero(scraped, 'admincenter_session_duration_seconds')).toEqual({ '{percentile="p90"}': 3600 });
    expect(scraped.get('admincenter_session_duration_seconds{percentile="p50"}')).toBe(0);
    expect(scraped.get('admincenter_session_single_event_ratio')).toBe(0.5);
    expect(scraped.get('admincenter_sessions_per_user{window="7d"}')).toBeCloseTo(4 / 3, 12);
  });

  test('are open from their start until they expire, are ended or were ended, by platform', async () => {
    const agents = ['Dart/3.5 (dart:io)', 'CloudToLocalLLM/7.18.0', 'Mozilla/5.0 (X11; Linux x86_64) Chrome/130 Electron/33', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130', 'curl/8', undefined];
    const user = (await fresh.database.make.user({ createdAt: at(300) })).id;
    for (const userAgent of agents) {
      await fresh.database.make.session(user, { userAgent, createdAt: new Date(Date.now() - MINUTE_MS) });
    }
    await fresh.database.make.session(user, { userAgent: 'curl/8', active: false });
    await fresh.database.make.session(user, { userAgent: 'curl/8', expiresAt: new Date(Date.now() - 1) });
    expect(nonZero(await observe(fresh.pool, engagement), 'admincenter_sessions_active')).toEqual({ '{platform="desktop"}': 3, '{platform="mobile"}': 1, '{platform="web"}': 1, '{platform="unknown"}': 2 });
  });

  test('make their user present while in use and five minutes after, once', async () => {
    const user = (await fresh.database.make.user({ createdAt: at(300) })).id;
    await token(user, at(0, 30 * MINUTE_MS), 26); // until 11:56
    await token(user, at(0, 10 * MINUTE_MS), 8); // until 11:58, at the same time
    await token((await fresh.database.make.user({ createdAt: at(300) })).id, at(0, 30 * MINUTE_MS), 25); // until 11:55: five minutes are over
    const rested = (await fresh.database.make.user({ createdAt: at(300) })).id;
    await token(rested, at(3), (3 * DAY_MS) / MINUTE_MS - 1); // a token of three days ago, used again a minute ago
    const expected = { '{tier="all"}': 2, '{tier="free"}': 2 };
    expect(nonZero(await observe(fresh.pool, engagement, NOON), 'admincenter_concurrent_users')).toEqual(expected);
    expect(nonZero(await observe(fresh.pool, engagement, at(1)), 'admincenter_concurrent_users')).toEqual({});
  });
});
