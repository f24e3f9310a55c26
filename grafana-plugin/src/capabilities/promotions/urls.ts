// Addresses inside of the Promotions page.
import { pageUrl } from '../../routes.ts';

export const campaignUrl = (campaignId: string): string => `${pageUrl('promotions')}/${encodeURIComponent(campaignId)}`;
/** The codes of one coupon or campaign. */
export const codesUrl = (of: { readonly coupon: string } | { readonly campaign: string }): string => `${pageUrl('promotions')}?${new URLSearchParams({ tab: 'codes', ...of })}`;
