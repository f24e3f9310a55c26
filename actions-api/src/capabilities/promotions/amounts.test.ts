// Amounts near what a number of JSON holds: refused with a word on it, never rounded; the largest that are allowed add up.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AMOUNT_MINOR_MAX } from '@admin-center/contracts/fields';
import type { PromotionPreview, Redemption, ReferralProgramme } from '@admin-center/contracts/promotions';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { campaignBody, codeBody, couponBody, ok, promotionsOf, reason, startHost } from '../../../test/promotions.ts';

const root = '/api/v1/promotions';
const LARGEST = Number.MAX_SAFE_INTEGER;
let api: TestApi;
let fin: Client;
let host: Awaited<ReturnType<typeof startHost>>;
beforeAll(async () => {
  api = await startTestApi();
  await api.db.make.admin({ email: 'fin@acme.example', role: 'finance_admin' });
  fin = api.as({ email: 'fin@acme.example' });
  host = await startHost(api);
});
afterAll(() => api.close());
const user = async () => (await api.db.make.user()).id;

describe('an amount beyond the largest', () => {
  test.each([AMOUNT_MINOR_MAX + 1, LARGEST])('of %s is refused wherever somebody gives one', async (amountMinor) => {
    const { id: couponId } = await promotionsOf(fin).draftCoupon();
    const { updatedAt: _at, history: _history, ...programme } = ok<ReferralProgramme & { history: unknown }>(await fin.get(`${root}/referral-programme`));
    const answers = [
      await fin.post(`${root}/coupons`, { ...couponBody, discount: { kind: 'amount', amountOffMinor: amountMinor, currency: 'USD' } }),
      await fin.post(`${root}/codes`, { ...codeBody, code: 'LARGE-1', couponId, minimumAmount: { amountMinor, currency: 'USD' } }),
      await fin.post(`${root}/campaigns`, { ...campaignBody, key: 'large-1', budgets: [{ currency: 'USD', limitMinor: amountMinor }] }),
      await fin.send('PUT', `${root}/referral-programme`, { body: { ...programme, reward: { amountMinor, currency: 'USD' }, reason } }),
      await host.redeem({ code: 'ANY', userId: await user(), amountMinor }),
      await host.validate({ code: 'ANY', userId: await user(), amountMinor }),
    ];
    for (const { status, body } of answers) {
      expect({ status, body }).toMatchObject({ status: 422, body: { code: 'body_invalid', detail: expect.stringMatching(/Amounts go up to 1000000000000 minor units/) } });
    }
  });
});

test('the largest amounts are exact over a whole duration, in lists, previews and analytics', async () => {
  const promotions = promotionsOf(fin);
  const campaign = await promotions.campaign();
  const coupon = await promotions.coupon({ discount: { kind: 'percent', percentOff: 99.99 }, duration: { kind: 'repeating', months: 36 }, maxRedemptions: 10_000_000 });
  const { code } = await promotions.code(coupon.id, { campaignId: campaign.id });
  for (let count = 0; count < 3; count++) {
    expect(ok(await host.redeem({ code, userId: await user(), amountMinor: AMOUNT_MINOR_MAX, reference: randomUUID() }))).toMatchObject({ result: 'applied', redemption: { discountMinor: 999_900_000_000, totalMinor: 100_000_000 } });
  }
  const { items } = ok<{ items: Redemption[] }>(await fin.get(`${root}/redemptions`, { campaignId: campaign.id }));
  expect(items.map(({ committedMinor }) => committedMinor)).toEqual(Array(3).fill(36 * 999_900_000_000));
  expect(ok(await fin.get(`${root}/campaigns/${campaign.id}/analytics`))).toMatchObject({ returns: [{ currency: 'USD', discountMinor: 3 * 999_900_000_000 }] });
  const dear = await promotions.draftCoupon({ discount: { kind: 'amount', amountOffMinor: AMOUNT_MINOR_MAX, currency: 'JPY' }, duration: { kind: 'repeating', months: 36 }, maxRedemptions: 10_000_000 });
  await promotions.code(dear.id);
  expect(ok<PromotionPreview>(await fin.get(`${root}/coupons/${dear.id}/activate-preview`)).worstCase).toEqual([{ currency: 'JPY', discountMinor: null, budgetMinor: null }]);
});
