// Redemptions and referrals as they were counted; discounts and rewards on hold as they stand; returns of campaigns as the
// worker keeps them, with their instant.
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
  intervalSeconds: 30,
  timeoutMs: 10_000,
  steps: [redemptions.steps, referrals.steps, COSTS],
  now: {
    ...nowOf([redemptions, referrals]),
    [COSTS]: `SELECT 'discount' AS fact, 0 AS step, discount_minor AS delta, campaign, currency FROM admin_center.coupon_discount
      UNION ALL SELECT 'liability', 0, reward_minor, NULL, currency FROM admin_center.referral_liability
      ORDER BY campaign`,
  },
  present: [
    `SELECT 'roi' AS fact, 0 AS step, roi AS delta, campaign FROM admin_center.campaign_roi ORDER BY campaign`,
    `SELECT 'roi_computed' AS fact, 0 AS step, extract(epoch FROM min(computed_at))::double precision AS delta FROM admin_center.campaign_roi HAVING count(*) > 0`,
  ],
  // Until a campaign with a hold-out has cost something.
  mayBeAbsent: ['admincenter_campaign_roi_ratio', 'admincenter_campaign_roi_timestamp_seconds', 'admincenter_coupon_discount_amount'],
  samples: (facts) => [
    ...redemptions.samples(facts),
    ...samplesOf('admincenter_coupon_discount_amount', facts.totals('discount'), MINOR),
    ...samplesOf('admincenter_campaign_roi_ratio', facts.totals('roi')),
    ...samplesOf('admincenter_campaign_roi_timestamp_seconds', facts.totals('roi_computed')),
    ...referrals.samples(facts),
    ...samplesOf('admincenter_referral_reward_liability_amount', facts.totals('liability'), MINOR),
  ],
};
