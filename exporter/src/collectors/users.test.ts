import { describe, expect, test } from '@jest/globals';
import { describeCollector } from '../../test/describe-collector.ts';
import { freshDatabase } from '../../test/fresh-database.ts';
import { nonZero, observe } from '../../test/observe.ts';
import { users } from './users.ts';

const DAY_MS = 86_400_000;
const NOON = new Date('2024-06-15T12:00:00Z');
const before = (days: number, ms = 0): Date => new Date(NOON.getTime() - days * DAY_MS - ms);

describeCollector(users, { fill: async ({ make }) => void (await make.user()) });

describe('users', () => {
  const fresh = freshDatabase();

  test('counts each user once, by state and entitled tier', async () => {
    const { make } = fresh.database;
    // No subscription is free; of several active ones the newest entitles; a lapsed one does not.
    await make.user({ createdAt: before(100) });
    const several = await make.user({ createdAt: before(100) });
    await make.subscription(several.id, { tier: 'premium', createdAt: before(50) });
    await make.subscription(several.id, { tier: 'enterprise', createdAt: before(20) });
    const lapsed = await make.user({ createdAt: before(100) });
    await make.subscription(lapsed.id, { status: 'canceled', createdAt: before(60), canceledAt: before(10) });
    const pastDue = await make.user({ createdAt: before(100), suspendedAt: before(5) });
    await make.subscription(pastDue.id, { status: 'past_due', createdAt: before(60) });
    await make.user({ createdAt: before(100), deletedAt: before(3) });
    await make.user({ createdAt: before(100), metadata: { is_deleted: true, deleted_at: before(2).toISOString() } });

    expect(nonZero(await observe(fresh.pool, users, NOON), 'admincenter_users')).toEqual({
      '{state="active",tier="free"}': 2,
      '{state="active",tier="enterprise"}': 1,
      '{state="suspended",tier="premium"}': 1,
      '{state="deleted",tier="free"}': 2,
    });
    // The same accounts 30 days earlier: nobody suspended or deleted, one subscription not yet made, one not yet ended.
    expect(nonZero(await observe(fresh.pool, users, before(30)), 'admincenter_users')).toEqual({
      '{state="active",tier="free"}': 3,
      '{state="active",tier="premium"}': 3,
    });
    expect(nonZero(await observe(fresh.pool, users, before(101)), 'admincenter_users')).toEqual({});
  });

  test('counts sign-ups of trailing windows, open at the far end and closed at the near one', async () => {
    const { make } = fresh.database;
    await make.user({ createdAt: NOON });
    await make.user({ createdAt: before(0, -1) }); // a millisecond from now: not yet
    await make.user({ createdAt: before(1) }); // exactly a day ago: not in 1d
    await make.user({ createdAt: before(1, -1) });
    await make.user({ createdAt: before(30, -1) });
    expect(nonZero(await observe(fresh.pool, users, NOON), 'admincenter_signups')).toEqual({ '{window="1d"}': 2, '{window="7d"}': 3, '{window="30d"}': 4 });
  });
});
