// Random billing histories: users with up to three subscriptions that are paid on time, late, in other currencies, with
// changed amounts, that rest, end and come back. And how to put them into the host's tables.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type pg from 'pg';
import type { OracleSale, OracleSubscription, OracleUser } from './billing-oracle.ts';

const DAY_MS = 86_400_000;
const EPOCH = Date.parse('2023-01-01T00:00:00Z');

const amount = fc.constantFrom(999, 2999, 9999, 12_000, 1, 0, 4321);
const currency = fc.constantFrom('USD', 'USD', 'USD', 'EUR', 'GBP');
/** Days to the next payment, as a share of the period: mostly on time, now and then late or after a long rest. */
const gap = fc.constantFrom(1, 1, 1, 1, 0.5, 1.3, 1.9, 2.5, 6);

const subscription: fc.Arbitrary<OracleSubscription> = fc
  .record({
    status: fc.constantFrom('active', 'active', 'past_due', 'canceled', 'canceled') as fc.Arbitrary<OracleSubscription['status']>,
    months: fc.constantFrom(1, 1, 1, 1, 3, 12, 0) as fc.Arbitrary<OracleSubscription['months']>,
    startMinute: fc.integer({ min: 0, max: 400 * 1_440 }),
    first: fc.record({ amount, currency }),
    payments: fc.array(fc.record({ gap, change: fc.option(fc.record({ amount, currency }), { freq: 4, nil: undefined }) }), { maxLength: 8 }),
    canceledAfterDays: fc.option(fc.integer({ min: -3, max: 50 }), { nil: null }),
  })
  .map(({ status, months, startMinute, first, payments, canceledAfterDays }) => {
    const periodDays = months === 0 ? 7 : months * 30;
    const sales: OracleSale[] = [{ at: new Date(EPOCH + startMinute * 60_000), amountMinor: first.amount, currency: first.currency }];
    for (const { gap: share, change } of payments) {
      const last = sales.at(-1) as OracleSale;
      sales.push({ at: new Date(last.at.getTime() + share * periodDays * DAY_MS), amountMinor: change?.amount ?? last.amountMinor, currency: change?.currency ?? last.currency });
    }
    const last = sales.at(-1) as OracleSale;
    const canceledAt = status === 'canceled' && canceledAfterDays !== null ? new Date(last.at.getTime() + canceledAfterDays * DAY_MS) : null;
    return { status, months, sales, canceledAt };
  });

/** The same for the same seed. */
export const randomUsers = (count: number, seed: number): OracleUser[] =>
  fc.sample(fc.array(subscription, { minLength: 1, maxLength: 3 }), { numRuns: count, seed }).map((subscriptions) => ({ id: randomUUID(), subscriptions }));

/** Writes them as the host would, in bulk. */
export async function insertUsers(pool: pg.Pool, users: readonly OracleUser[]): Promise<void> {
  const subscriptions = users.flatMap((user) => user.subscriptions.map((one) => ({ ...one, id: randomUUID(), userId: user.id })));
  await pool.query(
    `INSERT INTO public.users (id, email, created_at, updated_at) SELECT id, id || '@acme.example', '2022-12-01Z', '2022-12-01Z' FROM unnest($1::uuid[]) AS id`,
    [users.map(({ id }) => id)],
  );
  await pool.query(
    `INSERT INTO public.subscriptions (id, user_id, stripe_subscription_id, tier, status, current_period_start, current_period_end, canceled_at, created_at, updated_at)
     SELECT id, "userId", 'sub_' || id, 'premium', status, "periodStart", "periodEnd", "canceledAt", "createdAt", "createdAt"
     FROM jsonb_to_recordset($1) AS one (id uuid, "userId" uuid, status text, "periodStart" timestamptz, "periodEnd" timestamptz, "canceledAt" timestamptz, "createdAt" timestamptz)`,
    [
      JSON.stringify(subscriptions.map(({ id, userId, status, canceledAt, months, sales }) => ({
        id, userId, status, canceledAt, createdAt: sales[0]?.at,
        periodStart: '2024-02-01T00:00:00Z', periodEnd: { 0: '2024-02-08', 1: '2024-03-01', 3: '2024-05-01', 12: '2025-02-01' }[months],
      }))),
    ],
  );
  await pool.query(
    `INSERT INTO public.payment_transactions (id, user_id, subscription_id, stripe_payment_intent_id, amount, currency, status, created_at, updated_at)
     SELECT gen_random_uuid(), "userId", "subscriptionId", 'pi_' || gen_random_uuid(), "amountMinor" / 100.0, currency,
       (ARRAY['succeeded', 'refunded', 'partially_refunded', 'disputed'])[1 + row_number() OVER () % 4], at, at
     FROM jsonb_to_recordset($1) AS sale ("userId" uuid, "subscriptionId" uuid, "amountMinor" bigint, currency text, at timestamptz)`,
    [JSON.stringify(subscriptions.flatMap(({ id, userId, sales }) => sales.map((sale) => ({ userId, subscriptionId: id, ...sale }))))],
  );
}
