// That the fake is a Stripe for Stripe's own client.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Stripe } from 'stripe';
import { createStripe } from '../../src/capabilities/promotions/stripe/client.ts';
import { type FakeStripe, startFakeStripe, STRIPE_KEY } from './fake.ts';
import { bodyOf, signatureOf, WEBHOOK_SECRET } from './webhooks.ts';

let fake: FakeStripe;
let stripe: Stripe;
beforeAll(async () => {
  fake = await startFakeStripe();
  stripe = createStripe({ STRIPE_SECRET_KEY: STRIPE_KEY, STRIPE_API_BASE: fake.url }) as Stripe;
});
afterAll(() => fake.close());
afterEach(() => {
  fake.troubles.length = 0;
});

const refused = (call: Promise<unknown>) => call.then(() => null, (error: Stripe.errors.StripeError) => ({ type: error.type, status: error.statusCode, code: error.code, message: error.message }));

test('keeps coupons with what they take off, and says which there are none of', async () => {
  const made = await stripe.coupons.create({ id: 'spring', percent_off: 12.5, duration: 'repeating', duration_in_months: 3, name: 'Spring & Übermut', metadata: { a: 'b' } });
  expect(made).toMatchObject({ id: 'spring', percent_off: 12.5, duration_in_months: 3, name: 'Spring & Übermut', metadata: { a: 'b' }, valid: true });
  expect(fake.calls.at(-1)).toMatchObject({ method: 'POST', path: '/v1/coupons', version: '2026-10-28.endive' });
  expect(await refused(stripe.coupons.create({ id: 'spring', percent_off: 1 }))).toMatchObject({ status: 400, code: 'resource_already_exists' });
  expect(await stripe.coupons.del('spring')).toMatchObject({ deleted: true });
  expect(await refused(stripe.coupons.retrieve('spring'))).toEqual({ type: 'StripeInvalidRequestError', status: 404, code: 'resource_missing', message: "No such coupon: 'spring'" });
});

test('answers an idempotency key once: again with the same, never with other parameters', async () => {
  const key = { idempotencyKey: 'key-1' };
  const first = await stripe.coupons.create({ percent_off: 10 }, key);
  expect((await stripe.coupons.create({ percent_off: 10 }, key)).id).toBe(first.id);
  expect(await refused(stripe.coupons.create({ percent_off: 11 }, key))).toMatchObject({ type: 'StripeIdempotencyError', status: 400 });
});

test('repeats a failure of its own, not that it was asked too often', async () => {
  fake.troubles.push({ status: 429 }, { status: 500 });
  const make = (idempotencyKey: string) => stripe.coupons.create({ percent_off: 10 }, { idempotencyKey });
  expect(await refused(make('key-2'))).toMatchObject({ type: 'StripeRateLimitError', status: 429 });
  expect(await refused(make('key-2'))).toMatchObject({ type: 'StripeAPIError', status: 500 });
  expect(await refused(make('key-2'))).toMatchObject({ status: 500 });
  expect(await refused(make('key-3'))).toBeNull();
});

test('lists in pages', async () => {
  const { id } = await stripe.coupons.create({ percent_off: 10 });
  for (const code of ['PAGE-1', 'PAGE-2', 'PAGE-3']) {
    await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: id }, code });
  }
  const listed: string[] = [];
  for await (const { code } of stripe.promotionCodes.list({ coupon: id, limit: 2 })) {
    listed.push(code);
  }
  expect(listed).toEqual(['PAGE-3', 'PAGE-2', 'PAGE-1']);
  expect(await refused(stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: id }, code: 'page-1' }))).toMatchObject({ status: 400, message: expect.stringContaining('already exists') });
});

test('refuses another key, and breaks connections when it is told to', async () => {
  const stranger = createStripe({ STRIPE_SECRET_KEY: 'sk_test_other', STRIPE_API_BASE: fake.url }) as Stripe;
  expect(await refused(stranger.coupons.retrieve('x'))).toMatchObject({ type: 'StripeAuthenticationError', status: 401 });
  // The client takes the first for a connection that was kept too long, and tries once more.
  fake.troubles.push('lost', 'lost');
  expect(await refused(stripe.coupons.create({ id: 'made-unseen', percent_off: 5 }))).toMatchObject({ type: 'StripeConnectionError' });
  expect(fake.coupons.has('made-unseen')).toBe(true);
});

test('signs as Stripe does', () => {
  const payload = bodyOf({ id: 'evt_1', type: 'coupon.updated', subjectId: 'co_1' });
  const timestamp = Math.floor(Date.now() / 1_000);
  expect(signatureOf(payload, timestamp)).toBe(stripe.webhooks.generateTestHeaderString({ payload, secret: WEBHOOK_SECRET, timestamp }));
  expect(stripe.webhooks.constructEvent(payload, signatureOf(payload, timestamp), WEBHOOK_SECRET)).toMatchObject({ id: 'evt_1', type: 'coupon.updated' });
});
