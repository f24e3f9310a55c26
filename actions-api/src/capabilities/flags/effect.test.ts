// A preview goes through everybody in pages; what it adds up on the way is what the database says of the same users.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { flagDefinition, type FlagDefinitionInput } from '@admin-center/contracts/flags-definition';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import { booleanFlag } from '../../../test/flags.ts';
import { measure } from '../../platform/blast-radius.ts';
import { readSnapshot } from '../../platform/database.ts';
import { type Effect, evaluateEverybody } from './effect.ts';
import type { StoredFlag } from './store.ts';

/** More than two pages. */
const USERS = 2_300;
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  const { make, pool } = api.db;
  await pool.query(`INSERT INTO public.users (email, name, jwt_id, email_verified, locale, created_at)
    SELECT 'user' || n || CASE WHEN n % 5 = 0 THEN '@acme.example' ELSE '@mail.example' END, 'User ' || n, 'auth0|' || n, true, CASE n % 3 WHEN 0 THEN 'de-DE' WHEN 1 THEN 'en_US' END, CASE WHEN n < 150 THEN '2026-01-01T10:00:00.123Z'::timestamptz ELSE '2026-01-01'::timestamptz + n * interval '1 minute' END
    FROM generate_series(1, $1::integer) AS n`, [USERS]);
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM public.users ORDER BY email LIMIT 40');
  for (const [index, { id }] of rows.entries()) {
    const currency = index % 4 === 0 ? 'EUR' : 'USD';
    const createdAt = new Date(Date.now() - 86_400_000);
    const subscription = await make.subscription(id, { tier: index % 3 === 0 ? 'enterprise' : 'premium', createdAt });
    await make.payment(id, { subscriptionId: subscription.id, amount: '9.99', currency, createdAt });
  }
  await make.user({ deletedAt: new Date() });
  await pool.query('SELECT admin_center.refresh_user_directory(true), admin_center.refresh_recurring_revenue(true)');
});
afterAll(() => api.close());

const flag = (percentage: number, more: Partial<FlagDefinitionInput> = {}): StoredFlag => ({
  key: 'counted', salt: 'counted', state: 'on', version: 1, definition: flagDefinition.parse(booleanFlag(percentage, more)), experimentState: null,
  experimentStartedAt: null, experimentStoppedAt: null, createdAt: new Date(0), updatedAt: new Date(0),
});
const effectOf = (current: StoredFlag, next: StoredFlag): Promise<Effect> =>
  readSnapshot(api.database, 30_000, (tx) => evaluateEverybody(tx, { key: 'counted', salt: 'counted', current, next, all: [current] }, new Date()));
const idsWhere = async (condition: string): Promise<string[]> => (await api.db.pool.query<{ id: string }>(`SELECT id FROM public.users WHERE deleted_at IS NULL AND ${condition}`)).rows.map(({ id }) => id);

test('everybody is counted once, by tier and currency', async () => {
  const everyone = await measure(api.database, 'everyone');
  expect(everyone.mrr.map(({ currency }) => currency)).toEqual(['EUR', 'USD']);
  const effect = await effectOf(flag(0), flag(100));
  expect(effect).toMatchObject({ evaluated: USERS, touched: everyone, moves: [{ from: 'off', to: 'on', users: USERS }], later: [] });
  expect(effect.after[0]?.sample).toHaveLength(5);
  expect(effect.after[0]?.sample.every(({ email }) => /^user\d+@(acme|mail)\.example$/.test(email))).toBe(true);
});

test.each([
  ['country', 'in', ['DE'], "locale = 'de-DE'"],
  ['locale', 'starts_with', ['en'], "locale LIKE 'en%'"],
  ['locale', 'not_exists', [], 'locale IS NULL'],
  ['email', 'ends_with', ['@acme.example'], "email LIKE '%@acme.example'"],
  ['createdAt', 'before', ['2026-01-01T12:00:00Z'], "created_at < '2026-01-01T12:00:00Z'"],
  ['createdAt', 'in', ['2026-01-01T10:00:00.123Z'], "created_at = '2026-01-01T10:00:00.123Z'"],
  ['state', 'in', ['active'], 'true'],
] as const)('a condition on %s (%s %j) finds whom the database finds', async (attribute, operator, values, condition) => {
  const segments = [{ id: 'some', conditions: [{ attribute, operator, values: [...values] }], serve: { percentage: 100, split: [{ variant: 'on', weight: 1 }] } }];
  const ids = await idsWhere(condition);
  expect(ids.length).toBeGreaterThan(100);
  expect((await effectOf(flag(0), flag(0, { segments }))).touched).toEqual(await measure(api.database, ids));
});

test('another set of users has another digest, and the same set the same', async () => {
  const digests = await Promise.all([10, 11, 10].map(async (percentage) => (await effectOf(flag(0), flag(percentage))).digest));
  expect(digests[0]).toBe(digests[2]);
  expect(digests[0]).not.toBe(digests[1]);
});

test('who keeps a variant whose value changes is touched too', async () => {
  const valued = (on: number, percentage: number) => flag(percentage, { type: 'number', variants: [{ key: 'on', value: on }, { key: 'off', value: 0 }] });
  const effect = await effectOf(valued(10, 100), valued(1_000, 100));
  expect(effect).toMatchObject({ touched: { users: USERS }, moves: [], revalued: [{ variant: 'on', users: USERS }] });
  const half = await effectOf(valued(10, 50), valued(1_000, 100));
  expect(half.touched.users).toBe(USERS);
  expect((half.revalued[0]?.users ?? 0) + (half.moves[0]?.users ?? 0)).toBe(USERS);
  expect((await effectOf(valued(10, 0), valued(1_000, 0))).touched.users).toBe(0);
});
