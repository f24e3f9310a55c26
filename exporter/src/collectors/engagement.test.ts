import { describe, expect, test } from '@jest/globals';
import { describeCollector } from '../../test/describe-collector.ts';
import { freshDatabase } from '../../test/fresh-database.ts';
import { nonZero, observe } from '../../test/observe.ts';
import { engagement } from './engagement.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const NOON = new Date('2024-06-15T12:00:00Z');
const at = (days: number, ms = 0): Date => new Date(NOON.getTime() - days * DAY_MS - ms);

describeCollector(engagement, {
  fill: async ({ make }) => {
    const user = await make.user();
    await make.session(user.id);
    await make.session(user.id, { createdAt: new Date(Date.now() - 3 * DAY_MS) });
  },
});

const fresh = freshDatabase();

/** A user with sessions of no length at these instants. */
async function activeAt(...instants: readonly Date[]): Promise<string> {
  const { id } = await fresh.database.make.user({ createdAt: at(300) });
  for (const createdAt of instants) {
    await fresh.database.make.session(id, { createdAt });
  }
  return id;
}

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

  test('are the person behind either text id, and never an admin', async () => {
    const { make } = fresh.database;
    const bySubject = await make.user({ createdAt: at(300) });
    await make.conversation(bySubject.subject ?? '', { createdAt: at(0, MINUTE_MS) });
    const byId = await make.user({ createdAt: at(300) });
    await make.conversation(byId.id, { createdAt: at(200), messagesAt: [at(0, MINUTE_MS)] });
    await make.conversation('auth0|nobody', { createdAt: at(0, MINUTE_MS) });
    const admin = await make.admin({ createdAt: at(300) });
    await make.session(admin.id, { createdAt: at(0, MINUTE_MS) });
    const former = await make.admin({ createdAt: at(300), revokedAt: at(100), active: false });
    await make.session(former.id, { createdAt: at(0, MINUTE_MS) });

    expect((await observe(fresh.pool, engagement, NOON)).get('admincenter_active_users{window="1d",tier="all"}')).toBe(3);
  });

  test('count under the tier they are entitled to at the instant', async () => {
    const user = await activeAt(at(5));
    await fresh.database.make.subscription(user, { tier: 'premium', createdAt: at(3) });
    expect(nonZero(await observe(fresh.pool, engagement, at(4)), 'admincenter_active_users')).toMatchObject({ '{window="7d",tier="free"}': 1 });
    const later = nonZero(await observe(fresh.pool, engagement, NOON), 'admincenter_active_users');
    expect(later).toMatchObject({ '{window="7d",tier="premium"}': 1, '{window="7d",tier="all"}': 1 });
    expect(later).not.toHaveProperty('{window="7d",tier="free"}');
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
});

describe('sessions (D3)', () => {
  const token = (userId: string, from: Date, minutes: number) =>
    fresh.database.make.session(userId, { createdAt: from, lastActivityAt: new Date(from.getTime() + minutes * MINUTE_MS) });

  test('merge tokens up to 30 minutes apart, keep those of one event, and are cut at 24 hours', async () => {
    const ten = at(1, 2 * 60 * MINUTE_MS); // 10:00 the day before
    const later = (minutes: number): Date => new Date(ten.getTime() + minutes * MINUTE_MS);
    const first = await activeAt();
    await token(first, ten, 20); // 10:00 to 10:20
    await token(first, later(50), 10); // 10:50 to 11:00, 30 minutes later: the same session, 3600 s
    await token(first, later(91), 0); // 11:31, 31 minutes later: a session of one event, 0 s
    await token(await activeAt(), ten, 30); // 1800 s
    await token(await activeAt(), at(3), 30 * 60); // 30 hours, cut to 86400 s
    const admin = await fresh.database.make.admin({ createdAt: at(300) });
    await token(admin.id, ten, 5);

    // 0, 1800, 3600, 86400: the median is the second, the 90th percentile the fourth. 4 sessions, 3 active users.
    const scraped = await observe(fresh.pool, engagement, NOON);
    expect(nonZero(scraped, 'admincenter_session_duration_seconds')).toEqual({ '{percentile="p50"}': 1800, '{percentile="p90"}': 86_400 });
    expect(scraped.get('admincenter_sessions_per_user{window="7d"}')).toBeCloseTo(4 / 3, 12);
  });

  test('are open from their start until they expire, are ended or were ended, by platform', async () => {
    const agents = ['Dart/3.5 (dart:io)', 'CloudToLocalLLM/7.18.0', 'Mozilla/5.0 (X11; Linux x86_64) Chrome/130 Electron/33', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130', 'curl/8', undefined];
    const user = await activeAt();
    for (const userAgent of agents) {
      await fresh.database.make.session(user, { userAgent, createdAt: new Date(Date.now() - MINUTE_MS) });
    }
    await fresh.database.make.session(user, { userAgent: 'curl/8', active: false });
    await fresh.database.make.session(user, { userAgent: 'curl/8', expiresAt: new Date(Date.now() - 1) });
    expect(nonZero(await observe(fresh.pool, engagement), 'admincenter_sessions_active')).toEqual({ '{platform="desktop"}': 3, '{platform="mobile"}': 1, '{platform="web"}': 1, '{platform="unknown"}': 2 });
  });

  test('make their user present while in use and five minutes after, once', async () => {
    const user = await activeAt();
    await token(user, at(0, 30 * MINUTE_MS), 26); // until 11:56
    await token(user, at(0, 10 * MINUTE_MS), 8); // until 11:58, at the same time
    await token(await activeAt(), at(0, 30 * MINUTE_MS), 25); // until 11:55: five minutes are over
    const rested = await activeAt();
    await token(rested, at(3), (3 * DAY_MS) / MINUTE_MS - 1); // a token of three days ago, used again a minute ago
    const expected = { '{tier="all"}': 2, '{tier="free"}': 2 };
    expect(nonZero(await observe(fresh.pool, engagement, NOON), 'admincenter_concurrent_users')).toEqual(expected);
    expect(nonZero(await observe(fresh.pool, engagement, at(1)), 'admincenter_concurrent_users')).toEqual({});
  });
});
