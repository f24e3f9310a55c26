// What the demo company must show: growth, rhythm, tiers, churn, and last week's incident, by numbers.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { HOUR } from './calendar.ts';
import { createCompany } from './company.ts';
import { loadDemo } from './load.ts';

const now = new Date('2026-05-14T15:20:00Z');
const plan = { seed: 42, users: 4_000, days: 45, now: now.getTime() };
const { incident } = createCompany(plan);
const moment = (at: number): string => new Date(at).toISOString();

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await loadDemo({ databaseUrl: database.url, ...plan, now });
}, 60_000);
afterAll(() => database.close());

async function numbers(statement: string, values: readonly unknown[] = []): Promise<Record<string, number>> {
  const { rows } = await database.pool.query<{ name: string; value: string | number }>(statement, [...values]);
  return Object.fromEntries(rows.map(({ name, value }) => [name, Number(value)]));
}

const count = async (table: string, condition: string, from: number, to: number): Promise<number> =>
  (await numbers(`SELECT 'n' AS name, count(*) AS value FROM public.${table} WHERE ${condition} AND created_at >= $1 AND created_at < $2`, [moment(from), moment(to)]))['n'] ?? 0;

const within = (value: number | undefined, low: number, high: number): void => {
  expect(value).toBeGreaterThanOrEqual(low);
  expect(value).toBeLessThanOrEqual(high);
};

describe('size and growth', () => {
  test('the company has about the users it was asked for, and more sign up than before', async () => {
    const { users, early, late } = await numbers(
      `SELECT 'users' AS name, count(*) AS value FROM public.users
       UNION ALL SELECT 'late', count(*) FROM public.users WHERE created_at > $1::timestamptz - interval '60 days'
       UNION ALL SELECT 'early', count(*) FROM public.users WHERE created_at BETWEEN $1::timestamptz - interval '240 days' AND $1::timestamptz - interval '180 days'`,
      [now.toISOString()],
    );
    within(users, 3_750, 4_250);
    expect(late).toBeGreaterThan((early ?? 0) * 1.5);
  });

  test('tiers have their shares', async () => {
    const tiers = await numbers(
      `SELECT coalesce((SELECT max(tier) FROM public.subscriptions s WHERE s.user_id = u.id AND status IN ('active', 'trialing', 'past_due')), 'free') AS name, count(*)::float / (SELECT count(*) FROM public.users) AS value
       FROM public.users u GROUP BY 1`,
    );
    within(tiers['free'], 0.81, 0.89);
    within(tiers['premium'], 0.08, 0.15);
    within(tiers['enterprise'], 0.02, 0.07);
  });

  test('every state, form of account and kind of payment is there', async () => {
    const states = await numbers(`SELECT status AS name, count(*) AS value FROM public.subscriptions GROUP BY 1`);
    for (const state of ['active', 'trialing', 'past_due', 'canceled']) {
      expect(states[state]).toBeGreaterThan(0);
    }
    const payments = await numbers(`SELECT status AS name, count(*) AS value FROM public.payment_transactions GROUP BY 1`);
    for (const state of ['succeeded', 'failed', 'refunded', 'partially_refunded']) {
      expect(payments[state]).toBeGreaterThan(0);
    }
    const accounts = await numbers(
      `SELECT kind AS name, count(*) AS value FROM public.users, LATERAL (VALUES
         ('suspended', is_suspended), ('deleted', deleted_at IS NOT NULL), ('deleted by metadata', metadata ->> 'is_deleted' = 'true'),
         ('placeholder', email LIKE '%@placeholder.local'), ('nameless', name IS NULL), ('tagged', email LIKE '%+%'), ('upper case', email ~ '[A-Z]'),
         ('not linked', jwt_id IS NULL), ('other script', name ~ '[^\\u0001-\\u024F]')) AS form (kind, holds)
       WHERE holds GROUP BY 1`,
    );
    expect(Object.keys(accounts).sort()).toEqual(['deleted', 'deleted by metadata', 'nameless', 'not linked', 'other script', 'placeholder', 'suspended', 'tagged', 'upper case']);
    const currencies = await numbers(`SELECT currency AS name, count(*) AS value FROM public.payment_transactions GROUP BY 1`);
    expect(Object.keys(currencies).sort()).toEqual(['EUR', 'GBP', 'USD', 'eur', 'gbp', 'usd']);
    const changes = await numbers(
      `SELECT 'moved' AS name, count(*) AS value FROM (SELECT FROM public.payment_transactions GROUP BY subscription_id HAVING count(DISTINCT amount) > 1) AS moved
       UNION ALL SELECT 'by hand', count(*) FROM public.subscriptions WHERE stripe_subscription_id IS NULL
       UNION ALL SELECT 'came back', count(*) FROM (SELECT FROM public.subscriptions WHERE stripe_subscription_id IS NOT NULL GROUP BY user_id HAVING count(*) > 1) AS again`,
    );
    expect(Object.values(changes).every((value) => value > 0)).toBe(true);
  });
});

