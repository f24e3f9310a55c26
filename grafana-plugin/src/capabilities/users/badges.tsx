// Tier and state of a user, in words and colours that are the same everywhere.
import type { Tier } from '@admin-center/contracts/capability';
import { Badge, type BadgeColor } from '@grafana/ui';
import { words } from '../../platform/format.ts';
import type { UserState } from './filters.ts';

const TIER_BADGES: Readonly<Record<Tier, BadgeColor>> = { free: 'darkgrey', premium: 'green', enterprise: 'purple' };
const STATE_BADGES = {
  active: { color: 'green', icon: 'check' },
  suspended: { color: 'orange', icon: 'ban' },
  deleted: { color: 'red', icon: 'trash-alt' },
} as const satisfies Record<UserState, { color: BadgeColor; icon: string }>;

export const TierBadge = ({ tier }: { tier: Tier }) => <Badge text={words(tier)} color={TIER_BADGES[tier]} />;
export const StateBadge = ({ state }: { state: UserState }) => <Badge text={state} color={STATE_BADGES[state].color} icon={STATE_BADGES[state].icon} />;
