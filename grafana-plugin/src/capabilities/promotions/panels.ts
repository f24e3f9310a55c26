// Promotions as panels: what is redeemed and what is turned away, what it costs, what it brings, and the referrals.
import { REFERRAL_STAGES } from '@admin-center/contracts/promotions';
import { BAR_POINTS, FINE_POINTS, metricHelp, type Panel } from '../../platform/panel.ts';
import { gauge, growth, sum } from '../../platform/promql.ts';

export const redemptions: Panel = {
  title: 'Redemptions, by campaign',
  description: metricHelp('admincenter_coupon_redemptions_total'),
  viz: 'timeseries',
  points: BAR_POINTS,
  unit: 'short',
  decimals: 0,
  bars: true,
  stack: true,
  queries: [{ expr: sum(growth('admincenter_coupon_redemptions_total', { result: 'applied' }, '$__rate_interval'), 'campaign'), legend: '{{campaign}}' }],
  names: { none: 'no campaign' },
};

export const attempts: Panel = {
  title: 'Attempts to redeem, by result',
  description: metricHelp('admincenter_coupon_redemptions_total'),
  viz: 'timeseries',
  points: BAR_POINTS,
  unit: 'short',
  decimals: 0,
  bars: true,
  stack: true,
  queries: [{ expr: sum(growth('admincenter_coupon_redemptions_total', undefined, '$__rate_interval'), 'result'), legend: '{{result}}' }],
  colors: { applied: 'green', already_redeemed: 'yellow', budget_exhausted: 'purple', inactive: 'orange', unknown_code: 'red', throttled: 'dark-red', holdout: 'blue' },
};

export const discount: Panel = {
  title: 'Discount given, by campaign and currency',
  description: metricHelp('admincenter_coupon_discount_amount'),
  viz: 'timeseries',
  points: FINE_POINTS,
  unit: 'short',
  queries: [{ expr: gauge('admincenter_coupon_discount_amount'), legend: '{{campaign}} {{currency}}' }],
};

export const roi: Panel = {
  title: 'Return on what campaigns cost',
  description: metricHelp('admincenter_campaign_roi_ratio'),
  viz: 'bargauge',
  unit: 'percentunit',
  queries: [{ expr: gauge('admincenter_campaign_roi_ratio'), legend: '{{campaign}}', instant: true }],
};

export const referrals: Panel = {
  title: 'Referrals in this range, by stage',
  description: metricHelp('admincenter_referrals_total'),
  viz: 'bargauge',
  unit: 'locale',
  // One by one, in the order in which referrals go through them; labels would come by the alphabet.
  queries: REFERRAL_STAGES.map((stage) => ({ expr: `round(${sum(growth('admincenter_referrals_total', { stage }, '$__range'))})`, legend: stage.replaceAll('_', ' '), instant: true })),
  colors: { rewarded: 'green', 'clawed back': 'orange', rejected: 'red' },
};

export const rewardLiability: Panel = {
  title: 'Referral rewards on hold',
  description: metricHelp('admincenter_referral_reward_liability_amount'),
  viz: 'timeseries',
  points: FINE_POINTS,
  unit: 'short',
  queries: [{ expr: gauge('admincenter_referral_reward_liability_amount'), legend: '{{currency}}' }],
};

/** The graphs of one campaign. */
export const campaignAttempts = (campaign: string): Panel => ({
  ...attempts,
  queries: [{ expr: sum(growth('admincenter_coupon_redemptions_total', { campaign }, '$__rate_interval'), 'result'), legend: '{{result}}' }],
});

export const campaignDiscount = (campaign: string): Panel => ({
  ...discount,
  title: 'Discount given, by currency',
  queries: [{ expr: gauge('admincenter_coupon_discount_amount', { campaign }), legend: '{{currency}}' }],
});
