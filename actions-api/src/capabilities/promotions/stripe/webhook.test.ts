// What Stripe tells: who is believed, each event once, and the truth in whatever order it comes.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Redemption } from '@admin-center/contracts/promotions';
import { ok, reason } from '../../../../test/promotions.ts';
import { startStripeApi, type StripeApi } from '../../../../test/stripe/stripe-api.ts';
import { deliver } from '../../../../test/stripe/webhooks.ts';
import { applyNext } from './apply.ts';

let at: StripeApi;
beforeAll(async () => {
  at = await startStripeApi();
});
afterAll(() => at.close());

const eventId = () => `evt_${randomUUID()}`;
const tell = (type: string, subjectId: string, id = eventId()) => deliver(at.api.baseUrl, { id, type, subjectId });
const stateOf = async (id: string) => (await at.rows<{ state: string; error: string | null }>('SELECT state, error FROM admin_center.stripe_event WHERE event_id = $1', [id]))[0];
const audited = (id: string) => at.rows(`SELECT action, actor_subject FROM admin_center.audit_log WHERE target_id = $1 AND actor_subject LIKE 'system:%' ORDER BY sequence`, [id]);

async function synced(couponFields = {}, codeFields = {}) {
  const coupon = await at.promotions.coupon(couponFields);
  const code = await at.promotions.code(coupon.id, codeFields);
  await at.push();
  const promo = [...at.fake.codes.values()].find(({ metadata }) => metadata['admin_center_id'] === code.id);
  return { coupon, code, promo: promo as NonNullable<typeof promo> };
}

async function subscriber() {
  const user = await at.api.db.make.user();
  const stripeId = `sub_${randomUUID()}`;
  await at.api.db.make.subscription(user.id, { stripeId });
  return { userId: user.id, stripeId };
}

function invoice(promotionCode: string, subscription: string | null, discountId = `di_${randomUUID()}`): string {
  const id = `in_${randomUUID()}`;
  at.fake.invoices.set(id, {
    id, status: 'paid', currency: 'usd', subtotal: 2_999, subscription,
    discounts: [{ amount: 600, discount: { id: discountId, promotion_code: promotionCode, start: Math.floor(Date.now() / 1_000) } }],
  });
  return id;
}
const redemptionsOf = async (codeId: string) => ok<{ items: Redemption[] }>(await at.admin.get('/api/v1/promotions/redemptions', { codeId })).items;

describe('a delivery', () => {
  const event = () => ({ id: eventId(), type: 'coupon.updated', subjectId: 'co_of_nobody' });

  test.each<[string, Parameters<typeof deliver>[2], number]>([
    ['signed now', {}, 200],
    ['signed almost five minutes ago', { offset: -290 }, 200],
    ['signed more than five minutes ago', { offset: -310 }, 401],
    ['signed more than five minutes ahead', { offset: 310 }, 401],
    ['signed by another', { secret: 'whsec_of_another_endpoint' }, 401],
    ['changed on the way', { tamper: (body) => body.replace('co_of_nobody', 'co_of_somebody') }, 401],
  ])('%s', async (_, how, status) => {
    const sent = event();
    expect(await deliver(at.api.baseUrl, sent, how)).toBe(status);
    expect(await at.rows('SELECT FROM admin_center.stripe_event WHERE event_id = $1', [sent.id])).toHaveLength(status === 200 ? 1 : 0);
  });

  test('without a signature is refused', async () => {
    const response = await fetch(`${at.api.baseUrl}/webhooks/stripe`, { method: 'POST', body: '{}' });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([401, 'webhook_signature_invalid']);
  });

  test('of a kind that does not concern us is answered and not kept', async () => {
    const id = eventId();
    expect(await tell('customer.created', 'cus_1', id)).toBe(200);
    expect(await stateOf(id)).toBeUndefined();
  });

  test('about what is not ours is ignored', async () => {
    const id = eventId();
    await tell('promotion_code.updated', 'promo_of_another', id);
    await at.apply();
    expect(await stateOf(id)).toMatchObject({ state: 'ignored' });
  });
});

