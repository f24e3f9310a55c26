// Promotions as panels: what is redeemed and what is turned away, what it costs, what it brings, and the referrals.
import { REFERRAL_STAGES } from '@admin-center/contracts/promotions';
import { growthInRange, growthOverTime } from '../../platform/counter-panels.ts';
import { FINE_POINTS, metricHelp, type Panel } from '../../platform/panel.ts';
import { gauge, growth, sum } from '../../platform/promql.ts';

export const redemptions = growthOverTime({
  title: 'Redemptions, by campaign',
  metric: 'admincenter_coupon_redemptions_total',
  by: 'campaign',
  selector: { result: 'applied' },
  names: { none: 'no campaign' },
});

export const attempts = growthOverTime({
  title: 'Attempts to redeem, by result',
  metric: 'admincenter_coupon_redemptions_total',
  by: 'result',
  colors: { applied: 'green', already_redeemed: 'yellow', budget_exhausted: 'purple', inactive: 'orange', unknown_code: 'red', throttled: 'dark-red', holdout: 'blue' },
});

export const discount: Panel = {
  title: 'Discount given, by campaign and currency',
  description: metricHelp('admincenter_coupon_discount_amount'),
  viz: 'timeseries',
  points: FINE_POINTS,
  unit: 'short',
  queries: [{ expr: gauge('admincenter_coupon_discount_amount'), legend: '{{campaign}} {{currency}}' }],
};

export const roi: Panel = {
  title: 'Return, by campaign',
  description: metricHelp('admincenter_campaign_roi_ratio'),
  viz: 'bargauge',
  unit: 'percentunit',
  queries: [{ expr: gauge('admincenter_campaign_roi_ratio'), legend: '{{campaign}}', instant: true }],
  computedAt: gauge('admincenter_campaign_roi_timestamp_seconds'),
};

export const referrals = growthInRange({
  title: 'Referrals in this range, by stage',
  metric: 'admincenter_referrals_total',
  by: 'stage',
  inOrder: REFERRAL_STAGES,
  colors: { rewarded: 'green', 'clawed back': 'orange', rejected: 'red' },
});

export const rewardLiability: Panel = {
  title: 'Referral rewards on hold',
  description: metricHelp('admincenter_referral_reward_liability_amount'),
  viz: 'timeseries',
  points: FINE_POINTS,
  unit: 'short',
  queries: [{ expr: gauge('admincenter_referral_reward_liability_amount'), legend: '{{currency}}' }],
};

/** On the dashboard. */
export const roiAge: Panel = {
  title: 'Age of these returns',
  description: metricHelp('admincenter_campaign_roi_timestamp_seconds'),
  viz: 'stat',
  unit: 's',
  queries: [{ expr: `time() - ${gauge('admincenter_campaign_roi_timestamp_seconds')}`, legend: 'Age', instant: true }],
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
