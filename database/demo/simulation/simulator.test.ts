// The simulated present: it goes on from the loaded past without a step, can be told twice, and respects suspensions.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { createLogger } from '@admin-center/platform/log';
import { createPool } from '@admin-center/platform/pool';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { DAY, HOUR, MINUTE, SECOND } from '../calendar.ts';
import { loadDemo } from '../load.ts';
import type { HostTables } from '../tables.ts';
import { createSimulator, type Simulator } from './simulator.ts';

const loadedAt = Date.parse('2026-05-14T15:20:00Z');
const log = createLogger('simulator', 'silent');

interface Living {
  readonly database: TestDatabase;
  readonly simulate: () => Promise<Simulator>;
  /** Moves the clock. */
  readonly at: (now: number) => void;
  readonly number: (statement: string, ...values: unknown[]) => Promise<number>;
  readonly close: () => Promise<void>;
}

async function living(users: number): Promise<Living> {
  const database = await createTestDatabase();
  await loadDemo({ databaseUrl: database.url, seed: 21, users, days: 20, now: new Date(loadedAt) });
  const pool: pg.Pool = createPool({ connectionString: database.url, applicationName: 'simulator test', max: 2 });
  const db = new Kysely<HostTables>({ dialect: new PostgresDialect({ pool }) }).withSchema('public');
  let now = loadedAt;
  return {
    database,
    simulate: () => createSimulator({ db, log, now: () => now }),
    at: (moment) => {
      now = moment;
    },
    number: async (statement, ...values) => {
      const { rows } = await database.pool.query<{ value: string | number | null }>(`SELECT (${statement}) AS value`, values);
      return Number(rows[0]?.value);
    },
    close: async () => {
      await db.destroy();
      await database.close();
    },
  };
}

const since = (table: string, condition = 'true'): string => `SELECT count(*) FROM public.${table} WHERE created_at > to_timestamp(${loadedAt / 1000}) AND ${condition}`;

describe('a week of simulated life', () => {
  let company: Living;
  beforeAll(async () => {
    company = await living(1_500);
    const simulator = await company.simulate();
    company.at(loadedAt + 7 * DAY);
    await simulator.tick();
  }, 60_000);
  afterAll(() => company.close());

  test('has people sign up, come, talk, buy and pay', async () => {
    for (const table of ['users', 'user_sessions', 'conversations', 'audit_logs', 'subscriptions', 'payment_transactions']) {
      expect({ table, rows: await company.number(since(table)) }).toEqual({ table, rows: expect.any(Number) });
      expect(await company.number(since(table))).toBeGreaterThan(0);
    }
    expect(await company.number(`SELECT count(*) FROM public.messages WHERE timestamp > to_timestamp(${loadedAt / 1000})`)).toBeGreaterThan(0);
    expect(await company.number(since('payment_transactions', `status = 'failed'`))).toBeGreaterThan(0);
    expect(await company.number(`SELECT count(*) FROM public.subscriptions WHERE canceled_at > to_timestamp(${loadedAt / 1000})`)).toBeGreaterThan(0);
  });

  test('goes on at the rate of the weeks before the incident', async () => {
    const dailyUsers = (from: number): Promise<number> => company.number(`SELECT count(DISTINCT user_id) FROM public.user_sessions WHERE created_at >= to_timestamp($1) AND created_at < to_timestamp($2)`, from / 1000, (from + DAY) / 1000);
    for (const day of [1, 2, 5]) {
      const ratio = (await dailyUsers(loadedAt + day * DAY)) / (await dailyUsers(loadedAt + (day - 14) * DAY));
      expect(ratio).toBeGreaterThan(0.75);
      expect(ratio).toBeLessThan(1.35);
    }
    const silent = await company.number(`SELECT count(*) FROM generate_series(to_timestamp($1), to_timestamp($2), '6 hours') AS start WHERE NOT EXISTS (SELECT FROM public.user_sessions WHERE created_at >= start AND created_at < start + interval '6 hours')`, loadedAt / 1000, (loadedAt + 6 * DAY) / 1000);
    expect(silent).toBe(0);
  });

  test('leaves every subscription where it should be by now', async () => {
    const now = (loadedAt + 7 * DAY) / 1000;
    expect(await company.number(`SELECT count(*) FROM public.subscriptions WHERE status IN ('active', 'trialing') AND current_period_end < to_timestamp($1)`, now)).toBe(0);
    expect(await company.number(`SELECT count(*) FROM public.payment_transactions WHERE status = 'pending' AND created_at < to_timestamp($1) - interval '3 days'`, now)).toBe(0);
    expect(await company.number('SELECT count(*) FROM public.refunds r JOIN public.payment_transactions p ON p.id = r.transaction_id WHERE r.amount > p.amount')).toBe(0);
    expect(await company.number(`SELECT count(*) FROM public.payment_transactions p JOIN public.subscriptions s ON s.id = p.subscription_id WHERE p.created_at < s.created_at`)).toBe(0);
  });

  test('writes nothing later than its clock, and another process tells nothing twice', async () => {
    expect(await company.number(`SELECT count(*) FROM public.user_sessions WHERE created_at > to_timestamp($1) OR last_activity > to_timestamp($1)`, (loadedAt + 7 * DAY) / 1000)).toBe(0);
    const rows = `SELECT sum(n) FROM (SELECT count(*) AS n FROM public.users UNION ALL SELECT count(*) FROM public.user_sessions UNION ALL SELECT count(*) FROM public.payment_transactions UNION ALL SELECT count(*) FROM public.messages) AS counts`;
    const before = await company.number(rows);
    await (await company.simulate()).tick();
    expect(await company.number(rows)).toBe(before);
  });
});