describe('a redemption at Stripe', () => {
  test('is recorded once, however often and in however many invoices it is told', async () => {
    const { code, coupon, promo } = await synced({ duration: { kind: 'forever' } });
    const { userId, stripeId } = await subscriber();
    const discountId = `di_${randomUUID()}`;
    const [first, second] = [invoice(promo.id, stripeId, discountId), invoice(promo.id, stripeId, discountId)];
    const renewed = invoice(promo.id, stripeId);
    const id = eventId();
    await Promise.all([tell('invoice.paid', first, id), tell('invoice.paid', first, id), tell('invoice.paid', first), tell('invoice.paid', second)]);
    await at.apply();
    await tell('invoice.paid', first, id);
    await tell('invoice.paid', renewed);
    await at.apply();
    expect(await redemptionsOf(code.id)).toEqual([
      expect.objectContaining({ userId, reference: discountId, subtotalMinor: 2_999, discountMinor: 600, committedMinor: 7_200, currency: 'USD' }),
    ]);
    expect(await at.coupon(coupon.id)).toMatchObject({ timesRedeemed: 1, stripe: { unmatched: 0 } });
    expect(await at.code(code.id)).toMatchObject({ timesRedeemed: 1 });
    expect(await audited(code.id)).toEqual([{ action: 'promotions.redeem', actor_subject: 'system:stripe' }]);
    expect(await stateOf(id)).toMatchObject({ state: 'applied' });
  });

  test('counts beyond a limit of ours, without breaking it', async () => {
    const { code, promo } = await synced({}, { maxRedemptions: 1 });
    for (const { stripeId } of [await subscriber(), await subscriber()]) {
      await tell('invoice.paid', invoice(promo.id, stripeId));
    }
    await at.apply();
    expect(await redemptionsOf(code.id)).toHaveLength(2);
    expect(await at.code(code.id)).toMatchObject({ timesRedeemed: 1 });
  });

  test('by a user whose subscription comes later is recorded then', async () => {
    const { code, promo } = await synced();
    const stripeId = `sub_${randomUUID()}`;
    await tell('invoice.paid', invoice(promo.id, stripeId));
    await at.apply();
    expect(await redemptionsOf(code.id)).toEqual([]);
    await at.api.db.make.subscription((await at.api.db.make.user()).id, { stripeId });
    at.later();
    await at.apply();
    expect(await redemptionsOf(code.id)).toHaveLength(1);
  });

  test('by nobody we know is counted and shown as unmatched, once', async () => {
    const { coupon, code, promo } = await synced();
    const told = invoice(promo.id, 'sub_of_nobody');
    const id = eventId();
    await tell('invoice.paid', told, id);
    for (let hour = 0; hour < 7; hour++) {
      await at.apply();
      at.later();
    }
    await tell('invoice.paid', told);
    await at.apply();
    expect(await stateOf(id)).toMatchObject({ state: 'unmatched' });
    expect((await at.coupon(coupon.id)).stripe).toMatchObject({ unmatched: 1 });
    expect((await at.code(code.id)).stripe).toMatchObject({ unmatched: 1 });
    expect(await redemptionsOf(code.id)).toEqual([]);
  });

  test('waits while Stripe cannot be asked', async () => {
    const { code, promo } = await synced();
    const { stripeId } = await subscriber();
    await tell('invoice.paid', invoice(promo.id, stripeId));
    at.fake.troubles.push({ status: 503 });
    await at.apply();
    expect(await redemptionsOf(code.id)).toEqual([]);
    at.later();
    await at.apply();
    expect(await redemptionsOf(code.id)).toHaveLength(1);
  });
});

describe('a single purchase at Stripe', () => {
  const checkout = (promotionCode: string, userId: string | null, more = {}): string => {
    const id = `cs_${randomUUID()}`;
    at.fake.checkouts.set(id, {
      id, mode: 'payment', payment_status: 'paid', invoice: null, currency: 'eur', amount_subtotal: 5_000, client_reference_id: userId,
      discounts: [{ amount: 1_000, discount: { id: `di_${randomUUID()}`, promotion_code: promotionCode, start: Math.floor(Date.now() / 1_000) } }], ...more,
    });
    return id;
  };

  test('is recorded for the user it names, once, for what it took off this once', async () => {
    const { code, promo } = await synced({ duration: { kind: 'forever' } });
    const { id: userId } = await at.api.db.make.user();
    const told = checkout(promo.id, userId);
    await Promise.all([tell('checkout.session.completed', told), tell('checkout.session.completed', told), tell('checkout.session.async_payment_succeeded', told)]);
    await at.apply();
    expect(await redemptionsOf(code.id)).toEqual([expect.objectContaining({ userId, subtotalMinor: 5_000, discountMinor: 1_000, committedMinor: 1_000, currency: 'EUR' })]);
    // The same user buys again, with the same code.
    await tell('checkout.session.completed', checkout(promo.id, userId));
    await at.apply();
    expect(await redemptionsOf(code.id)).toHaveLength(2);
  });

  test.each([
    ['of a subscription', { mode: 'subscription' }],
    ['that has an invoice', { invoice: 'in_1' }],
    ['that is not paid yet', { payment_status: 'unpaid' }],
  ])('%s is left to another event', async (_, more) => {
    const { code, promo } = await synced();
    const id = eventId();
    await tell('checkout.session.completed', checkout(promo.id, (await at.api.db.make.user()).id, more), id);
    await at.apply();
    expect(await stateOf(id)).toMatchObject({ state: 'ignored' });
    expect(await redemptionsOf(code.id)).toEqual([]);
  });

  test.each([['nobody', null], ['no id of ours', 'cart-7'], ['an id that no user has', randomUUID()]])('that names %s is unmatched in the end', async (_, reference) => {
    const { coupon, promo } = await synced();
    const id = eventId();
    await tell('checkout.session.completed', checkout(promo.id, reference), id);
    for (let look = 0; look < 7; look++) {
      await at.apply();
      at.later();
    }
    expect(await stateOf(id)).toMatchObject({ state: 'unmatched' });
    expect((await at.coupon(coupon.id)).stripe).toMatchObject({ unmatched: 1 });
  });
});

