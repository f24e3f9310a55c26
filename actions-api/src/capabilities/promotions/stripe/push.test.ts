// Coupons and codes on their way to Stripe: once each, whatever breaks on the way.
import { setTimeout as delay } from 'node:timers/promises';
import { createPool } from '@admin-center/platform/pool';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { metrics } from '@opentelemetry/api';
import { startTestApi } from '../../../../test/api.ts';
import { promotionsOf, reason } from '../../../../test/promotions.ts';
import { startStripeApi, type StripeApi } from '../../../../test/stripe/stripe-api.ts';
import { startFakeStripe } from '../../../../test/stripe/fake.ts';
import { deliver } from '../../../../test/stripe/webhooks.ts';
import { createDatabase } from '../../../platform/database.ts';
import { createClientReader } from '../../../platform/events/client-context.ts';
import { startWorker } from '../../../worker.ts';
import { pushNext } from './push.ts';

let at: StripeApi;

async function until(reached: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 15_000; !(await reached()); await delay(100)) {
    if (Date.now() > end) {
      throw new Error('It did not come to that in time.');
    }
  }
}

beforeAll(async () => {
  at = await startStripeApi();
});
afterAll(() => at.close());
afterEach(() => {
  at.fake.troubles.length = 0;
  at.fake.beforeAnswer = () => undefined;
});

const switchOff = (id: string, version: number) => at.admin.post(`/api/v1/promotions/codes/${id}/deactivate`, { reason, version });
const made = (id: string) => [...at.fake.codes.values()].filter(({ metadata }) => metadata['admin_center_id'] === id);
const posts = (path: string, from: number) => at.fake.calls.slice(from).filter((call) => call.method === 'POST' && call.path === path);

