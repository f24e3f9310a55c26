// Coupons and campaigns as choices of a field, found as one types.
import { promotions } from '@admin-center/contracts/promotions';
import type { ComboboxOption } from '@grafana/ui';
import { call } from '../../platform/api.ts';
import { couponText } from './words.ts';

const MOST = 20;
const query = (typed: string) => ({ q: typed.trim() || undefined, limit: MOST });

export async function findCoupons(typed: string): Promise<Array<ComboboxOption<string>>> {
  const { items } = await call(promotions.endpoints.listCoupons, { query: query(typed) });
  return items.filter(({ state }) => state === 'draft' || state === 'active').map((coupon) => ({ value: coupon.id, label: coupon.name, description: `${couponText(coupon)}, ${coupon.state}` }));
}

export async function findCampaigns(typed: string): Promise<Array<ComboboxOption<string>>> {
  const { items } = await call(promotions.endpoints.listCampaigns, { query: query(typed) });
  return items.filter(({ state }) => !['over', 'killed', 'archived'].includes(state)).map(({ id, name, state }) => ({ value: id, label: name, description: state }));
}