describe('second by second', () => {
  let company: Living;
  beforeAll(async () => {
    company = await living(1_500);
  }, 60_000);
  afterAll(() => company.close());

  test('sessions that are open are used, and end', async () => {
    const simulator = await company.simulate();
    const open = `SELECT count(*) FROM public.user_sessions WHERE is_active AND last_activity > to_timestamp($1)`;
    for (let minute = 1; minute <= 30; minute += 1) {
      company.at(loadedAt + minute * MINUTE);
      await simulator.tick();
    }
    expect(await company.number(open, (loadedAt + 29 * MINUTE) / 1000)).toBeGreaterThan(0);
    expect(await company.number(`SELECT count(*) FROM public.user_sessions WHERE created_at < to_timestamp($1) AND last_activity > to_timestamp($1)`, loadedAt / 1000)).toBeGreaterThan(0);
    expect(await company.number(`SELECT count(*) FROM public.user_sessions WHERE NOT is_active AND last_activity BETWEEN to_timestamp($1) AND to_timestamp($2)`, loadedAt / 1000, (loadedAt + 30 * MINUTE) / 1000)).toBeGreaterThan(0);
  });

  test('a suspended user neither signs in nor uses what was revoked; reactivated, they come back', async () => {
    const from = loadedAt + 30 * MINUTE;
    const simulator = await company.simulate();
    await simulator.tick();
    await company.database.pool.query(`UPDATE public.users SET is_suspended = true, suspended_at = to_timestamp($1), suspension_reason = 'test' WHERE email NOT LIKE '%@acme.example' AND metadata ->> 'demo' = 'acme' AND id IN (SELECT user_id FROM public.user_sessions)`, [from / 1000]);
    await company.database.pool.query(`UPDATE public.user_sessions SET is_active = false WHERE is_active`);
    for (const minutes of [1, 4, 60]) {
      company.at(from + minutes * MINUTE);
      await simulator.tick();
    }
    const theirs = `FROM public.user_sessions AS s JOIN public.users AS u ON u.id = s.user_id WHERE u.is_suspended`;
    expect(await company.number(`SELECT count(*) ${theirs} AND (s.is_active OR s.last_activity > to_timestamp($1) + interval '1 second')`, from / 1000)).toBe(0);

    await company.database.pool.query(`UPDATE public.users SET is_suspended = false, suspended_at = NULL WHERE suspension_reason = 'test'`);
    company.at(from + 3 * HOUR);
    await simulator.tick();
    expect(await company.number(`SELECT count(*) FROM public.user_sessions AS s JOIN public.users AS u ON u.id = s.user_id WHERE u.suspension_reason = 'test' AND s.created_at > to_timestamp($1)`, (from + 60 * MINUTE) / 1000)).toBeGreaterThan(0);
  });

  test('a step that fails is told again, whole', async () => {
    const from = loadedAt + 4 * HOUR;
    company.at(from);
    const simulator = await company.simulate();
    await simulator.tick();
    const { pool } = company.database;
    await pool.query('ALTER TABLE public.audit_logs RENAME TO audit_logs_away');
    company.at(from + 30 * MINUTE);
    await expect(simulator.tick()).rejects.toThrow(/audit_logs/);
    expect(await company.number('SELECT count(*) FROM public.user_sessions WHERE created_at > to_timestamp($1)', from / 1000)).toBe(0);
    await pool.query('ALTER TABLE public.audit_logs_away RENAME TO audit_logs');
    company.at(from + 30 * MINUTE + SECOND);
    const happened = await simulator.tick();
    expect(happened?.signIns).toBeGreaterThan(0);
    expect(await company.number('SELECT count(*) FROM public.user_sessions WHERE created_at > to_timestamp($1)', from / 1000)).toBe(happened?.signIns);
  });
});

test('a database without the demo is left alone', async () => {
  const database = await createTestDatabase();
  const pool = createPool({ connectionString: database.url, applicationName: 'simulator test', max: 1 });
  const db = new Kysely<HostTables>({ dialect: new PostgresDialect({ pool }) }).withSchema('public');
  try {
    await expect(createSimulator({ db, log, now: () => loadedAt })).rejects.toThrow(/holds no demo company/);
  } finally {
    await db.destroy();
    await database.close();
  }
});
