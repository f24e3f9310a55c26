// What every endpoint of promotions must keep.
import { randomUUID } from 'node:crypto';
import { promotions } from '@admin-center/contracts/promotions';
import type { Campaign, CodeBatch, Coupon, PromotionPreview, ReferralProgramme } from '@admin-center/contracts/promotions';
import type { TestApi } from '../../../test/api.ts';
import { describeEndpoints } from '../../../test/describe-endpoints.ts';
import { campaignBody, codeBody, couponBody, ok, promotionsOf, reason } from '../../../test/promotions.ts';
import { makeWaitingCodes } from './batches.ts';

const admin = (api: TestApi) => api.as({ email: 'super@acme.example' });
const made = (api: TestApi) => promotionsOf(admin(api));
const key = () => `campaign-${randomUUID().slice(0, 8)}`;

async function decision(api: TestApi, path: string, change: string, version: number) {
  const { token } = ok<PromotionPreview>(await admin(api).get(`/api/v1/promotions/${path}/${change}-preview`));
  return { reason, version, previewToken: token };
}
const onCoupon = async (api: TestApi, change: string, coupon: Promise<Coupon>) => {
  const { id, version } = await coupon;
  return { params: { couponId: id }, body: await decision(api, `coupons/${id}`, change, version) };
};
const onCampaign = async (api: TestApi, change: string, campaign: Promise<Campaign>) => {
  const { id, version } = await campaign;
  return { params: { campaignId: id }, body: await decision(api, `campaigns/${id}`, change, version) };
};
const aCoupon = async (api: TestApi) => ({ couponId: (await made(api).draftCoupon()).id });
const aCampaign = async (api: TestApi) => ({ campaignId: (await made(api).draftCampaign()).id });
const aCode = async (api: TestApi) => made(api).code((await aCoupon(api)).couponId);
const batchBody = async (api: TestApi) => {
  const { campaignId, userId: _none, ...restrictions } = codeBody;
  return { ...restrictions, campaignId, couponId: (await aCoupon(api)).couponId, count: 3, prefix: 'T', length: 10 };
};
const aBatch = async (api: TestApi) => {
  const { batch } = ok<{ batch: CodeBatch }>(await admin(api).post('/api/v1/promotions/batches', await batchBody(api)));
  await makeWaitingCodes(api.database, () => new Date());
  return { batchId: batch.id };
};
const aReferral = async (api: TestApi) => {
  const { rows } = await api.db.pool.query<{ id: string }>('INSERT INTO admin_center.referral (referrer_id, clicked_at) VALUES ($1, now()) RETURNING referral_id AS id', [(await api.db.make.user()).id]);
  return { referralId: (rows[0] as { id: string }).id };
};

const anActiveCoupon = async (api: TestApi) => ({ couponId: (await made(api).coupon()).id });

describeEndpoints(promotions, {
  listCoupons: async () => ({ query: { q: 'spring', state: 'draft' } }),
  getCoupon: async (api) => ({ params: await aCoupon(api) }),
  createCoupon: async () => ({ body: couponBody }),
  updateCoupon: async (api) => ({ params: await aCoupon(api), body: { name: 'Summer', version: 1, reason } }),
  activateCouponPreview: async (api) => ({ params: await aCoupon(api) }),
  activateCoupon: (api) => onCoupon(api, 'activate', made(api).draftCoupon()),
  archiveCouponPreview: async (api) => ({ params: await aCoupon(api) }),
  archiveCoupon: (api) => onCoupon(api, 'archive', made(api).coupon()),
  syncCoupon: async (api) => ({ params: await anActiveCoupon(api), body: { reason } }),
  listCodes: async () => ({ query: { q: 'c-' } }),
  getCode: async (api) => ({ params: { codeId: (await aCode(api)).id } }),
  createCode: async (api) => ({ body: { ...codeBody, ...(await aCoupon(api)), code: `C-${randomUUID().slice(0, 8)}` } }),
  deactivateCode: async (api) => ({ params: { codeId: (await aCode(api)).id }, body: { version: 1, reason } }),
  activateCode: async (api) => {
    const { id } = await aCode(api);
    await admin(api).post(`/api/v1/promotions/codes/${id}/deactivate`, { version: 1, reason });
    return { params: { codeId: id }, body: { version: 2, reason } };
  },
  listBatches: async () => ({}),
  getBatch: async (api) => ({ params: await aBatch(api) }),
  createBatch: async (api) => ({ body: await batchBody(api) }),
  exportBatch: async (api) => ({ params: await aBatch(api), body: { reason } }),
  listCampaigns: async () => ({ query: { state: 'draft' } }),
  getCampaign: async (api) => ({ params: await aCampaign(api) }),
  createCampaign: async () => ({ body: { ...campaignBody, key: key() } }),
  updateCampaign: async (api) => ({ params: await aCampaign(api), body: { name: 'Summer', version: 1, reason } }),
  activateCampaignPreview: async (api) => ({ params: await aCampaign(api) }),
  activateCampaign: (api) => onCampaign(api, 'activate', made(api).draftCampaign()),
  killCampaignPreview: async (api) => ({ params: await aCampaign(api) }),
  killCampaign: (api) => onCampaign(api, 'kill', made(api).campaign()),
  archiveCampaignPreview: async (api) => ({ params: await aCampaign(api) }),
  archiveCampaign: (api) => onCampaign(api, 'archive', made(api).campaign()),
  campaignAnalytics: async (api) => ({ params: await aCampaign(api) }),
  listRedemptions: async () => ({}),
  pricePreview: async (api) => ({ query: { userId: (await api.db.make.user()).id, code: 'SPRING' } }),
  getReferralProgramme: async () => ({}),
  setReferralProgramme: async (api) => {
    const { updatedAt: _at, history: _history, ...programme } = ok<ReferralProgramme & { history: unknown }>(await admin(api).get('/api/v1/promotions/referral-programme'));
    return { body: { ...programme, enabled: true, reason } };
  },
  listReferrals: async () => ({ query: { stage: 'click' } }),
  getReferral: async (api) => ({ params: await aReferral(api) }),
  rejectReferral: async (api) => ({ params: await aReferral(api), body: { reason } }),
}, { env: { STRIPE_SECRET_KEY: 'sk_test_endpoints' } });
