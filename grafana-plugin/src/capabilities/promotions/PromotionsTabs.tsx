// The lists of the Promotions page behind their tabs. The open tab and its filters are in the URL.
import { useLocation } from 'react-router-dom';
import { locationService } from '@grafana/runtime';
import { PageTabs } from '../../platform/PageTabs.tsx';
import type { PageRange } from '../../platform/scene/ranged.tsx';
import { emptyTakesOut } from '../../platform/url.ts';
import { AnalyticsTab } from './AnalyticsTab.tsx';
import { CampaignsTab } from './CampaignsTab.tsx';
import { CodesTab } from './CodesTab.tsx';
import { CouponsTab } from './CouponsTab.tsx';
import { ReferralsTab } from './ReferralsTab.tsx';
import { TABS, tabToUrl, viewFromUrl, type PromotionsView } from './tabs.ts';

export interface TabProps {
  readonly view: PromotionsView;
  /** Parameters of the URL; empty takes one out. */
  readonly onView: (patch: Readonly<Record<string, string>>) => void;
  readonly tick: unknown;
}

const CONTENT = { campaigns: CampaignsTab, coupons: CouponsTab, codes: CodesTab, referrals: ReferralsTab, analytics: AnalyticsTab } as const;
const LABELS = { campaigns: 'Campaigns', coupons: 'Coupons', codes: 'Codes', referrals: 'Referrals', analytics: 'Analytics' } as const;

export function PromotionsTabs({ range }: { range: PageRange }) {
  const view = viewFromUrl(useLocation().search);
  const Content = CONTENT[view.tab];
  return (
    <PageTabs tabs={TABS.map((name) => ({ name, label: LABELS[name] }))} open={view.tab} onOpen={(name) => locationService.partial(tabToUrl(name))}>
      <Content view={view} onView={(patch) => locationService.partial(emptyTakesOut(patch), true)} tick={range.to} />
    </PageTabs>
  );
}
