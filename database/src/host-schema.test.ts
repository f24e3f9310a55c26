// The reproduction of the host's schema: it must behave as the real one where our code relies on it.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHostSchema } from './host-schema.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let full: TestDatabase;
let migrator: TestDatabase;
let byHand: TestDatabase;

beforeAll(async () => {
  full = await createTestDatabase({ host: 'empty' });
  migrator = await createTestDatabase({ host: 'empty' });
  byHand = await createTestDatabase({ host: 'empty' });
  await createHostSchema(full.pool, { variant: 'full' });
  await createHostSchema(migrator.pool, { variant: 'migrator' });
  await createHostSchema(byHand.pool, { variant: 'full', fixedByHand: true });
});
afterAll(async () => {
  await Promise.all([full, migrator, byHand].map((database) => database.close()));
});

const tablesOf = async ({ pool }: TestDatabase): Promise<string[]> =>
  (await pool.query<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).rows.map((row) => row.name);

test('all 73 tables, or the 70 that the host’s own migrator makes', async () => {
  const all = await tablesOf(full);
  const fewer = await tablesOf(migrator);
  expect(all).toHaveLength(73);
  expect(fewer).toHaveLength(70);
  expect(all.filter((name) => !fewer.includes(name))).toEqual(['api_key_audit_logs', 'api_keys', 'webhook_events']);
});

test('columns have the host’s types, defaults and nullability', async () => {
  const { rows } = await full.pool.query(
    `SELECT column_name AS name, data_type AS type, is_nullable AS nullable, column_default AS default
     FROM information_schema.columns WHERE table_name = 'payment_transactions' AND column_name IN ('amount', 'currency', 'created_at', 'subscription_id') ORDER BY 1`,
  );
  expect(rows).toEqual([
    { name: 'amount', type: 'numeric', nullable: 'NO', default: null },
    { name: 'created_at', type: 'timestamp with time zone', nullable: 'YES', default: 'now()' },
    { name: 'currency', type: 'text', nullable: 'NO', default: "'USD'::text" },
    { name: 'subscription_id', type: 'uuid', nullable: 'YES', default: null },
  ]);
});

test('fixed by hand: is_active is a number, and the column the host’s code needs is there', async () => {
  const { rows } = await byHand.pool.query(
    "SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_name = 'user_sessions' AND column_name IN ('is_active', 'jwt_token_hash') ORDER BY 1",
  );
  expect(rows).toEqual([
    { name: 'is_active', type: 'integer' },
    { name: 'jwt_token_hash', type: 'text' },
  ]);
});

describe('constraints', () => {
  test('checks refuse values outside their list', async () => {
    const { id } = await full.make.user();
    await expect(full.pool.query("INSERT INTO public.subscriptions (user_id, tier, status) VALUES ($1, 'gold', 'active')", [id])).rejects.toThrow(/check constraint/);
    await expect(full.pool.query("INSERT INTO public.subscriptions (user_id, tier, status) VALUES ($1, 'premium', 'unpaid')", [id])).rejects.toThrow(/check constraint/);
    await expect(full.pool.query("INSERT INTO public.tunnel_webhooks (user_id, url, secret, events) VALUES ($1, '', 's', ARRAY['x'])", [id])).rejects.toThrow(/check constraint/);
  });

  test('e-mail addresses are unique with their case', async () => {
    await full.make.user({ email: 'Same@acme.example' });
    await full.make.user({ email: 'same@acme.example' });
    await expect(full.make.user({ email: 'same@acme.example' })).rejects.toThrow(/unique/);
  });

  test('a user’s rows go with the user, references by admins become null or block', async () => {
    const { pool, make } = full;
    const customer = await make.user();
    const admin = await make.admin();
    const payment = await make.payment(customer.id);
    await make.session(customer.id);
    await pool.query("INSERT INTO public.admin_audit_logs (admin_user_id, admin_role, action, resource_type, resource_id, affected_user_id) VALUES ($1, 'super_admin', 'a', 'user', '1', $2)", [admin.id, customer.id]);
    await pool.query("INSERT INTO public.refunds (transaction_id, stripe_refund_id, amount, reason, status, admin_user_id) VALUES ($1, 're_x', 1, 'other', 'succeeded', $2)", [payment.id, admin.id]);

    await expect(pool.query('DELETE FROM public.users WHERE id = $1', [admin.id])).rejects.toThrow(/foreign key/);
    await pool.query('DELETE FROM public.users WHERE id = $1', [customer.id]);
    const { rows } = await pool.query(
      `SELECT (SELECT count(*) FROM public.user_sessions WHERE user_id = $1) AS sessions, (SELECT count(*) FROM public.refunds) AS refunds,
         (SELECT affected_user_id FROM public.admin_audit_logs WHERE admin_user_id = $2) AS affected`,
      [customer.id, admin.id],
    );
    expect(rows).toEqual([{ sessions: 0, refunds: 0, affected: null }]);
    await pool.query('DELETE FROM public.users WHERE id = $1', [admin.id]);
    expect((await pool.query('SELECT FROM public.admin_audit_logs')).rowCount).toBe(0);
  });
});

test('an update moves updated_at', async () => {
  const { id } = await full.make.user({ createdAt: new Date('2025-01-01') });
  await full.pool.query("UPDATE public.users SET name = 'Other' WHERE id = $1", [id]);
  const { rows } = await full.pool.query("SELECT updated_at > now() - interval '1 minute' AS moved FROM public.users WHERE id = $1", [id]);
  expect(rows).toEqual([{ moved: true }]);
});

test('user_sessions has no such trigger: the one of the authentication database would break every update', async () => {
  const { id } = await full.make.user();
  await full.make.session(id);
  const { rowCount } = await full.pool.query('UPDATE public.user_sessions SET is_active = false WHERE user_id = $1', [id]);
  expect(rowCount).toBe(1);
});
