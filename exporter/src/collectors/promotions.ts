// Redemptions and referrals as they were counted; discounts, returns of campaigns, and rewards on hold as they stand.
import { promotions as capability } from '@admin-center/contracts/promotions';
import { type Collector, samplesOf } from '../collector.ts';
import { counter, nowOf } from '../counter.ts';

const MINOR = 100;
const COSTS = 'SELECT * FROM admin_center.promotion_steps($1)';
const redemptions = counter('admincenter_coupon_redemptions_total', ['campaign', 'result']);
const referrals = counter('admincenter_referrals_total', ['stage']);

export const promotions: Collector = {
  name: 'promotions',
  capability,
  // The return of a hundred thousand redemptions takes seconds.
  intervalSeconds: 30,
  timeoutMs: 30_000,
  steps: [redemptions.steps, referrals.steps, COSTS],
  now: {
    ...nowOf([redemptions, referrals]),
    [COSTS]: `SELECT 'discount' AS fact, 0 AS step, discount_minor AS delta, campaign, currency FROM admin_center.coupon_discount
      UNION ALL SELECT 'liability', 0, reward_minor, NULL, currency FROM admin_center.referral_liability
      ORDER BY campaign`,
  },
  present: [`SELECT 'roi' AS fact, 0 AS step, roi AS delta, campaign FROM admin_center.campaign_roi ORDER BY campaign`],
  // Until a campaign with a hold-out has cost something.
  mayBeAbsent: ['admincenter_campaign_roi_ratio', 'admincenter_coupon_discount_amount'],
  samples: (facts) => [
    ...redemptions.samples(facts),
    ...samplesOf('admincenter_coupon_discount_amount', facts.totals('discount'), MINOR),
    ...samplesOf('admincenter_campaign_roi_ratio', facts.totals('roi')),
    ...referrals.samples(facts),
    ...samplesOf('admincenter_referral_reward_liability_amount', facts.totals('liability'), MINOR),
  ],
};
