// States of coupons, codes, campaigns and referrals as badges.
import type { Campaign, Coupon, PromotionCode, Referral, StripeSync } from '@admin-center/contracts/promotions';
import { Badge, type BadgeColor } from '@grafana/ui';
import { words } from '../../platform/format.ts';

type State = Coupon['state'] | Campaign['state'] | Referral['stage'];

const COLORS: Readonly<Record<State, BadgeColor>> = {
  draft: 'darkgrey',
  active: 'green',
  exhausted: 'orange',
  expired: 'darkgrey',
  archived: 'darkgrey',
  scheduled: 'blue',
  running: 'green',
  over: 'darkgrey',
  killed: 'red',
  click: 'darkgrey',
  signup: 'blue',
  qualified: 'blue',
  held: 'orange',
  rewarded: 'green',
  clawed_back: 'red',
  rejected: 'red',
};

export const StateBadge = ({ state }: { state: State }) => <Badge text={words(state)} color={COLORS[state]} />;

export const CodeBadge = ({ active, redeemable }: Pick<PromotionCode, 'active' | 'redeemable'>) =>
  redeemable ? <Badge text="redeemable" color="green" /> : <Badge text={active ? 'not now' : 'off'} color="darkgrey" tooltip={active ? 'Its coupon, its campaign or one of its own limits does not allow it now.' : 'Switched off by hand.'} />;

const STRIPE: Readonly<Record<NonNullable<StripeSync>['state'], { readonly text: string; readonly color: BadgeColor; readonly tooltip: string }>> = {
  pending: { text: 'Stripe: waits', color: 'blue', tooltip: 'It is pushed to Stripe as soon as that is possible.' },
  synced: { text: 'Stripe', color: 'green', tooltip: 'It is at Stripe as it is here.' },
  failed: { text: 'Stripe: failed', color: 'red', tooltip: 'Stripe refused it.' },
  kept: { text: 'not at Stripe', color: 'darkgrey', tooltip: 'It is redeemed here only.' },
};

/** Nothing where Stripe is not in use. */
export function StripeBadge({ stripe }: { stripe: StripeSync }) {
  if (stripe === null) {
    return null;
  }
  const { text, color, tooltip } = STRIPE[stripe.state];
  const unmatched = stripe.unmatched === 0 ? '' : ` Redemptions at Stripe by customers nobody knows here: ${stripe.unmatched}.`;
  return <Badge text={text} color={color} tooltip={`${stripe.error ?? tooltip}${unmatched}`} />;
}
