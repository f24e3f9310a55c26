// Something between us and Stripe answers 200 with what is not Stripe's: nothing of it is believed, and all of it is tried again.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { reason } from '../../../../test/promotions.ts';
import { startStripeApi, type StripeApi } from '../../../../test/stripe/stripe-api.ts';
import { deliver } from '../../../../test/stripe/webhooks.ts';

let at: StripeApi;
beforeAll(async () => {
  at = await startStripeApi();
});
afterAll(() => at.close());
// Nothing of the test before is due any more, so the trouble meets what this one does.
beforeEach(async () => {
  at.fake.troubles.length = 0;
  at.later();
  await at.push();
  await at.apply();
});

describe.each(['<html>Welcome to the hotel</html>', '{}', 'null', '[]', '{"id":"in_1","object":"invoice"}', '{"object":"list"}'])('an answer of 200 that says %s', (says) => {
  test('makes nothing synced: a coupon, a code and their ends are pushed again', async () => {
    const coupon = await at.promotions.coupon();
    at.fake.troubles.push({ says });
    await at.push();
    const waiting = await at.coupon(coupon.id);
    expect(waiting.stripe).toMatchObject({ state: 'pending', id: null, error: expect.any(String) });
    await at.later();
    await at.push();
    expect((await at.coupon(coupon.id)).stripe).toMatchObject({ state: 'synced', id: coupon.id, error: null });

    const code = await at.promotions.code(coupon.id);
    at.fake.troubles.push({ says });
    await at.push();
    expect((await at.code(code.id)).stripe).toMatchObject({ state: 'pending', id: null });
    await at.later();
    await at.push();
    expect((await at.code(code.id)).stripe).toMatchObject({ state: 'synced', id: expect.stringMatching(/^promo_/) });
    await at.admin.post(`/api/v1/promotions/codes/${code.id}/deactivate`, { reason, version: code.version });
    at.fake.troubles.push({ says });
    await at.push();
    expect((await at.code(code.id)).stripe?.state).toBe('pending');
    await at.later();
    await at.push();
    expect([...at.fake.codes.values()].find(({ metadata }) => metadata['admin_center_id'] === code.id)?.active).toBe(false);
  });

  test('ends no event: it is worked on again', async () => {
    const coupon = await at.promotions.coupon();
    await at.push();
    at.fake.coupons.delete(coupon.id);
    await deliver(at.api.baseUrl, { id: `evt_${coupon.id}`, type: 'coupon.deleted', subjectId: coupon.id });
    at.fake.troubles.push({ says });
    await at.apply();
    expect((await at.coupon(coupon.id)).state).toBe('active');
    await at.later();
    await at.apply();
    expect((await at.coupon(coupon.id)).state).toBe('archived');
  });
});