describe('a coupon and its code', () => {
  test('are made at Stripe as they are here, the coupon first; a draft is not', async () => {
    const draft = await at.promotions.draftCoupon();
    const coupon = await at.promotions.coupon({ discount: { kind: 'amount', amountOffMinor: 500, currency: 'EUR' }, duration: { kind: 'repeating', months: 3 }, maxRedemptions: 90, redeemBy: '2027-12-31T23:59:59Z' });
    const code = await at.promotions.code(coupon.id, { firstTimeTransaction: true, minimumAmount: { amountMinor: 2_000, currency: 'EUR' }, maxRedemptions: 100 });
    expect(coupon.stripe).toEqual({ state: 'pending', id: null, error: null, unmatched: 0 });
    await at.push();
    expect(at.fake.coupons.get(coupon.id)).toMatchObject({
      name: 'Spring', amount_off: 500, currency: 'eur', percent_off: null, duration: 'repeating', duration_in_months: 3, max_redemptions: 90, redeem_by: Date.parse('2027-12-31T23:59:59Z') / 1_000,
    });
    expect(made(code.id)).toEqual([expect.objectContaining({
      code: code.code, active: true, max_redemptions: 90, restrictions: { first_time_transaction: true, minimum_amount: 2_000, minimum_amount_currency: 'eur' },
    })]);
    expect((await at.coupon(coupon.id)).stripe).toEqual({ state: 'synced', id: coupon.id, error: null, unmatched: 0 });
    expect((await at.code(code.id)).stripe).toMatchObject({ state: 'synced', id: made(code.id)[0]?.id });
    expect((await at.coupon(draft.id)).stripe).toBeNull();
    expect(at.fake.coupons.has(draft.id)).toBe(false);
  });

  test('follow what is switched, renamed and archived here', async () => {
    const coupon = await at.promotions.coupon();
    const code = await at.promotions.code(coupon.id);
    await at.push();
    await switchOff(code.id, code.version);
    await at.admin.send('PATCH', `/api/v1/promotions/coupons/${coupon.id}`, { body: { name: 'Summer', reason, version: coupon.version } });
    await at.push();
    expect(made(code.id)[0]?.active).toBe(false);
    expect(at.fake.coupons.get(coupon.id)?.name).toBe('Summer');
    await at.promotions.decide(`coupons/${coupon.id}`, 'archive', coupon.version + 1);
    await at.push();
    expect(at.fake.coupons.has(coupon.id)).toBe(false);
    expect((await at.coupon(coupon.id)).stripe).toMatchObject({ state: 'synced', error: null });
  });

  test('that was not committed is not pushed', async () => {
    const coupon = await at.promotions.coupon();
    await at.push();
    const from = at.fake.calls.length;
    const stale = await at.admin.send('PATCH', `/api/v1/promotions/coupons/${coupon.id}`, { body: { name: 'Never', reason, version: 1 } });
    expect(stale.status).toBe(409);
    await at.push();
    expect(at.fake.calls.slice(from)).toEqual([]);
  });

  test('of a campaign is off at Stripe when the campaign is killed', async () => {
    const campaign = await at.promotions.campaign();
    const code = await at.promotions.code((await at.promotions.coupon()).id, { campaignId: campaign.id });
    await at.push();
    expect(made(code.id)[0]?.active).toBe(true);
    await at.promotions.decide(`campaigns/${campaign.id}`, 'kill', campaign.version);
    await at.push();
    expect(made(code.id)[0]?.active).toBe(false);
  });

  test('of a campaign to come is made at its start', async () => {
    const startsAt = new Date(at.parts.clock().getTime() + 1_800_000).toISOString();
    const campaign = await at.promotions.campaign({ startsAt });
    const code = await at.promotions.code((await at.promotions.coupon()).id, { campaignId: campaign.id });
    await at.push();
    expect(made(code.id)).toEqual([]);
    expect((await at.code(code.id)).stripe).toMatchObject({ state: 'pending', error: expect.stringContaining(startsAt) });
    at.later();
    await at.push();
    expect(made(code.id)[0]?.active).toBe(true);
  });

  test.each([
    ['one user', { maxPerUser: 1 }, {}, 'how often one user may redeem it'],
    ['a hold-out', {}, { holdoutShare: 0.1 }, 'the hold-out of its campaign'],
    ['a budget', {}, { budgets: [{ currency: 'USD', limitMinor: 100_000 }] }, 'the budget of its campaign'],
    ['hours', {}, { openings: [{ days: ['mon'], from: '09:00', to: '17:00' }] }, 'the openings of its campaign'],
  ])('with %s, which Stripe does not know, is kept here', async (_, fields, campaignFields, what) => {
    const campaign = Object.keys(campaignFields).length === 0 ? null : await at.promotions.campaign(campaignFields);
    const code = await at.promotions.code((await at.promotions.coupon()).id, { ...fields, campaignId: campaign?.id ?? null });
    await at.push();
    expect(made(code.id)).toEqual([]);
    expect((await at.code(code.id)).stripe).toEqual({ state: 'kept', id: null, error: `Stripe cannot check ${what}; let the host redeem it here.`, unmatched: 0 });
  });
});

