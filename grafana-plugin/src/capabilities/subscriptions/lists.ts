// Which list is open under the revenue graphs, as the URL writes it.
import { TIERS } from '@admin-center/contracts/capability';
import { movement, SUBSCRIPTION_STATES } from '@admin-center/contracts/subscriptions';
import { oneOf } from '../../platform/url.ts';

export const COMPONENTS = movement.shape.component.options;
export const LISTS = ['movements', 'subscriptions'] as const;

export interface RevenueList {
  readonly list: (typeof LISTS)[number];
  readonly component: (typeof COMPONENTS)[number] | '';
  readonly state: (typeof SUBSCRIPTION_STATES)[number] | '';
  readonly tier: (typeof TIERS)[number] | '';
}

export function listFromUrl(search: string): RevenueList {
  const params = new URLSearchParams(search);
  return {
    list: oneOf(params.get('list'), LISTS, 'movements'),
    component: oneOf(params.get('component'), COMPONENTS, ''),
    state: oneOf(params.get('state'), SUBSCRIPTION_STATES, ''),
    tier: oneOf(params.get('tier'), TIERS, ''),
  };
}

export const listToUrl = ({ list, component, state, tier }: RevenueList): Record<string, string | null> => ({
  list,
  component: component || null,
  state: state || null,
  tier: tier || null,
});
