// The counters of payments and refunds: each is counted once, whoever counts, and the past before installation never.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createPool } from '@admin-center/platform/pool';
import { freshDatabase } from '../test/fresh-database.ts';
import { nonZero, observe } from '../test/observe.ts';
import { subscriptions } from './collectors/subscriptions.ts';

const fresh = freshDatabase();
const tally = async (): Promise<number> => (await fresh.database.pool.query<{ counted: number }>('SELECT admin_center.tally_payments() AS counted')).rows[0]?.counted ?? -1;
const payments = async () => nonZero(await observe(fresh.pool, subscriptions), 'admincenter_payments_total');
const refunds = async () => nonZero(await observe(fresh.pool, subscriptions), 'admincenter_refunds_total');

describe('the tally of payments', () => {
  let userId: string;
  beforeEach(async () => {
    await fresh.database.pool.query('DELETE FROM admin_center.payment_tally_start; DELETE FROM admin_center.tallied_payment; DELETE FROM admin_center.tallied_refund');
    userId = (await fresh.database.make.user()).id;
  });

  test('starts with the first run, which counts nothing; what was pending then counts when it is final', async () => {
    const { make, pool } = fresh.database;
    await make.payment(userId);
    const pending = await make.payment(userId, { status: 'pending' });
    expect(await tally()).toBe(0);
    expect(await tally()).toBe(0);
    await pool.query("UPDATE public.payment_transactions SET status = 'succeeded' WHERE id = $1", [pending.id]);
    expect(await tally()).toBe(1);
    expect(await payments()).toEqual({ '{result="succeeded",decline_class="none"}': 1 });
  });

  test('counts each payment once, by its first result, also when it is refunded or its user erased later', async () => {
    const { make, pool } = fresh.database;
    await tally();
    const sale = await make.payment(userId);
    await make.payment(userId, { status: 'failed', failureCode: 'insufficient_funds' });
    await make.payment(userId, { status: 'failed', failureCode: 'expired_card' });
    await make.payment(userId, { status: 'failed', failureCode: 'authentication_required' });
    await make.payment(userId, { status: 'failed', failureCode: 'processing_error' });
    await make.payment(userId, { status: 'failed', failureCode: 'do_not_honor' });
    await make.payment(userId, { status: 'failed', failureCode: null });
    expect(await tally()).toBe(7);
    await pool.query("UPDATE public.payment_transactions SET status = 'refunded' WHERE id = $1", [sale.id]);
    await make.refund(sale.id, { reason: 'billing_error' });
    const waiting = await make.refund(sale.id, { reason: 'duplicate', status: 'pending' });
    expect(await tally()).toBe(1);
    await pool.query("UPDATE public.refunds SET status = 'succeeded' WHERE id = $1", [waiting.id]);
    expect(await tally()).toBe(1);
    await pool.query('DELETE FROM public.users');
    expect(await tally()).toBe(0);
    expect(await payments()).toEqual({
      '{result="succeeded",decline_class="none"}': 1,
      '{result="failed",decline_class="insufficient_funds"}': 1,
      '{result="failed",decline_class="card_expired"}': 1,
      '{result="failed",decline_class="authentication"}': 1,
      '{result="failed",decline_class="processing"}': 1,
      '{result="failed",decline_class="card_declined"}': 2,
    });
    expect(await refunds()).toEqual({ '{reason="billing_error"}': 1, '{reason="duplicate"}': 1 });
  });

  test('counts nothing twice when many workers count at once', async () => {
    await tally();
    for (let made = 0; made < 20; made++) {
      await fresh.database.make.payment(userId);
    }
    const counts = await Promise.all(Array.from({ length: 8 }, tally));
    const rest = await tally();
    expect(counts.reduce((sum, counted) => sum + counted, rest)).toBe(20);
    expect(await payments()).toEqual({ '{result="succeeded",decline_class="none"}': 20 });
  });

  test('is open to the API role and closed to the exporter', async () => {
    const api = createPool({ connectionString: fresh.database.apiUrl, applicationName: 'test', max: 1 });
    await expect(api.query('SELECT admin_center.tally_payments()')).resolves.toMatchObject({ rowCount: 1 });
    await expect(api.query('DELETE FROM admin_center.tallied_payment')).rejects.toThrow('permission denied');
    await api.end();
    await expect(fresh.pool.query('SELECT admin_center.tally_payments()')).rejects.toThrow('permission denied');
  });
});
