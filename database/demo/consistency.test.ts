// Rules no demo row may break. Loading does not check foreign keys itself, so this does.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { loadDemo } from './load.ts';
import { major, PRICES } from './prices.ts';

const now = new Date('2026-08-31T22:45:00Z');
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await loadDemo({ databaseUrl: database.url, seed: 5, users: 1_800, days: 30, now });
}, 60_000);
afterAll(() => database.close());

/** How many rows break a rule; `$1` is the moment the company was loaded at. */
async function broken(from: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(`WITH loaded AS (SELECT $1::timestamptz AS at) SELECT count(*)::integer AS count FROM loaded, ${from}`, [now.toISOString()]);
  return rows[0]?.count ?? Number.NaN;
}

test('every foreign key holds', async () => {
  const { rows } = await database.pool.query<{ child: string; statement: string }>(
    `SELECT conrelid::regclass::text AS child,
            format('SELECT count(*)::integer AS orphans FROM %s AS c WHERE c.%I IS NOT NULL AND NOT EXISTS (SELECT FROM %s AS p WHERE p.%I = c.%I)',
                   conrelid::regclass, child.attname, confrelid::regclass, parent.attname, child.attname) AS statement
     FROM pg_constraint
     JOIN pg_attribute AS child ON child.attrelid = conrelid AND child.attnum = conkey[1]
     JOIN pg_attribute AS parent ON parent.attrelid = confrelid AND parent.attnum = confkey[1]
     WHERE contype = 'f' AND connamespace = 'public'::regnamespace`,
  );
  expect(rows.length).toBeGreaterThan(50);
  for (const { child, statement } of rows) {
    const answer = await database.pool.query<{ orphans: number }>(statement);
    expect({ child, orphans: answer.rows[0]?.orphans }).toEqual({ child, orphans: 0 });
  }
});

test('every text identity leads to a user, in both of its forms', async () => {
  const { rows } = await database.pool.query(
    `SELECT count(*) FILTER (WHERE by_subject.id IS NOT NULL)::integer > 0 AS subjects, count(*) FILTER (WHERE by_id.id IS NOT NULL)::integer > 0 AS ids,
            count(*) FILTER (WHERE by_subject.id IS NULL AND by_id.id IS NULL)::integer AS unresolved
     FROM (SELECT user_id FROM public.conversations UNION ALL SELECT user_id FROM public.audit_logs) AS text_ids
     LEFT JOIN public.users AS by_subject ON by_subject.jwt_id = text_ids.user_id
     LEFT JOIN public.users AS by_id ON by_id.id::text = text_ids.user_id`,
  );
  expect(rows).toEqual([{ subjects: true, ids: true, unresolved: 0 }]);
});

describe('time', () => {
  test.each([
    ['users', 'created_at > loaded.at'],
    ['user_sessions', 'created_at > loaded.at OR last_activity > loaded.at OR last_activity < created_at OR expires_at < last_activity'],
    ['payment_transactions', 'created_at > loaded.at OR updated_at < created_at'],
    ['refunds', 'created_at > loaded.at'],
    ['subscriptions', 'created_at > loaded.at OR canceled_at > loaded.at OR current_period_end < current_period_start'],
    ['messages', 'timestamp > loaded.at'],
    ['audit_logs', `created_at > loaded.at OR created_at < loaded.at - interval '30 days'`],
  ])('%s: nothing is later than the load or out of order', async (table, rule) => {
    expect(await broken(`public.${table} WHERE ${rule}`)).toBe(0);
  });

  test('nobody does anything before they sign up', async () => {
    for (const table of ['user_sessions', 'subscriptions', 'payment_transactions', 'tunnels']) {
      expect(await broken(`public.${table} AS fact JOIN public.users ON users.id = fact.user_id WHERE fact.created_at < users.created_at`)).toBe(0);
    }
  });
});

