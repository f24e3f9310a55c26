// The lists of the Promotions page behind their tabs. The open tab and its filters are in the URL.
import { useLocation } from 'react-router-dom';
import { locationService } from '@grafana/runtime';
import { Stack, Tab, TabContent, TabsBar } from '@grafana/ui';
import type { PageRange } from '../../platform/scene/ranged.tsx';
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
  const onView: TabProps['onView'] = (patch) => locationService.partial(Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, value || null])), true);
  return (
    <Stack direction="column" gap={2}>
      <TabsBar>
        {TABS.map((tab) => (
          <Tab key={tab} label={LABELS[tab]} active={tab === view.tab} onChangeTab={() => locationService.partial(tabToUrl(tab))} />
        ))}
      </TabsBar>
      <TabContent>
        <Content view={view} onView={onView} tick={range.to} />
      </TabContent>
    </Stack>
  );
}