describe('use', () => {
  test('weekends are low and the clients have their shares', async () => {
    const days = await numbers(
      `SELECT CASE WHEN extract(isodow FROM created_at) > 5 THEN 'weekend' ELSE 'workday' END AS name, count(*)::float / count(DISTINCT created_at::date) AS value
       FROM public.user_sessions GROUP BY 1`,
    );
    within((days['weekend'] ?? 0) / (days['workday'] ?? 1), 0.4, 0.75);
    const clients = await numbers(
      `SELECT CASE WHEN user_agent LIKE 'CloudToLocalLLM/%' THEN 'desktop' WHEN user_agent ~ 'Mobile|iPhone|iPad|Android' THEN 'mobile'
                   WHEN user_agent LIKE 'Mozilla/%' THEN 'web' ELSE 'unknown' END AS name, count(*)::float / (SELECT count(*) FROM public.user_sessions) AS value
       FROM public.user_sessions GROUP BY 1`,
    );
    within(clients['desktop'], 0.3, 0.5);
    within(clients['web'], 0.3, 0.5);
    within(clients['mobile'], 0.1, 0.25);
    within(clients['unknown'], 0.005, 0.06);
  });

  test('people are there right now', async () => {
    const live = await numbers(
      `SELECT 'live' AS name, count(*) AS value FROM public.user_sessions WHERE is_active AND expires_at > $1
       UNION ALL SELECT 'in use', count(*) FROM public.user_sessions WHERE is_active AND last_activity > $1::timestamptz - interval '5 minutes'`,
      [now.toISOString()],
    );
    within(live['live'], 100, 500);
    within(live['in use'], 3, 60);
  });
});

describe('the incident', () => {
  const week = 7 * 24 * HOUR;

  test('lies five to six days back and lasts nine hours', () => {
    expect(incident.from).toBeGreaterThanOrEqual(now.getTime() - 6 * 24 * HOUR);
    expect(incident.to).toBeLessThanOrEqual(now.getTime() - 5 * 24 * HOUR);
    expect(incident.to - incident.from).toBe(9 * HOUR);
  });

  test('takes sign-ins and sign-ups to about a third', async () => {
    const signIns = (await count('user_sessions', 'true', incident.from, incident.to)) / (await count('user_sessions', 'true', incident.from - week, incident.to - week));
    within(signIns, 0.22, 0.48);
    const after = (await count('user_sessions', 'true', incident.to, incident.to + 9 * HOUR)) / (await count('user_sessions', 'true', incident.to - week, incident.to - week + 9 * HOUR));
    within(after, 0.8, 1.25);
  });

  test('makes most payments fail with processing_error', async () => {
    const tried = await count('payment_transactions', 'true', incident.from, incident.to);
    const failed = await count('payment_transactions', `failure_code = 'processing_error'`, incident.from, incident.to);
    expect(tried).toBeGreaterThan(3);
    within(failed / tried, 0.5, 1);
    const before = (await count('payment_transactions', `status = 'failed'`, incident.from - week, incident.from)) / (await count('payment_transactions', 'true', incident.from - week, incident.from));
    within(before, 0, 0.2);
  });

  test('is followed by refunds for it and by people who leave', async () => {
    const refunds = await count('refunds', `reason = 'service_issue'`, incident.to, incident.to + 2 * 24 * HOUR);
    const usual = (await count('refunds', `reason = 'service_issue'`, incident.from - 4 * week, incident.from)) / 14;
    expect(refunds).toBeGreaterThan(5);
    expect(refunds).toBeGreaterThan(usual * 5);
    const left = await numbers(
      `SELECT 'after' AS name, count(*) AS value FROM public.subscriptions WHERE canceled_at >= $1 AND canceled_at < $1::timestamptz + interval '2 days'
       UNION ALL SELECT 'before', count(*) / 14.0 FROM public.subscriptions WHERE canceled_at >= $1::timestamptz - interval '28 days' AND canceled_at < $1`,
      [moment(incident.to)],
    );
    expect(left['after']).toBeGreaterThan((left['before'] ?? 0) * 1.8);
  });
});