describe('money', () => {
  test('no payment is made before its subscription or by another user', async () => {
    expect(await broken('public.payment_transactions AS p JOIN public.subscriptions AS s ON s.id = p.subscription_id WHERE p.created_at < s.created_at OR p.user_id <> s.user_id')).toBe(0);
  });

  test('every amount is on the price list', async () => {
    const listed = Object.entries(PRICES).flatMap(([currency, tiers]) => Object.values(tiers).flatMap((prices) => Object.values(prices).map((minor) => `${currency} ${major(minor)}`)));
    const { rows } = await database.pool.query<{ price: string }>(`SELECT DISTINCT upper(currency) || ' ' || amount AS price FROM public.payment_transactions`);
    expect(rows.length).toBeGreaterThan(8);
    expect(rows.map(({ price }) => price).filter((price) => !listed.includes(price))).toEqual([]);
  });

  test('failed payments have a code, the others have none', async () => {
    expect(await broken(`public.payment_transactions WHERE (status = 'failed') <> (failure_code IS NOT NULL) OR (failure_code IS NULL) <> (failure_message IS NULL)`)).toBe(0);
  });

  test('a refund is at most its payment, in its currency and after it; the sale keeps its row', async () => {
    expect(await broken('public.refunds AS r JOIN public.payment_transactions AS p ON p.id = r.transaction_id WHERE r.amount > p.amount OR r.amount <= 0 OR r.currency <> p.currency OR r.created_at < p.created_at')).toBe(0);
    expect(
      await broken(
        `public.payment_transactions AS p LEFT JOIN public.refunds AS r ON r.transaction_id = p.id AND r.status = 'succeeded'
         WHERE p.status IS DISTINCT FROM CASE WHEN r.amount = p.amount THEN 'refunded' WHEN r.amount < p.amount THEN 'partially_refunded' ELSE p.status END
            OR (p.status IN ('refunded', 'partially_refunded') AND r.id IS NULL)`,
      ),
    ).toBe(0);
  });

  test('an active subscription of Stripe is paid for, or its debit is on the way', async () => {
    expect(
      await broken(
        `public.subscriptions AS s WHERE s.status = 'active' AND stripe_subscription_id IS NOT NULL AND NOT EXISTS (
           SELECT FROM public.payment_transactions AS p WHERE p.subscription_id = s.id AND p.status <> 'failed' AND p.created_at >= s.current_period_start)`,
      ),
    ).toBe(0);
  });
});

describe('subscriptions', () => {
  test('canceled ones say when, and only those; running periods are running', async () => {
    expect(await broken(`public.subscriptions WHERE (status = 'canceled') <> (canceled_at IS NOT NULL)`)).toBe(0);
    expect(await broken(`public.subscriptions WHERE status IN ('active', 'trialing', 'past_due') AND current_period_end <= loaded.at`)).toBe(0);
  });

  test('a past-due one has a failed last payment', async () => {
    expect(
      await broken(
        `public.subscriptions AS s WHERE status = 'past_due' AND 'failed' IS DISTINCT FROM (
           SELECT p.status FROM public.payment_transactions AS p WHERE p.subscription_id = s.id ORDER BY p.created_at DESC LIMIT 1)`,
      ),
    ).toBe(0);
  });

  test('a trial lasts 14 days, nobody pays in it, and it is over when it is over', async () => {
    expect(await broken(`public.subscriptions WHERE trial_end <> trial_start + interval '14 days' OR (status = 'trialing' AND (trial_end IS NULL OR trial_end <= loaded.at))`)).toBe(0);
    expect(await broken('public.subscriptions AS s JOIN public.payment_transactions AS p ON p.subscription_id = s.id WHERE p.created_at < s.trial_end')).toBe(0);
    const { rows } = await database.pool.query<{ paid: boolean }>(
      `SELECT DISTINCT EXISTS (SELECT FROM public.payment_transactions AS p WHERE p.subscription_id = s.id AND p.status <> 'failed') AS paid
       FROM public.subscriptions AS s WHERE trial_end < $1::timestamptz - interval '30 days' ORDER BY 1`,
      [now.toISOString()],
    );
    expect(rows).toEqual([{ paid: false }, { paid: true }]);
  });

  test('those granted by hand have no Stripe ids, periods or payments', async () => {
    expect(
      await broken(
        `public.subscriptions AS s WHERE stripe_subscription_id IS NULL
           AND (tier <> 'enterprise' OR stripe_customer_id IS NOT NULL OR current_period_start IS NOT NULL OR EXISTS (SELECT FROM public.payment_transactions AS p WHERE p.subscription_id = s.id))`,
      ),
    ).toBe(0);
  });
});

test('suspended and deleted users have nothing open and do nothing afterwards', async () => {
  const ended = `SELECT id, CASE WHEN is_suspended THEN suspended_at ELSE coalesce(deleted_at, (metadata ->> 'deleted_at')::timestamptz) END AS at FROM public.users`;
  expect(await broken(`(${ended}) AS ended JOIN public.user_sessions AS s ON s.user_id = ended.id WHERE s.last_activity > ended.at OR (ended.at IS NOT NULL AND s.is_active AND s.expires_at > loaded.at)`)).toBe(0);
  expect(await broken(`(${ended}) AS ended JOIN public.subscriptions AS s ON s.user_id = ended.id WHERE s.created_at > ended.at`)).toBe(0);
});

test('tokens are plainly invented', async () => {
  expect(await broken(`public.user_sessions WHERE session_token NOT LIKE 'demo-%' OR jwt_access_token NOT LIKE 'demo-%' OR jwt_id_token NOT LIKE 'demo-%' OR refresh_token NOT LIKE 'demo-%'`)).toBe(0);
  expect(await broken(`public.users WHERE email NOT LIKE '%.example' AND email NOT LIKE '%@placeholder.local'`)).toBe(0);
});