describe('what is changed at Stripe', () => {
  test('a coupon that is deleted there is archived here', async () => {
    const { coupon } = await synced();
    await at.parts.stripe.coupons.del(coupon.id);
    await tell('coupon.deleted', coupon.id);
    await tell('coupon.updated', coupon.id);
    await at.apply();
    expect((await at.coupon(coupon.id)).state).toBe('archived');
    expect(await audited(coupon.id)).toEqual([{ action: 'promotions.coupon_archive', actor_subject: 'system:stripe' }]);
  });

  test('a code that is switched off there is off here; old news of it change nothing', async () => {
    const { code, promo } = await synced();
    await tell('promotion_code.created', promo.id);
    await at.apply();
    expect((await at.code(code.id)).active).toBe(true);
    await at.parts.stripe.promotionCodes.update(promo.id, { active: false });
    // The newer one is told first, and the older one says that it is on.
    await tell('promotion_code.updated', promo.id);
    await tell('promotion_code.created', promo.id);
    await at.apply();
    await at.push();
    expect(await at.code(code.id)).toMatchObject({ active: false, stripe: { state: 'synced' } });
    expect(await audited(code.id)).toEqual([{ action: 'promotions.code_deactivate', actor_subject: 'system:stripe' }]);
  });

  test('a code that was used up there stays on here', async () => {
    const { code, promo } = await synced({}, { maxRedemptions: 1 });
    Object.assign(promo, { active: false, times_redeemed: 1 });
    await tell('promotion_code.updated', promo.id);
    await at.apply();
    expect((await at.code(code.id)).active).toBe(true);
    expect(await at.rows('SELECT times_redeemed FROM admin_center.stripe_sync WHERE object_id = $1', [code.id])).toEqual([{ times_redeemed: 1 }]);
  });

  test('a code that is off here is switched off there again', async () => {
    const { code, promo } = await synced();
    await at.admin.post(`/api/v1/promotions/codes/${code.id}/deactivate`, { reason, version: code.version });
    await at.push();
    await at.parts.stripe.promotionCodes.update(promo.id, { active: true });
    await tell('promotion_code.updated', promo.id);
    await at.apply();
    await at.push();
    expect(promo.active).toBe(false);
    expect((await at.code(code.id)).active).toBe(false);
  });

  test('news that cross a push of ours wait for it', async () => {
    const { code, promo } = await synced();
    await at.admin.post(`/api/v1/promotions/codes/${code.id}/deactivate`, { reason, version: code.version });
    await at.push();
    // Switched on again here while Stripe is asked, which still has it off.
    at.fake.beforeAnswer = async ({ method }) => {
      if (method === 'GET') {
        at.fake.beforeAnswer = () => undefined;
        await at.admin.post(`/api/v1/promotions/codes/${code.id}/activate`, { reason, version: code.version + 1 });
        await at.push();
      }
    };
    await tell('promotion_code.updated', promo.id);
    await at.apply();
    at.later();
    await at.apply();
    expect((await at.code(code.id)).active).toBe(true);
    expect(promo.active).toBe(true);
  });

  test('is not written by a worker that hung after it had asked, and left to its successor', async () => {
    const { code, promo } = await synced();
    const id = eventId();
    Object.assign(promo, { times_redeemed: 3 });
    await tell('promotion_code.updated', promo.id, id);
    const used = () => at.rows('SELECT times_redeemed FROM admin_center.stripe_sync WHERE object_id = $1', [code.id]);
    const before = await used();
    await expect(applyNext({ ...at.parts, confirm: () => Promise.reject(new Error('The lead was lost.')) })).rejects.toThrow('The lead was lost.');
    expect(await used()).toEqual(before);
    await at.apply();
    expect([await used(), await stateOf(id)]).toEqual([[{ times_redeemed: 3 }], expect.objectContaining({ state: 'applied' })]);
  });
});