describe('trouble', () => {
  test.each<[string, Parameters<typeof at.fake.troubles.push>]>([
    ['asked too often', [{ status: 429 }]],
    ['an error of Stripe, which it repeats to the same key', [{ status: 500 }, { status: 503 }]],
    ['a connection that breaks before', ['refused', 'refused']],
    ['a connection that breaks after', ['lost', 'lost']],
    ['a wrong key for a while', [{ status: 401 }]],
  ])('%s passes, and nothing is made twice', async (_, troubles) => {
    const coupon = await at.promotions.coupon();
    at.fake.troubles.push(...troubles);
    await at.push();
    expect((await at.coupon(coupon.id)).stripe).toMatchObject({ state: 'pending', id: null, error: expect.stringMatching(/\w/) });
    at.later();
    await at.push();
    at.later();
    await at.push();
    const code = await at.promotions.code(coupon.id);
    at.fake.troubles.push(...troubles);
    await at.push();
    at.later();
    await at.push();
    at.later();
    await at.push();
    expect((await at.coupon(coupon.id)).stripe).toMatchObject({ state: 'synced', id: coupon.id, error: null });
    expect((await at.code(code.id)).stripe).toMatchObject({ state: 'synced', error: null });
    expect(made(code.id)).toHaveLength(1);
  });

  test('a worker that is killed between the answer of Stripe and its own commit leaves no second object behind', async () => {
    const coupon = await at.promotions.coupon();
    const code = await at.promotions.code(coupon.id);
    // Its outcome is never written: the lease is not its own any more.
    at.fake.beforeAnswer = async ({ method }) => {
      if (method === 'POST') {
        await at.api.db.pool.query('UPDATE admin_center.stripe_sync SET lease = gen_random_uuid() WHERE lease IS NOT NULL');
      }
    };
    await at.push();
    expect((await at.coupon(coupon.id)).stripe).toMatchObject({ state: 'pending', id: null });
    expect(at.fake.coupons.has(coupon.id)).toBe(true);
    at.later();
    at.fake.beforeAnswer = () => undefined;
    await pushNext(at.parts);
    expect((await at.coupon(coupon.id)).stripe).toMatchObject({ state: 'synced' });
    at.fake.beforeAnswer = async ({ method }) => {
      if (method === 'POST') {
        await at.api.db.pool.query('UPDATE admin_center.stripe_sync SET lease = gen_random_uuid() WHERE lease IS NOT NULL');
      }
    };
    await at.push();
    expect((await at.code(code.id)).stripe).toMatchObject({ state: 'pending', id: null });
    at.fake.beforeAnswer = () => undefined;
    // A change in between makes another key, which Stripe would not know the code by.
    await switchOff(code.id, code.version);
    at.later();
    await at.push();
    expect(made(code.id)).toEqual([expect.objectContaining({ active: false })]);
    expect((await at.code(code.id)).stripe).toMatchObject({ state: 'synced', id: made(code.id)[0]?.id });
  });

  test('a refusal stays on the object with the words of Stripe until an admin has it pushed again', async () => {
    const coupon = await at.promotions.coupon();
    const code = await at.promotions.code(coupon.id);
    at.fake.troubles.push({ status: 400, message: 'This coupon cannot be.' });
    await at.push();
    expect((await at.coupon(coupon.id)).stripe).toMatchObject({ state: 'failed', error: 'This coupon cannot be.' });
    at.later();
    const from = at.fake.calls.length;
    await at.push();
    expect(at.fake.calls.slice(from)).toEqual([]);
    expect((await at.code(code.id)).stripe).toMatchObject({ state: 'pending' });
    const again = await at.admin.post(`/api/v1/promotions/coupons/${coupon.id}/sync`, { reason });
    expect(again).toMatchObject({ status: 200, body: { coupon: { stripe: { state: 'pending' } } } });
    at.later();
    await at.push();
    expect((await at.coupon(coupon.id)).stripe).toMatchObject({ state: 'synced' });
    expect((await at.code(code.id)).stripe).toMatchObject({ state: 'synced' });
    expect(await at.rows(`SELECT action FROM admin_center.audit_log WHERE target_id = $1 AND action = 'promotions.coupon_sync'`, [coupon.id])).toHaveLength(1);
  });

  test('what Stripe fixes when a coupon is made is explained', async () => {
    const coupon = await at.promotions.coupon({ maxRedemptions: 10 });
    await at.push();
    await at.admin.send('PATCH', `/api/v1/promotions/coupons/${coupon.id}`, { body: { maxRedemptions: 20, reason, version: coupon.version } });
    await at.push();
    expect((await at.coupon(coupon.id)).stripe).toMatchObject({ state: 'failed', error: expect.stringContaining('10 redemptions and no end') });
    await at.admin.send('PATCH', `/api/v1/promotions/coupons/${coupon.id}`, { body: { maxRedemptions: 10, reason, version: coupon.version + 1 } });
    await at.push();
    expect((await at.coupon(coupon.id)).stripe).toMatchObject({ state: 'synced', error: null });
  });

  test('a code that somebody made at Stripe by hand is not taken for ours', async () => {
    const coupon = await at.promotions.coupon();
    await at.push();
    await at.parts.stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'BY-HAND' });
    const code = await at.promotions.code(coupon.id, { code: 'BY-HAND' });
    await at.push();
    expect((await at.code(code.id)).stripe).toMatchObject({ state: 'failed', id: null, error: expect.stringContaining('already exists') });
  });

  test('a change while the push is under way is pushed after it', async () => {
    const coupon = await at.promotions.coupon();
    at.fake.beforeAnswer = async ({ path }) => {
      if (path === '/v1/coupons') {
        at.fake.beforeAnswer = () => undefined;
        await at.admin.send('PATCH', `/api/v1/promotions/coupons/${coupon.id}`, { body: { name: 'Later', reason, version: coupon.version } });
      }
    };
    await at.push();
    expect(at.fake.coupons.get(coupon.id)?.name).toBe('Later');
    expect((await at.coupon(coupon.id)).stripe).toMatchObject({ state: 'synced' });
  });
});

