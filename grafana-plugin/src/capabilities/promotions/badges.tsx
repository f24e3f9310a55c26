// States of coupons, codes, campaigns and referrals as badges.
import type { Campaign, Coupon, PromotionCode, Referral } from '@admin-center/contracts/promotions';
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
