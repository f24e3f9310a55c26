// Which tab of the Promotions page is open and what its list is narrowed to, as the URL writes it.
import { CAMPAIGN_STATES, COUPON_STATES, REFERRAL_STAGES } from '@admin-center/contracts/promotions';
import { uuid } from '@admin-center/contracts/fields';
import { oneOf } from '../../platform/url.ts';

export const TABS = ['campaigns', 'coupons', 'codes', 'referrals', 'analytics'] as const;
export type Tab = (typeof TABS)[number];

export interface PromotionsView {
  readonly tab: Tab;
  readonly q: string;
  readonly campaignState: (typeof CAMPAIGN_STATES)[number] | '';
  readonly couponState: (typeof COUPON_STATES)[number] | '';
  readonly stage: (typeof REFERRAL_STAGES)[number] | '';
  /** Codes of one coupon or campaign only. */
  readonly couponId: string;
  readonly campaignId: string;
}

export function viewFromUrl(search: string): PromotionsView {
  const params = new URLSearchParams(search);
  const state = params.get('state');
  return {
    tab: oneOf(params.get('tab'), TABS, 'campaigns'),
    q: params.get('q') ?? '',
    campaignState: oneOf(state, CAMPAIGN_STATES, ''),
    couponState: oneOf(state, COUPON_STATES, ''),
    stage: oneOf(state, REFERRAL_STAGES, ''),
    couponId: uuid.safeParse(params.get('coupon')).data ?? '',
    campaignId: uuid.safeParse(params.get('campaign')).data ?? '',
  };
}

/** Parameters of a tab; what another tab was narrowed to goes. */
export const tabToUrl = (tab: Tab): Record<string, string | null> => ({ tab, q: null, state: null, coupon: null, campaign: null });
