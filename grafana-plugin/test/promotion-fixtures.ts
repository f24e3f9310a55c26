// Promotions for tests.
import type { Campaign, CampaignAnalytics, CodeBatch, Coupon, PromotionPreview } from '@admin-center/contracts/promotions';
import { RADIUS } from './fixtures.ts';

export const COUPON: Coupon = {
  id: '44444444-4444-4444-8444-444444444444',
  name: 'Autumn',
  discount: { kind: 'percent', percentOff: 25 },
  duration: { kind: 'repeating', months: 3 },
  maxRedemptions: 100,
  redeemBy: null,
  tiers: ['premium'],
  state: 'active',
  timesRedeemed: 12,
  codes: 3,
  stripe: null,
  createdAt: '2026-10-01T08:00:00.000Z',
  updatedAt: '2026-10-01T08:00:00.000Z',
  version: 2,
};

export const CAMPAIGN: Campaign = {
  id: '55555555-5555-4555-8555-555555555555',
  key: 'autumn',
  name: 'Autumn offer',
  startsAt: '2026-11-01T00:00:00.000Z',
  endsAt: null,
  zone: 'Europe/Berlin',
  openings: [],
  budgets: [{ currency: 'USD', limitMinor: 500_000, spentMinor: 125_050 }],
  reportingCurrency: 'USD',
  marginShare: 0.8,
  holdoutShare: 0,
  state: 'running',
  open: true,
  codes: 3,
  redemptions: 12,
  createdAt: '2026-10-01T08:00:00.000Z',
  updatedAt: '2026-10-01T08:00:00.000Z',
  version: 4,
};

export const PREVIEW: PromotionPreview = { ...RADIUS, users: 900, tiers: { free: 800, premium: 100 }, sessions: 0, codes: 3, worstCase: [{ currency: 'USD', discountMinor: null, budgetMinor: 374_950 }] };

const ARM = { users: 100, payers: 40, revenueMinor: 39_960 };
export const ANALYTICS: CampaignAnalytics = {
  basis: 'attributed',
  redemptions: 12,
  byDay: [],
  returns: [{ currency: 'USD', treated: ARM, holdout: { users: 0, payers: 0, revenueMinor: 0 }, discountMinor: 10_000, rewardMinor: 0, marginMinor: 31_968, roi: 2.1968, cannibalisedShare: 0.25 }],
};

export const BATCH: CodeBatch = {
  id: '66666666-6666-4666-8666-666666666666',
  coupon: { id: COUPON.id, name: COUPON.name },
  campaign: null,
  prefix: 'AU',
  count: 1000,
  made: 400,
  state: 'running',
  error: null,
  createdAt: '2026-11-22T11:58:00.000Z',
  finishedAt: null,
  createdBy: 'ada@acme.example',
};