test('workers at the same queue push each row once', async () => {
  const coupon = await at.promotions.coupon();
  await at.push();
  const codes = await Promise.all(Array.from({ length: 12 }, () => at.promotions.code(coupon.id)));
  const from = at.fake.calls.length;
  await Promise.all([at.push(), at.push(), at.push()]);
  expect(posts('/v1/promotion_codes', from)).toHaveLength(codes.length);
  expect(codes.map(({ id }) => made(id).length)).toEqual(codes.map(() => 1));
});

test('a worker pushes and applies by itself, and ends when it is told to', async () => {
  const coupon = await at.promotions.coupon();
  const { config, witness, db } = at.api;
  const pool = createPool({ connectionString: db.apiUrl, applicationName: 'test-worker', max: 8 });
  const worker = startWorker({ config, pool, database: createDatabase(pool), witness, log: at.parts.log, meter: metrics.getMeter('test'), readClient: await createClientReader(config, metrics.getMeter('test'), at.parts.log) });
  try {
    await until(async () => (await at.coupon(coupon.id)).stripe?.state === 'synced');
    await at.parts.stripe.coupons.del(coupon.id);
    await deliver(at.api.baseUrl, { id: `evt_${coupon.id}`, type: 'coupon.deleted', subjectId: coupon.id });
    await until(async () => (await at.coupon(coupon.id)).state === 'archived');
  } finally {
    await worker.close();
    await pool.end();
  }
});

test('without a key no call leaves, nothing of Stripe is shown, and there is no endpoint', async () => {
  const fake = await startFakeStripe();
  const api = await startTestApi({ env: { STRIPE_API_BASE: fake.url, STRIPE_WEBHOOK_SECRET: 'whsec_without_a_key' } });
  try {
    await api.db.make.admin({ email: 'fin@acme.example', role: 'finance_admin' });
    const admin = api.as({ email: 'fin@acme.example' });
    const coupon = await promotionsOf(admin).coupon();
    const code = await promotionsOf(admin).code(coupon.id);
    expect([coupon.stripe, code.stripe]).toEqual([null, null]);
    expect(await admin.post(`/api/v1/promotions/coupons/${coupon.id}/sync`, { reason })).toMatchObject({ status: 409, body: { code: 'stripe_off' } });
    expect((await fetch(`${api.baseUrl}/webhooks/stripe`, { method: 'POST', body: '{}' })).status).toBe(404);
    expect(fake.calls).toEqual([]);
  } finally {
    await api.close();
    await fake.close();
  }
});
