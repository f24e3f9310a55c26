// Which tab of the Conversion page is open and what it shows, as the URL writes it.
import { FUNNEL_BREAKDOWNS, funnelKey } from '@admin-center/contracts/conversion-funnels';
import { oneOf } from '../../platform/url.ts';

export const TABS = ['rates', 'funnels', 'experiments'] as const;
export type Tab = (typeof TABS)[number];

export interface ConversionView {
  readonly tab: Tab;
  /** Key of the open funnel; empty for the list of funnels. */
  readonly funnel: string;
  /** Empty for the one the funnel starts with. */
  readonly breakdown: (typeof FUNNEL_BREAKDOWNS)[number] | '';
  /** Key of the open experiment; empty for the list of experiments. */
  readonly experiment: string;
}

export function viewFromUrl(search: string): ConversionView {
  const params = new URLSearchParams(search);
  return {
    tab: oneOf(params.get('tab'), TABS, 'rates'),
    funnel: funnelKey.safeParse(params.get('funnel')).data ?? '',
    breakdown: oneOf(params.get('breakdown'), FUNNEL_BREAKDOWNS, ''),
    experiment: funnelKey.safeParse(params.get('experiment')).data ?? '',
  };
}

/** Parameters of a tab; what another tab was narrowed to goes. */
export const tabToUrl = (tab: Tab): Record<string, string | null> => ({ tab, funnel: null, breakdown: null, experiment: null });
