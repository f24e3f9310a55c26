// Redemptions and referrals as they were counted; discounts, returns of campaigns, and rewards on hold as they stand.
import { promotions as capability } from '@admin-center/contracts/promotions';
import { type Collector, samplesOf } from '../collector.ts';

const MINOR = 100;

export const promotions: Collector = {
  name: 'promotions',
  capability,
  // The return of a hundred thousand redemptions takes seconds.
  intervalSeconds: 30,
  timeoutMs: 30_000,
  present: [
    `SELECT 'redemptions' AS fact, 0 AS step, value AS delta, labels ->> 'campaign' AS campaign, labels ->> 'result' AS result
     FROM admin_center.counter WHERE metric = 'admincenter_coupon_redemptions_total'
     ORDER BY labels ->> 'campaign'`,
    `SELECT 'referrals' AS fact, 0 AS step, value AS delta, labels ->> 'stage' AS stage
     FROM admin_center.counter WHERE metric = 'admincenter_referrals_total'`,
    `SELECT 'discount' AS fact, 0 AS step, discount_minor AS delta, campaign, currency FROM admin_center.coupon_discount ORDER BY campaign`,
    `SELECT 'roi' AS fact, 0 AS step, roi AS delta, campaign FROM admin_center.campaign_roi ORDER BY campaign`,
    `SELECT 'liability' AS fact, 0 AS step, reward_minor AS delta, currency FROM admin_center.referral_liability`,
  ],
  steps: [],
  // Until a campaign with a hold-out has cost something.
  mayBeAbsent: ['admincenter_campaign_roi_ratio', 'admincenter_coupon_discount_amount'],
  samples: (facts) => [
    ...samplesOf('admincenter_coupon_redemptions_total', facts.totals('redemptions')),
    ...samplesOf('admincenter_coupon_discount_amount', facts.totals('discount'), MINOR),
    ...samplesOf('admincenter_campaign_roi_ratio', facts.totals('roi')),
    ...samplesOf('admincenter_referrals_total', facts.totals('referrals')),
    ...samplesOf('admincenter_referral_reward_liability_amount', facts.totals('liability'), MINOR),
  ],
};
