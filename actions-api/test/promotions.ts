// Coupons, codes and campaigns for tests, made and switched on through the API as an admin would, and a host that redeems.
import { randomUUID } from 'node:crypto';
import type { Campaign, Coupon, PromotionCode, PromotionPreview } from '@admin-center/contracts/promotions';
import type { TestApi } from './api.ts';
import { type Answer, type Client } from './client.ts';
import { makeTestKey } from './keys.ts';

export const reason = 'For the spring campaign of the shop.';
const root = '/api/v1/promotions';

export const couponBody = { name: 'Spring', discount: { kind: 'percent', percentOff: 20 }, duration: { kind: 'once' }, maxRedemptions: null, redeemBy: null, tiers: [], reason };
export const codeBody = { campaignId: null, userId: null, firstTimeTransaction: false, minimumAmount: null, maxRedemptions: null, maxPerUser: null, expiresAt: null, reason };
export const campaignBody = { name: 'Spring', startsAt: '2026-01-01T00:00:00Z', endsAt: null, zone: 'UTC', openings: [], budgets: [], reportingCurrency: 'USD', marginShare: 1, holdoutShare: 0, reason };

export type Fields = Readonly<Record<string, unknown>>;

export function ok<T>(answer: Answer): T {
  if (answer.status !== 200) {
    throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  return answer.body as T;
}

export function promotionsOf(admin: Client) {
  const decide = async (path: string, change: string, version: number): Promise<Answer> => {
    const preview = ok<PromotionPreview>(await admin.get(`${root}/${path}/${change}-preview`));
    return admin.post(`${root}/${path}/${change}`, { reason, version, previewToken: preview.token });
  };
  const draftCoupon = async (fields: Fields = {}): Promise<Coupon> => ok<{ coupon: Coupon }>(await admin.post(`${root}/coupons`, { ...couponBody, ...fields })).coupon;
  const draftCampaign = async (fields: Fields = {}): Promise<Campaign> =>
    ok<{ campaign: Campaign }>(await admin.post(`${root}/campaigns`, { ...campaignBody, key: `campaign-${randomUUID().slice(0, 8)}`, ...fields })).campaign;
  return {
    decide,
    draftCoupon,
    draftCampaign,
    /** Active. */
    coupon: async (fields: Fields = {}): Promise<Coupon> => {
      const { id, version } = await draftCoupon(fields);
      return ok<{ coupon: Coupon }>(await decide(`coupons/${id}`, 'activate', version)).coupon;
    },
    /** Running. */
    campaign: async (fields: Fields = {}): Promise<Campaign> => {
      const { id, version } = await draftCampaign(fields);
      return ok<{ campaign: Campaign }>(await decide(`campaigns/${id}`, 'activate', version)).campaign;
    },
    code: async (couponId: string, fields: Fields = {}): Promise<PromotionCode> =>
      ok<{ code: PromotionCode }>(await admin.post(`${root}/codes`, { ...codeBody, code: `C-${randomUUID().slice(0, 13).toUpperCase()}`, couponId, ...fields })).code,
  };
}

/** A program of the host with a server key. */
export async function startHost(api: TestApi) {
  const { secret } = await makeTestKey(api);
  const send = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${api.baseUrl}/sdk/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${secret}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  return {
    send,
    redeem: (fields: Fields) => send('POST', '/promotions/redeem', { reference: randomUUID(), amountMinor: 999, currency: 'USD', tier: 'premium', ...fields }),
    validate: (fields: Fields) => send('POST', '/promotions/validate', { amountMinor: 999, currency: 'USD', tier: 'premium', ...fields }),
  };
}
